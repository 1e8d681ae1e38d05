import type { ElementType } from './element-types';
import { isSmallFloat, smallFloatTable } from './small-floats';

export type Values = Float32Array | Float64Array;

/** An array for values of a type: float32 where that is exact. */
export function allocate(count: number, fitsFloat32: boolean): Values {
  return fitsFloat32 ? new Float32Array(count) : new Float64Array(count);
}

/**
 * Decodes little-endian values that lie back to back. Floats that fill a buffer of their own are taken as they are: a large
 * weight is not held twice. Nothing may write to the result.
 * @param bytes starts at a byte boundary of the tensor
 * @param skip values to pass over first: below 8 / bits, for sub-byte types read from the middle
 */
export function decodeRaw(type: ElementType, bytes: Uint8Array, count: number, skip = 0): Values {
  const fills = bytes.byteLength === bytes.buffer.byteLength && bytes.byteLength === (count * type.bits) / 8;
  if (fills && type.name === 'float32') return new Float32Array(bytes.buffer as ArrayBuffer);
  if (fills && type.name === 'float64') return new Float64Array(bytes.buffer as ArrayBuffer);
  const out = allocate(count, type.fitsFloat32);
  if (type.name === 'float32' || type.name === 'float64') {
    new Uint8Array(out.buffer).set(bytes.subarray(0, out.byteLength));
    return out;
  }
  if (type.bits < 8) return decodeSubBytes(type, bytes, out, skip);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (isSmallFloat(type.name)) {
    const table = smallFloatTable(type.name);
    if (type.bits === 8) for (let i = 0; i < count; i++) out[i] = table[bytes[i]];
    else for (let i = 0; i < count; i++) out[i] = table[view.getUint16(2 * i, true)];
    return out;
  }
  const read = READERS[type.name];
  for (let i = 0; i < count; i++) out[i] = read(view, i);
  return out;
}

const READERS: Record<string, (view: DataView, i: number) => number> = {
  bool: (v, i) => (v.getUint8(i) ? 1 : 0),
  uint8: (v, i) => v.getUint8(i),
  int8: (v, i) => v.getInt8(i),
  uint16: (v, i) => v.getUint16(2 * i, true),
  int16: (v, i) => v.getInt16(2 * i, true),
  uint32: (v, i) => v.getUint32(4 * i, true),
  int32: (v, i) => v.getInt32(4 * i, true),
  uint64: (v, i) => v.getUint32(8 * i + 4, true) * 2 ** 32 + v.getUint32(8 * i, true),
  int64: (v, i) => v.getInt32(8 * i + 4, true) * 2 ** 32 + v.getUint32(8 * i, true),
};

/** Several values a byte, the first in the lowest bits. */
function decodeSubBytes(type: ElementType, bytes: Uint8Array, out: Values, skip: number): Values {
  const table = isSmallFloat(type.name) ? smallFloatTable(type.name) : null;
  const perByte = 8 / type.bits;
  const mask = 2 ** type.bits - 1;
  const greatest = type.range ? type.range[1] : mask;
  for (let i = 0; i < out.length; i++) {
    const at = i + skip;
    const pattern = (bytes[Math.floor(at / perByte)] >> (type.bits * (at % perByte))) & mask;
    out[i] = table ? table[pattern] : pattern > greatest ? pattern - mask - 1 : pattern;
  }
  return out;
}
