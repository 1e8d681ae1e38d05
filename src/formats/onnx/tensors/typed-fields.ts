import type { DataType } from './dtypes';
import { VALUES } from '../schema';

/** Bytes one entry of a typed field adds to the raw form; values of 4 and 2 bits share an entry of int32_data. */
export function entryBytes(type: DataType): number {
  return Math.max(1, type.bits / 8);
}

/** Entries a typed field must hold for `count` values. */
export function entryCount(type: DataType, count: number): number {
  return Math.ceil((count * type.bits) / 8 / entryBytes(type));
}

/** Whether a field's packed form equals raw_data. */
export function isRawWhenPacked(field: number): boolean {
  return field === VALUES.float || field === VALUES.double;
}

/**
 * Turns the bytes of a typed field (float_data, int32_data, ...) into the bytes raw_data would hold.
 * @param packed values back to back; otherwise each follows its tag
 * @returns entries written, or -1 where the bytes are no run of such values or exceed `out`
 */
export function typedToRaw(
  bytes: Uint8Array,
  field: number,
  packed: boolean,
  perEntry: number,
  out: Uint8Array,
  outStart: number,
): number {
  const isVarint = !isRawWhenPacked(field);
  let position = 0;
  let written = outStart;
  while (position < bytes.byteLength) {
    if (!packed) while (bytes[position++] >= 0x80) if (position >= bytes.byteLength) return -1;
    if (written + perEntry > out.byteLength) return -1;
    if (isVarint) {
      position = copyVarint(bytes, position, perEntry, out, written);
      if (position < 0) return -1;
    } else {
      if (position + perEntry > bytes.byteLength) return -1;
      out.set(bytes.subarray(position, position + perEntry), written);
      position += perEntry;
    }
    written += perEntry;
  }
  return (written - outStart) / perEntry;
}

/** Writes the low `perEntry` bytes of a varint; returns where the next one starts, -1 where it is cut off or too long. */
function copyVarint(bytes: Uint8Array, start: number, perEntry: number, out: Uint8Array, at: number): number {
  let low = 0;
  let high = 0;
  for (let i = 0; i < 10; i++) {
    if (start + i >= bytes.byteLength) return -1;
    const byte = bytes[start + i];
    const part = byte & 0x7f;
    if (i < 4) low |= part << (7 * i);
    else if (i === 4) {
      low |= part << 28;
      high |= part >> 4;
    } else high |= part << (7 * i - 32);
    if (byte < 0x80) {
      for (let k = 0; k < perEntry; k++) out[at + k] = k < 4 ? low >>> (8 * k) : high >>> (8 * (k - 4));
      return start + i + 1;
    }
  }
  return -1;
}
