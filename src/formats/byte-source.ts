import { quoted } from '../domain/text';
import { AppError } from '../domain/errors';

/** Random access to a file that is never read whole. */
export interface ByteSource {
  name: string;
  byteLength: number;
  /** Bytes [start, end); throws AppError('unreadable') where the file can no longer be read. */
  slice(start: number, end: number): Promise<Uint8Array>;
}

/** Small reads fetch this many bytes at once, so that neighbouring small fields cost one read of the Blob. */
const READ_AHEAD_BYTES = 64 * 1024;

/** A source over a File or Blob. Reads of at least the read-ahead size bypass the cache and own their buffer. */
export function blobSource(name: string, blob: Blob): ByteSource {
  const byteLength = blob.size;
  let cache: { start: number; bytes: Uint8Array } | null = null;

  async function read(start: number, end: number): Promise<Uint8Array> {
    try {
      const bytes = new Uint8Array(await blob.slice(start, end).arrayBuffer());
      if (bytes.byteLength === end - start) return bytes;
      throw new Error(`expected ${end - start} bytes, got ${bytes.byteLength}`);
    } catch (cause) {
      throw new AppError(
        'unreadable',
        `${quoted(name)} can no longer be read: it was changed, moved or unplugged since it was dropped; drop it again.`,
        { file: name, start, end },
        cause,
      );
    }
  }

  return {
    name,
    byteLength,
    async slice(start, end) {
      checkRange(name, byteLength, start, end);
      if (end - start >= READ_AHEAD_BYTES) return read(start, end);
      const held = cache;
      if (held && start >= held.start && end <= held.start + held.bytes.byteLength) {
        return held.bytes.subarray(start - held.start, end - held.start);
      }
      const bytes = await read(start, Math.min(start + READ_AHEAD_BYTES, byteLength));
      cache = { start, bytes };
      return bytes.subarray(0, end - start);
    },
  };
}

/** A source over bytes in memory; slices are views of them. */
export function bytesSource(name: string, bytes: Uint8Array): ByteSource {
  return {
    name,
    byteLength: bytes.byteLength,
    async slice(start, end) {
      checkRange(name, bytes.byteLength, start, end);
      return bytes.subarray(start, end);
    },
  };
}

function checkRange(name: string, byteLength: number, start: number, end: number): void {
  if (start < 0 || end < start || end > byteLength) {
    throw new AppError(
      'truncated',
      `${quoted(name)} holds ${byteLength} bytes, but bytes ${start} to ${end} were needed.`,
      {
        file: name,
        byteLength,
        start,
        end,
      },
    );
  }
}
