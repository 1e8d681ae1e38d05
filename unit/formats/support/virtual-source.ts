import type { ByteSource } from '../../../src/formats/byte-source';

/** A part of a file: bytes, or a length whose bytes come from their position. */
export type Part = Uint8Array | { byteLength: number; fill: (position: number) => number };

/** A file of any size that exists only where it is read. */
export function virtualSource(name: string, parts: readonly Part[]): ByteSource {
  const placed: { start: number; end: number; part: Part }[] = [];
  let at = 0;
  for (const part of parts) {
    placed.push({ start: at, end: at + part.byteLength, part });
    at += part.byteLength;
  }
  return {
    name,
    byteLength: at,
    async slice(start, end) {
      const out = new Uint8Array(end - start);
      for (const { start: from, end: to, part } of placed) {
        const low = Math.max(start, from);
        const high = Math.min(end, to);
        if (low >= high) continue;
        if (part instanceof Uint8Array) out.set(part.subarray(low - from, high - from), low - start);
        else for (let i = low; i < high; i++) out[i - start] = part.fill(i - from);
      }
      return out;
    },
  };
}
