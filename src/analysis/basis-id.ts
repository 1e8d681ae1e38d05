import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { Basis } from '../domain/results';

/** Sixteen hexadecimal digits that stand for a basis: equal for equal mean and components, to the last bit. */
export function basisId({ mean, components }: Basis): string {
  const hash = sha256.create();
  for (const { buffer, byteOffset, byteLength } of [mean, components]) {
    hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  }
  return bytesToHex(hash.digest()).slice(0, 16);
}
