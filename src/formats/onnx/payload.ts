import { formatCount } from '../../domain/format';
import { SKELETON_LIMITS } from './limits';
import { WIRE, type FieldHead } from './wire';

/** A run of bytes that holds tensor values. */
export interface Segment {
  offset: number;
  byteLength: number;
  /** Values lie back to back; otherwise each one follows its field tag. */
  packed: boolean;
  /** Number of values; null for packed varints, whose number shows only when read. */
  count: number | null;
}

/** Where the values of one tensor lie in the file. */
export interface Payload {
  raw: Segment | null;
  /** By field number of TensorProto (or AttributeProto.floats), in file order. */
  typed: Partial<Record<number, Segment[]>>;
}

export const NO_PAYLOAD: Payload = { raw: null, typed: {} };

/**
 * Adds a field of values to the runs of its tensor; unpacked neighbours become one run.
 * @param elementWire wire type of one unpacked value
 * @returns what is wrong with the field, as the end of a sentence; null where nothing is
 */
export function recordSegment(segments: Segment[], head: FieldHead, elementWire: number): string | null {
  const packed = head.wire === WIRE.bytes;
  const last = segments.at(-1);
  if (!packed && last && !last.packed && last.offset + last.byteLength === head.start) {
    last.byteLength = head.end - last.offset;
    last.count = (last.count ?? 0) + 1;
    return null;
  }
  const byteLength = head.end - head.valueStart;
  const elementBytes = elementWire === WIRE.fixed64 ? 8 : 4;
  const count = !packed ? 1 : elementWire === WIRE.varint ? null : byteLength / elementBytes;
  if (count !== null && !Number.isInteger(count)) {
    return `${formatCount(byteLength)} bytes of ${elementBytes}-byte values are given`;
  }
  const offset = packed ? head.valueStart : head.start;
  const pieces = segments.push({ offset, byteLength: head.end - offset, packed, count });
  return pieces > SKELETON_LIMITS.segmentsPerTensor
    ? 'the values of a tensor lie in thousands of pieces'
    : null;
}
