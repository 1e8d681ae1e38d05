import { describe, expect, test } from 'vitest';
import { decodeRaw } from '../../../src/formats/elements/decode';
import {
  ELEMENT_TYPES,
  packedByteLength,
  type ElementName,
} from '../../../src/formats/elements/element-types';
import {
  roundHalfToEven,
  roundingTo,
  roundToFloat16,
  smallFloatTable,
} from '../../../src/formats/elements/small-floats';

function decode(name: ElementName, bytes: number[], count: number, skip = 0): number[] {
  return Array.from(decodeRaw(ELEMENT_TYPES[name], Uint8Array.from(bytes), count, skip));
}

describe('raw values', () => {
  test.each<[ElementName, number[], number[]]>([
    ['float32', [0, 0, 128, 63, 0, 0, 0, 192], [1, -2]],
    ['float64', [0, 0, 0, 0, 0, 0, 240, 63], [1]],
    ['float16', [0x00, 0x3c, 0x01, 0x00, 0xff, 0x7b, 0x00, 0xc0], [1, 2 ** -24, 65504, -2]],
    ['bfloat16', [0x80, 0x3f, 0x49, 0x40, 0x00, 0x80], [1, 3.140625, -0]],
    ['float8e4m3fn', [0x38, 0x7e, 0x01, 0xb8, 0x08], [1, 448, 2 ** -9, -1, 2 ** -6]],
    ['float8e4m3fnuz', [0x40, 0x7f, 0x01, 0x08], [1, 240, 2 ** -10, 2 ** -7]],
    ['float8e5m2', [0x3c, 0x7b, 0x01, 0x04], [1, 57344, 2 ** -16, 2 ** -14]],
    ['float8e5m2fnuz', [0x40, 0x7f, 0x01], [1, 57344, 2 ** -17]],
    ['float8e8m0', [0x7f, 0x00, 0xfe, 0x80], [1, 2 ** -127, 2 ** 127, 2]],
    ['float4e2m1', [0x10, 0x32, 0xf7], [0, 0.5, 1, 1.5, 6, -6]],
    ['int8', [0x80, 0xff, 0x7f], [-128, -1, 127]],
    ['uint8', [0x80, 0xff], [128, 255]],
    ['int16', [0x00, 0x80, 0xff, 0xff], [-32768, -1]],
    ['uint16', [0x00, 0x80], [32768]],
    ['int32', [0, 0, 0, 0x80], [-(2 ** 31)]],
    ['uint32', [0, 0, 0, 0x80], [2 ** 31]],
    ['int64', [0xfe, 255, 255, 255, 255, 255, 255, 255, 1, 0, 0, 0, 1, 0, 0, 0], [-2, 2 ** 32 + 1]],
    ['uint64', [1, 0, 0, 0, 1, 0, 0, 0], [2 ** 32 + 1]],
    ['bool', [0, 1, 2], [0, 1, 1]],
    ['int4', [0x21, 0xf8], [1, 2, -8, -1]],
    ['uint4', [0x21, 0xf8], [1, 2, 8, 15]],
    ['int2', [0xe4, 0x1b], [0, 1, -2, -1, -1, -2, 1, 0]],
    ['uint2', [0xe4], [0, 1, 2, 3]],
  ])('%s', (name, bytes, expected) => {
    expect(packedByteLength(ELEMENT_TYPES[name], expected.length)).toBe(bytes.length);
    expect(decode(name, bytes, expected.length)).toEqual(expected);
  });

  test('specials: NaN and infinities by format', () => {
    expect(decode('float16', [0x00, 0x7c, 0x00, 0xfc, 0x01, 0x7c], 3)).toEqual([Infinity, -Infinity, NaN]);
    expect(decode('bfloat16', [0x80, 0x7f, 0xc0, 0xff], 2)).toEqual([Infinity, NaN]);
    expect(decode('float8e4m3fn', [0x7f, 0xff], 2)).toEqual([NaN, NaN]);
    expect(decode('float8e4m3fnuz', [0x80], 1)).toEqual([NaN]);
    expect(decode('float8e5m2', [0x7c, 0xfc, 0x7f], 3)).toEqual([Infinity, -Infinity, NaN]);
    expect(decode('float8e5m2fnuz', [0x80], 1)).toEqual([NaN]);
    expect(decode('float8e8m0', [0xff], 1)).toEqual([NaN]);
  });

  test('values below a byte are padded, and reading may start in the middle of a byte', () => {
    expect(decode('int2', [0xe4, 0x03], 4, 1)).toEqual([1, -2, -1, -1]);
    expect(decode('int4', [0x21, 0x03], 3)).toEqual([1, 2, 3]);
    expect(decode('uint4', [0x21, 0x43], 3, 1)).toEqual([2, 3, 4]);
  });

  test('floats that fill their buffer are not held twice', () => {
    const bytes = new Uint8Array(new Float32Array([1, 2]).buffer);
    expect(decodeRaw(ELEMENT_TYPES.float32, bytes, 2).buffer).toBe(bytes.buffer);
  });

  test('floats within a larger buffer are copied out of it', () => {
    const bytes = new Uint8Array(new Float32Array([0, 1, 2]).buffer).subarray(4);
    const values = decodeRaw(ELEMENT_TYPES.float32, bytes, 2);
    bytes.fill(0);
    expect(Array.from(values)).toEqual([1, 2]);
  });

  test('only types that fit are given as float32', () => {
    const kinds = (['float16', 'int16', 'int32', 'float64'] as const).map(
      (n) => decodeRaw(ELEMENT_TYPES[n], new Uint8Array(8), 1).BYTES_PER_ELEMENT,
    );
    expect(kinds).toEqual([4, 4, 8, 8]);
  });
});

describe('rounding', () => {
  test('every float16 rounds to itself, and halfway values to the even neighbour', () => {
    const table = smallFloatTable('float16');
    for (let bits = 0; bits < 0x7c00; bits++) expect(roundToFloat16(table[bits])).toBe(table[bits]);
    for (let bits = 0; bits < 0x7bff; bits++) {
      const half = (table[bits] + table[bits + 1]) / 2;
      expect(roundToFloat16(half)).toBe(table[bits % 2 === 0 ? bits : bits + 1]);
      expect(roundToFloat16(-half)).toBe(-table[bits % 2 === 0 ? bits : bits + 1]);
    }
    expect([65519, 65520, -1e9, NaN, Infinity].map(roundToFloat16)).toEqual([
      65504,
      Infinity,
      -Infinity,
      NaN,
      Infinity,
    ]);
  });

  test.each([
    'bfloat16',
    'float8e4m3fn',
    'float8e4m3fnuz',
    'float8e5m2',
    'float8e5m2fnuz',
    'float4e2m1',
  ] as const)('every %s rounds to itself, and halfway values to the even neighbour', (name) => {
    const round = roundingTo(name);
    const table = smallFloatTable(name);
    for (let bits = 0; bits + 1 < table.length / 2; bits++) {
      const [low, high] = [table[bits], table[bits + 1]];
      if (!Number.isFinite(high)) continue;
      expect(round(low)).toBe(low);
      expect(round((low + high) / 2)).toBe(bits % 2 === 0 ? low : high);
      expect(round(-high)).toBe(-high);
    }
  });

  test('beyond the greatest number: saturated, infinite, or no number', () => {
    const beyond = [449, 1e9, -Infinity, 464, 464.1];
    expect(beyond.map(roundingTo('float8e4m3fn', true))).toEqual([448, 448, -448, 448, 448]);
    expect(beyond.map(roundingTo('float8e4m3fn'))).toEqual([448, NaN, NaN, 448, NaN]);
    expect([61439, 61440, -1e9].map(roundingTo('float8e5m2'))).toEqual([57344, Infinity, -Infinity]);
    expect([61440, -1e9, NaN].map(roundingTo('float8e5m2', true))).toEqual([57344, -57344, NaN]);
    expect([7, -100, 0.25, 0.75].map(roundingTo('float4e2m1'))).toEqual([6, -6, 0, 1]);
    expect(Object.is(roundingTo('float8e4m3fnuz')(-1e-9), 0)).toBe(true);
    expect(Object.is(roundingTo('float8e4m3fn')(-1e-9), -0)).toBe(true);
  });

  test('half to even', () => {
    expect([0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 2.4, -2.6].map(roundHalfToEven)).toEqual([
      0, 2, 2, 0, -2, -2, 2, -3,
    ]);
  });
});
