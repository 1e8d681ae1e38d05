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
  let position = start;
  while (position < limit && fields.length < MOST_FIELDS) {
    const tag = scanVarint(bytes, position, limit);
    if (!tag) break;
    const number = Math.floor(tag.value / 8);
    const wire = tag.value % 8;
    if (number === 0) return { fields, broken: true };
    let valueStart = tag.next;
    let next: number;
    if (wire === 1) next = valueStart + 8;
    else if (wire === 5) next = valueStart + 4;
    else if (wire === 0 || wire === 2) {
      const value = scanVarint(bytes, position === limit ? limit : valueStart, limit);
      if (!value) break;
      if (wire === 2) valueStart = value.next;
      next = wire === 2 ? value.next + value.value : value.next;
    } else return { fields, broken: true };
    fields.push({ number, wire, valueStart, end: next });
    position = next;
  }
  return { fields, broken: false };
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
