import { describe, expect, test } from 'vitest';
import {
  convModel,
  f32,
  int64s,
  message,
  node,
  packedVarints,
  tensor,
  type Field,
} from '../support/onnx-writer';
import { openBytes } from '../support/open-bytes';

function dims(shape: readonly number[]): Field[] {
  return shape.map((d): Field => [3, d]);
}

function coo(values: Uint8Array, indices: Uint8Array, shape: readonly number[]) {
  return message([1, values], [2, indices], ...dims(shape));
}

async function read(sparse: Uint8Array, nodes: Uint8Array[] = []) {
  const { description, readFilters } = await openBytes(convModel({ sparse: [sparse], nodes }));
  const [layer] = description.layers;
  return {
    layer,
    warnings: description.warnings,
    values: layer && Array.from((await readFilters(0)).values),
    part: layer && Array.from((await readFilters(0, { first: 1, count: 1 })).values),
  };
}

describe('sparse initializers', () => {
  const shape = [2, 1, 3];
  const dense = [0, 5, 0, 0, 0, 7];

  test.each([
    ['flat positions', int64s('', [1, 5])],
    ['one coordinate an axis', int64s('', [0, 0, 1, 1, 0, 2], [2, 3])],
    ['in any order', int64s('', [5, 1])],
  ])('%s', async (name, indices) => {
    const stored = name === 'in any order' ? [7, 5] : [5, 7];
    const { layer, values, part } = await read(coo(tensor('w', [2], stored), indices, shape));
    expect(layer).toMatchObject({ shape, weightName: 'w', storedType: 'float32' });
    expect(values).toEqual(dense);
    expect(part).toEqual(dense.slice(3));
  });

  test('float16 values behind a Cast', async () => {
    const half = tensor('h', [2], Uint8Array.of(0x00, 0x45, 0x00, 0x47), 10);
    const { layer, values } = await read(coo(half, int64s('', [1, 5]), shape), [
      node('Cast', ['h'], ['w'], { to: 1 }),
    ]);
    expect(layer?.storedType).toBe('float16');
    expect(values).toEqual(dense);
  });

  test('no values at all: a weight of zeros', async () => {
    const empty = tensor('w', [0], new Uint8Array(0));
    expect((await read(coo(empty, int64s('', []), shape))).values).toEqual([0, 0, 0, 0, 0, 0]);
    expect((await read(coo(empty, int64s('', [], [0, 3]), shape))).values).toEqual([0, 0, 0, 0, 0, 0]);
  });

  test.each([
    ['dense sizes beyond memory', [2 ** 20, 2 ** 20, 3], 'too-large', /comes to 3,298,534,883,328 values/],
    [
      'dense sizes beyond counting',
      [2 ** 40, 2 ** 40, 3],
      'bad-tensor',
      /more values than any file can hold/,
    ],
    ['negative sizes', [-1, 2, 3], 'bad-tensor', /impossible dimensions \[-1, 2, 3\]/],
    ['more values than places', [1, 1, 1], 'bad-tensor', /of shape \[1, 1, 1\] has values of shape \[2\]/],
  ])('%s are refused before anything is made', async (_, given, code, sentence) => {
    const { warnings } = await read(coo(tensor('w', [2], [5, 7]), int64s('', [0, 1]), given));
    expect(warnings[1]).toMatchObject({ code, message: expect.stringMatching(sentence) as string });
    expect(warnings[1].message).toMatch(/^Conv "conv" is left out: the sparse tensor "w" /);
  });

  test.each([
    ['too few indices', int64s('', [1])],
    ['coordinates of another rank', int64s('', [0, 1, 1, 0], [2, 2])],
    ['indices that are floats', tensor('', [2], [[9, f32([1, 5])]])],
  ])('%s', async (_, indices) => {
    const { warnings } = await read(coo(tensor('w', [2], [5, 7]), indices, shape));
    expect(warnings[1]).toMatchObject({ code: 'bad-tensor' });
  });

  test('raw integers are no weights, sparse or not', async () => {
    const { warnings } = await read(
      coo(tensor('w', [2], [[5, packedVarints([5, 7])]], 3), int64s('', [1, 5]), shape),
    );
    expect(warnings[1].code).toBe('no-scale');
  });
});
