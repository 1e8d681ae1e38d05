import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { AppError } from '../domain/errors';

const STEP = 4 * 2 ** 20;

/** Lower-case hex SHA-256 of a file, read in steps; crypto.subtle would need all of it in memory. */
export async function fileSha256(file: Blob, signal?: AbortSignal): Promise<string> {
  const hash = sha256.create();
  for (let start = 0; start < file.size; start += STEP) {
    signal?.throwIfAborted();
    let bytes: ArrayBuffer;
    try {
      bytes = await file.slice(start, start + STEP).arrayBuffer();
    } catch (cause) {
      throw new AppError('unreadable', 'The file can no longer be read; drop it again.', {}, cause);
    }
    hash.update(new Uint8Array(bytes));
  }
  return bytesToHex(hash.digest());
}
