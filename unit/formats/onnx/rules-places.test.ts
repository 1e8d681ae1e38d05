import { describe, expect, test } from 'vitest';
import { AppError } from '../../../src/domain/errors';
import { reason, weight } from '../support/one-layer';
import { convModel, int64s, node, packedVarints, tensor } from '../support/onnx-writer';
import { openBytes } from '../support/open-bytes';

const a = tensor('a', [2, 1, 3], [1, 2, 3, 4, 5, 6]);

describe('GatherElements and ScatterElements', () => {
  test('one value for each place, along the axis alone', async () => {
    const nodes = [node('GatherElements', ['a', 'i'], ['w'], { axis: 2 })];
    const places = int64s('i', [2, 0, -1, 1], [2, 1, 2]);
    expect(await weight(nodes, [a, places])).toEqual({ shape: [2, 1, 2], values: [3, 1, 6, 5] });
    const rows = [node('GatherElements', ['a', 'i'], ['w'])];
    expect((await weight(rows, [a, int64s('i', [1, 0, -1], [1, 1, 3])])).values).toEqual([4, 2, 6]);
  });

  test.each([
    ['none', [1, 20, 10, 40, 5, 30]],
    ['add', [1, 22, 13, 44, 5, 36]],
    ['mul', [1, 40, 30, 160, 5, 180]],
    ['max', [1, 20, 10, 40, 5, 30]],
    ['min', [1, 2, 3, 4, 5, 6]],
  ])('values put in place, %s', async (reduction, expected) => {
    const attributes = { axis: -1, reduction: { word: reduction } };
    const nodes = [node('ScatterElements', ['a', 'i', 'u'], ['w'], attributes)];
    const parts = [int64s('i', [-1, 1, 2, 0], [2, 1, 2]), tensor('u', [2, 1, 2], [10, 20, 30, 40])];
    expect((await weight(nodes, [a, ...parts])).values).toEqual(expected);
  });

  test('shapes that do not fit', async () => {
    const gather = [node('GatherElements', ['a', 'i'], ['w'])];
    expect((await reason(gather, [a, int64s('i', [0, 0], [1, 2])])).message).toMatch(
      /GatherElements of \[2, 1, 3\], \[1, 2\] does not fit/,
    );
    expect((await reason(gather, [a, int64s('i', [0, 0], [1, 2, 1])])).message).toMatch(/does not fit/);
    const scatter = [node('ScatterElements', ['a', 'i', 'u'], ['w'])];
    const parts = [int64s('i', [0], [1, 1, 1]), tensor('u', [1, 1, 2], [1, 2])];
    expect((await reason(scatter, [a, ...parts])).message).toMatch(/ScatterElements of .* does not fit/);
  });

  test('a place outside is told on reading', async () => {
    for (const operator of ['GatherElements', 'ScatterElements', 'GatherND']) {
      const nodes = [node(operator, ['a', 'i', 'a'], ['w'], { axis: 2 })];
      const places = int64s('i', [0, 0, 3, 0, 0, 0], operator === 'GatherND' ? [1, 2, 1, 3] : [2, 1, 3]);
      const opened = await openBytes(convModel({ nodes, initializers: [a, places] }));
      await expect(opened.readFilters(0)).rejects.toThrow(AppError);
      await expect(opened.readFilters(0)).rejects.toThrow(/outside the shape \[2, 1, 3\]/);
    }
  });
});

describe('GatherND', () => {
  const gather = (attributes = {}) => [node('GatherND', ['a', 'i'], ['w'], attributes)];

  test('values and runs by their places', async () => {
    const values = int64s('i', [1, 0, 2, 0, 0, -1], [1, 1, 2, 3]);
    expect(await weight(gather(), [a, values])).toEqual({ shape: [1, 1, 2], values: [6, 3] });
    const runs = int64s('i', [-1, 0], [2, 1]);
    expect(await weight(gather(), [a, runs])).toEqual({ shape: [2, 1, 3], values: [4, 5, 6, 1, 2, 3] });
  });

  test('within batches', async () => {
    const places = int64s('i', [0, 2, 0, 0, 0, 1, 0, 1], [2, 2, 1, 2]);
    const made = await weight(gather({ batch_dims: 1 }), [a, places]);
    expect(made).toEqual({ shape: [2, 2, 1], values: [3, 1, 5, 5] });
  });

  test('what does not fit', async () => {
    const deep = int64s('i', [0, 0, 0, 0], [1, 4]);
    expect((await reason(gather(), [a, deep])).message).toMatch(
      /GatherND of \[2, 1, 3\], \[1, 4\] does not fit/,
    );
    const other = int64s('i', [0, 0, 0], [3, 1]);
    expect((await reason(gather({ batch_dims: 1 }), [a, other])).message).toMatch(/does not fit/);
  });
});

describe('Trilu', () => {
  const square = tensor('a', [1, 2, 3], [1, 2, 3, 4, 5, 6]);
  test.each([
    ['upper', {}, undefined, [1, 2, 3, 0, 5, 6]],
    ['lower', { upper: 0 }, undefined, [1, 0, 0, 4, 5, 0]],
    ['upper, above the diagonal', {}, 1, [0, 2, 3, 0, 0, 6]],
    ['lower, up to above the diagonal', { upper: 0 }, 1, [1, 2, 0, 4, 5, 6]],
    ['lower, below the diagonal', { upper: 0 }, -1, [0, 0, 0, 4, 0, 0]],
  ])('%s', async (_, attributes, k, expected) => {
    const inputs = k === undefined ? ['a'] : ['a', 'k'];
    const parts = k === undefined ? [square] : [square, int64s('k', [k], [])];
    expect((await weight([node('Trilu', inputs, ['w'], attributes)], parts)).values).toEqual(expected);
  });

  test('of a list', async () => {
    expect((await reason([node('Trilu', ['a'], ['w'])], [tensor('a', [3], [1, 2, 3])])).message).toMatch(
      /Trilu of \[3\] does not fit/,
    );
  });
});

describe('operators on bits', () => {
  const bytes = (name: string, values: number[], dims = [1, 1, values.length]) =>
    tensor(name, dims, [[5, packedVarints(values)]], 2);
  const asFloats = (steps: Uint8Array[], made = 'm') => [...steps, node('Cast', [made], ['w'], { to: 1 })];
  const p = bytes('p', [0xa5, 0xff, 0x10]);

  test.each([
    ['BitwiseAnd', [5, 15, 0]],
    ['BitwiseOr', [0xaf, 0xff, 0x1f]],
    ['BitwiseXor', [0xaa, 0xf0, 0x1f]],
  ])('%s', async (operator, expected) => {
    const nodes = asFloats([node(operator, ['p', 'f'], ['m'])]);
    expect((await weight(nodes, [p, bytes('f', [15], [])])).values).toEqual(expected);
  });

  test('beyond 32 bits', async () => {
    const nodes = [node('BitwiseAnd', ['p', 'f'], ['m']), node('Cast', ['m'], ['w'], { to: 11 })];
    const wide = [int64s('p', [2 ** 40 + 6, -1], [1, 1, 2]), int64s('f', [2 ** 40 + 3], [])];
    expect((await weight(nodes, wide)).values).toEqual([2 ** 40 + 2, 2 ** 40 + 3]);
  });

  test('BitwiseNot keeps to the type', async () => {
    const nodes = asFloats([node('BitwiseNot', ['p'], ['m'])]);
    expect((await weight(nodes, [p])).values).toEqual([0x5a, 0, 0xef]);
    const signed = tensor('p', [1, 1, 2], Uint8Array.of(5, 0xff), 3);
    expect((await weight(nodes, [signed])).values).toEqual([-6, 0]);
  });

  test('BitShift loses what is shifted out', async () => {
    const shift = (word: string) => asFloats([node('BitShift', ['p', 'n'], ['m'], { direction: { word } })]);
    const n = bytes('n', [4], []);
    expect((await weight(shift('RIGHT'), [p, n])).values).toEqual([10, 15, 1]);
    expect((await weight(shift('LEFT'), [p, n])).values).toEqual([0x50, 0xf0, 0]);
    expect((await reason(shift('UP'), [p, n])).message).toMatch(/directed neither LEFT nor RIGHT/);
    const floats = [tensor('p', [1, 1, 1], [1]), n];
    expect((await reason(shift('LEFT'), floats)).message).toMatch(/no integers of a known type/);
  });

  test('int4 weights taken out of bytes, with their sign', async () => {
    const nodes = [
      node('BitShift', ['p', 'four'], ['high'], { direction: { word: 'RIGHT' } }),
      node('BitwiseAnd', ['p', 'fifteen'], ['low']),
      node('Concat', ['low', 'high'], ['joined'], { axis: 1 }),
      node('BitwiseXor', ['joined', 'eight'], ['flipped']),
      node('Cast', ['flipped'], ['c'], { to: 1 }),
      node('Sub', ['c', 'k'], ['s']),
      node('Mul', ['s', 'scale'], ['w']),
    ];
    const parts = [p, bytes('four', [4], []), bytes('fifteen', [15], []), bytes('eight', [8], [])];
    const floats = [tensor('k', [], [8]), tensor('scale', [], [0.5])];
    expect((await weight(nodes, [...parts, ...floats])).values).toEqual([2.5, -0.5, 0, -3, -0.5, 0.5]);
  });
});
