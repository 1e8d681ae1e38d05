import { quote } from './words';
import { AppError } from '../../domain/errors';
import { formatCount } from '../../domain/format';
import type { ByteSource } from '../byte-source';

/** Protobuf wire types; groups (3, 4) never occur in ONNX. */
export const WIRE = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/** A tag and a length or value: what must be at hand before a field is looked at. */
export const MAX_FIELD_HEAD_BYTES = 20;

const WINDOW_BYTES = 64 * 1024;

/** What a field's head says: number, wire type, and for `bytes` the payload's length. */
export interface FieldHead {
  start: number;
  number: number;
  wire: number;
  /** First byte of the value. */
  valueStart: number;
  /** Where the next field starts; may lie beyond the message that holds it (the caller checks). */
  end: number;
}

function malformed(file: string, at: number, what: string): AppError {
  return new AppError(
    'malformed',
    `${quote(file)} is damaged: at byte ${formatCount(at)} ${what}; download or export it again.`,
    { file, byte: at },
  );
}

/**
 * Reads protobuf fields forward through a window over the source. `position` may be moved ahead freely: payloads that are
 * skipped are never read. Offsets are exact up to 2^53.
 */
export class WireCursor {
  position = 0;
  #window: Uint8Array = new Uint8Array(0);
  #windowStart = 0;

  readonly source: ByteSource;
  readonly #signal: AbortSignal | undefined;
  readonly #onRead: ((position: number) => void) | undefined;

  constructor(source: ByteSource, signal?: AbortSignal, onRead?: (position: number) => void) {
    this.source = source;
    this.#signal = signal;
    this.#onRead = onRead;
  }

  /** Whether a field head that ends before `limit` can be read without waiting. */
  holdsHead(limit: number): boolean {
    const needed = Math.min(this.position + MAX_FIELD_HEAD_BYTES, limit);
    return this.holds(this.position, needed);
  }

  /** Moves the window to `start`, and on to `end` at least. */
  async fill(start: number, end = start): Promise<void> {
    this.#signal?.throwIfAborted();
    const windowEnd = Math.min(Math.max(end, start + WINDOW_BYTES), this.source.byteLength);
    this.#window = await this.source.slice(start, windowEnd);
    this.#windowStart = start;
    this.#onRead?.(windowEnd);
  }

  /** Reads the field at `position` and moves to its value. Needs `holdsHead(limit)`. */
  head(limit: number): FieldHead {
    const start = this.position;
    const tag = this.varint(limit);
    const number = Math.floor(tag / 8);
    const wire = tag % 8;
    if (number === 0 || number > 536_870_911) throw this.damaged(start, 'no protobuf field begins');
    const valueStart = this.position;
    let end: number;
    if (wire === WIRE.varint) {
      this.#skipVarint(limit);
      end = this.position;
      this.position = valueStart;
    } else if (wire === WIRE.fixed64) end = valueStart + 8;
    else if (wire === WIRE.fixed32) end = valueStart + 4;
    else if (wire === WIRE.bytes) {
      const byteLength = this.varint(limit);
      return { start, number, wire, valueStart: this.position, end: this.position + byteLength };
    } else throw this.damaged(start, `a field of the unknown wire type ${wire} begins`);
    return { start, number, wire, valueStart, end };
  }

  /** The varint at `position`, exact up to 2^53. */
  varint(limit: number): number {
    const start = this.position;
    let value = 0;
    let factor = 1;
    for (let i = 0; i < 10; i++) {
      if (this.position >= limit) throw this.damaged(start, 'a number is cut off');
      const byte = this.#window[this.position++ - this.#windowStart];
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) {
        if (value > Number.MAX_SAFE_INTEGER) throw this.damaged(start, 'a length beyond 2^53 bytes is given');
        return value;
      }
      factor *= 128;
    }
    throw this.damaged(start, 'a number runs over more than ten bytes');
  }

  holds(start: number, end: number): boolean {
    return start >= this.#windowStart && end <= this.#windowStart + this.#window.byteLength;
  }

  /** Bytes [start, end) of the window. */
  held(start: number, end: number): Uint8Array {
    return this.#window.subarray(start - this.#windowStart, end - this.#windowStart);
  }

  damaged(at: number, what: string): AppError {
    return malformed(this.source.name, at, what);
  }

  #skipVarint(limit: number): void {
    const start = this.position;
    for (let i = 0; i < 10; i++) {
      if (this.position >= limit) throw this.damaged(start, 'a number is cut off');
      if (this.#window[this.position++ - this.#windowStart] < 0x80) return;
    }
    throw this.damaged(start, 'a number runs over more than ten bytes');
  }
}
