import { describe, expect, test } from 'vitest';
import { node, tensor } from '../support/onnx-writer';
import { weight } from '../support/one-layer';

const FLOAT = 1;
const UINT8 = 2;
const INT8 = 3;
const INT16 = 5;
const INT32 = 6;
const BOOL = 9;
const FLOAT16 = 10;
const DOUBLE = 11;
const BFLOAT16 = 16;
const FLOAT8E4M3FN = 17;
const INT4 = 22;

/** Values of a weight of doubles after casts to the given types, and to double in the end. */
async function cast(values: number[], ...types: number[]): Promise<number[]> {
  const stored = tensor(
    'stored',
    [1, 1, values.length],
    new Uint8Array(Float64Array.from(values).buffer),
    DOUBLE,
  );
  const names = ['stored', ...types.map((_, i) => `c${i}`), 'w'];
  const nodes = [...types, DOUBLE].map((to, i) => node('Cast', [names[i]], [names[i + 1]], { to }));
  return (await weight(nodes, [stored])).values;
}

describe('Cast does what a running model does', () => {
  test.each<[string, number[], number[], number[]]>([
    [
      'float16 rounds to even and overflows',
      [FLOAT16],
      [0.1, 2049, 65519, 65520, -1e6],
      [0.0999755859375, 2048, 65504, Infinity, -Infinity],
    ],
    [
      'bfloat16 rounds to even',
      [BFLOAT16],
      [1.00390625, 1.01171875, 3e38, 3.4e38],
      [1, 1.015625, 3.00405527e38, Infinity],
    ],
    ['float32 rounds', [FLOAT], [0.1, 1e300], [Math.fround(0.1), Infinity]],
    ['float8 saturates unless told not to', [FLOAT8E4M3FN], [449, -1000, 0.3], [448, -448, 0.3125]],
    ['uint8 to int8 wraps', [UINT8, INT8], [0, 127, 128, 255], [0, 127, -128, -1]],
    ['integers wrap at their width', [INT16], [32767, 32768, -32769, 65536.9], [32767, -32768, 32767, 0]],
    ['fractions are cut off', [INT32], [2.9, -2.9, -0.5], [2, -2, 0]],
    ['four bits wrap too', [INT4], [7, 8, 15, -9], [7, -8, -1, 7]],
    ['bool is whether it is zero', [BOOL], [0, 0.1, -3, NaN], [0, 1, 1, 1]],
  ])('%s', async (_, types, values, expected) => {
    const found = await cast(values, ...types);
    found.forEach((value, i) => {
      if (Number.isFinite(expected[i])) expect(value / expected[i] || 1).toBeCloseTo(1, 4);
      else expect(value).toBe(expected[i]);
    });
    if (!types.includes(BFLOAT16)) expect(found.map((value) => value + 0)).toEqual(expected);
  });

  test('a type that holds every value leaves them, and the weight can be read in parts', async () => {
    const halves = tensor('stored', [1, 1, 3], Uint8Array.of(0x66, 0x2e, 0, 0x3c, 0xff, 0x7b), FLOAT16);
    const { values } = await weight([node('Cast', ['stored'], ['w'], { to: FLOAT })], [halves]);
    expect(values).toEqual([0.0999755859375, 1, 65504]);
  });

  test('what no type has is not followed', async () => {
    await expect(cast([1], 99)).rejects.toThrow(/a Cast to the element type 99 is not followed/);
  });
});
