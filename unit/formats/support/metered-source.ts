import type { ByteSource } from '../../../src/formats/byte-source';

export interface MeteredSource extends ByteSource {
  readonly reads: number;
  readonly bytesRead: number;
  /** Largest single request. */
  readonly largestRead: number;
}

/** Counts what a reader asks of a source. */
export function metered(source: ByteSource): MeteredSource {
  const meter = { reads: 0, bytesRead: 0, largestRead: 0 };
  return {
    name: source.name,
    byteLength: source.byteLength,
    get reads() {
      return meter.reads;
    },
    get bytesRead() {
      return meter.bytesRead;
    },
    get largestRead() {
      return meter.largestRead;
    },
    slice(start, end) {
      meter.reads++;
      meter.bytesRead += end - start;
      meter.largestRead = Math.max(meter.largestRead, end - start);
      return source.slice(start, end);
    },
  };
}
