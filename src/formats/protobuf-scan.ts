/** One field as its head tells it; the value may reach beyond the bytes at hand. */
export interface ScannedField {
  number: number;
  /** 0 varint, 1 fixed64, 2 bytes, 5 fixed32. */
  wire: number;
  valueStart: number;
  end: number;
}

/** A few dozen fields tell a message's kind. */
const MOST_FIELDS = 256;

/**
 * Fields of a protobuf message in bytes [start, end) until one reaches over the end; `broken` where the bytes stop being
 * protobuf.
 */
export function scanFields(
  bytes: Uint8Array,
  start: number,
  end: number,
): { fields: ScannedField[]; broken: boolean } {
  const fields: ScannedField[] = [];
  const limit = Math.min(end, bytes.byteLength);
  for (let position = start; position < limit && fields.length < MOST_FIELDS;) {
    const field = scanField(bytes, position, limit);
    if (field === 'cut') break;
    if (field === 'broken') return { fields, broken: true };
    fields.push(field);
    position = field.end;
  }
  return { fields, broken: false };
}

/** The field at `position`; `cut` where its head ends after `limit`, `broken` where none begins. */
export function scanField(
  bytes: Uint8Array,
  position: number,
  limit: number,
): ScannedField | 'cut' | 'broken' {
  const tag = scanVarint(bytes, position, limit);
  if (!tag) return 'cut';
  const number = Math.floor(tag.value / 8);
  const wire = tag.value % 8;
  if (number === 0) return 'broken';
  const valueStart = tag.next;
  if (wire === 1) return { number, wire, valueStart, end: valueStart + 8 };
  if (wire === 5) return { number, wire, valueStart, end: valueStart + 4 };
  if (wire !== 0 && wire !== 2) return 'broken';
  const value = scanVarint(bytes, valueStart, limit);
  if (!value) return 'cut';
  if (wire === 0) return { number, wire, valueStart, end: value.next };
  return { number, wire, valueStart: value.next, end: value.next + value.value };
}

function scanVarint(
  bytes: Uint8Array,
  position: number,
  end: number,
): { value: number; next: number } | null {
  let value = 0;
  let factor = 1;
  for (let i = position; i < Math.min(position + 10, end); i++) {
    value += (bytes[i] & 0x7f) * factor;
    if (bytes[i] < 0x80) return { value, next: i + 1 };
    factor *= 128;
  }
  return null;
}

/** The value of a bytes field as text, as far as it is at hand; null where it is no text. */
export function scannedText(bytes: Uint8Array, field: ScannedField): string | null {
  if (field.wire !== 2) return null;
  const held = bytes.subarray(field.valueStart, Math.min(field.end, bytes.byteLength));
  if (held.some((byte) => byte < 0x20 || byte === 0x7f)) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(held, { stream: field.end > bytes.byteLength });
  } catch {
    return null;
  }
}
