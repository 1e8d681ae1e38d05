import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { AppError } from '../domain/errors';
import type { ContentFile, ModelContent } from '../domain/record';
import type { ModelSource } from '../domain/source';

/** Files up to this size are hashed by the browser, which wants them whole, twice, in memory; larger ones step by step. */
export const NATIVE_DIGEST_BYTES = 16 * 2 ** 20;
const STEP_BYTES = 4 * 2 ** 20;

/**
 * Digests of the files a model is read from. A model in one file has that file's SHA-256 as its id; one with data beside it
 * the SHA-256 of the listing of all its files, `<digest>  <path>\n` each, the main file first and without a name.
 * @param dataFiles paths of the companions that hold its weights
 */
export async function modelContent(
  source: ModelSource,
  dataFiles: readonly string[],
  signal?: AbortSignal,
): Promise<ModelContent> {
  const used = source.companions
    .filter(({ path }) => dataFiles.includes(path))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  const files: ContentFile[] = [];
  for (const { path, file } of [{ path: '', file: source.main }, ...used]) {
    files.push({ path, byteLength: file.size, sha256: await fileSha256(file, signal) });
  }
  return { id: files.length === 1 ? files[0].sha256 : listingId(files), files };
}

function listingId(files: readonly ContentFile[]): string {
  const listing = files.map(({ path, sha256: digest }) => `${digest}  ${path}\n`).join('');
  return bytesToHex(sha256(new TextEncoder().encode(listing)));
}

/** Lower-case hex SHA-256 of a file. */
export async function fileSha256(file: Blob, signal?: AbortSignal): Promise<string> {
  const native = globalThis.crypto?.subtle;
  if (native && file.size <= NATIVE_DIGEST_BYTES) {
    const digest = await native.digest('SHA-256', await bytesOf(file));
    signal?.throwIfAborted();
    return bytesToHex(new Uint8Array(digest));
  }
  const hash = sha256.create();
  for (let start = 0; start < file.size; start += STEP_BYTES) {
    signal?.throwIfAborted();
    hash.update(new Uint8Array(await bytesOf(file.slice(start, start + STEP_BYTES))));
  }
  return bytesToHex(hash.digest());
}

async function bytesOf(part: Blob): Promise<ArrayBuffer> {
  try {
    return await part.arrayBuffer();
  } catch (cause) {
    throw new AppError('unreadable', 'The file can no longer be read; drop it again.', {}, cause);
  }
}
