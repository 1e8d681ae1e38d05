import { describe, expect, test } from 'vitest';
import { reason, weight } from '../support/one-layer';
import { convModel, int64s, node, tensor } from '../support/onnx-writer';
import { openBytes } from '../support/open-bytes';

function range(n: number, start = 1) {
  return Array.from({ length: n }, (_, i) => start + i);
}

const shape = int64s('shape', [1, 2, -1]);

describe('Gemm', () => {
  const a = tensor('a', [2, 3], range(6));
  const b = tensor('b', [3, 2], [1, 0, 0, 1, 1, 1]);
  const made = (attributes: Record<string, number | { float: number }>, ...parts: Uint8Array[]) =>
    weight(
      [
        node('Gemm', ['a', 'b', 'c'].slice(0, parts.length), ['g'], attributes),
        node('Reshape', ['g', 'shape'], ['w']),
      ],
      [...parts, shape],
    );

  test('a product, scaled, with a bias by column', async () => {
    expect((await made({}, a, b)).values).toEqual([4, 5, 10, 11]);
    const scaled = { alpha: { float: 2 }, beta: { float: 10 } };
    expect((await made(scaled, a, b, tensor('c', [2], [1, -1]))).values).toEqual([18, 0, 30, 12]);
  });

  test('transposed', async () => {
    const turned = [tensor('a', [3, 2], [1, 4, 2, 5, 3, 6]), tensor('b', [2, 3], [1, 0, 1, 0, 1, 1])];
    expect((await made({ transA: 1, transB: 1 }, ...turned)).values).toEqual([4, 5, 10, 11]);
  });

  test('what does not fit', async () => {
    const nodes = [node('Gemm', ['a', 'a'], ['w'])];
    expect((await reason(nodes, [a])).message).toMatch(/Gemm of \[2, 3\] and \[2, 3\] does not fit/);
    const stack = tensor('a', [1, 2, 3], range(6));
    expect((await reason(nodes, [stack])).message).toMatch(/Gemm of \[1, 2, 3\], which is no matrix/);
    const wide = [node('Gemm', ['a', 'b', 'c'], ['w'])];
    expect((await reason(wide, [a, b, tensor('c', [2, 2, 2], range(8))])).message).toMatch(
      /Gemm of \[2, 2\] plus \[2, 2, 2\] does not fit/,
    );
  });
});

describe('Einsum', () => {
  const einsum = (equation: string, inputs: string[]) =>
    node('Einsum', inputs, ['w'], { equation: { word: equation } });
  const o = tensor('o', [2, 2], [1, 2, 3, 4]);
  const i = tensor('i', [2, 2], [1, 0, 0.5, 2]);
  const k = tensor('k', [3, 2], [1, 1, 2, -1, 0, 3]);

  test('a kernel from its factors (CP decomposition)', async () => {
    const made = await weight([einsum('or, ir, kr -> oik', ['o', 'i', 'k'])], [o, i, k]);
    expect(made.shape).toEqual([2, 2, 3]);
    expect(made.values).toEqual([1, 2, 0, 4.5, -3, 12, 3, 6, 0, 9.5, -5, 24]);
  });

  test('an output that is not written has the letters that occur once, sorted', async () => {
    const cube = tensor('cube', [2, 2, 2], range(8, 0));
    const made = await weight([einsum('cab,bd', ['cube', 'o'])], [cube, o]);
    expect(made).toEqual({ shape: [2, 2, 2], values: [3, 4, 19, 28, 11, 16, 27, 40] });
  });

  test('axes moved and summed over in one tensor', async () => {
    const cube = tensor('cube', [2, 2, 2, 2], range(16, 0));
    const made = await weight([einsum('abcd->dca', ['cube'])], [cube]);
    expect(made).toEqual({ shape: [2, 2, 2], values: [4, 20, 8, 24, 6, 22, 10, 26] });
  });

  test.each([
    ['ii,ab->iab', /an Einsum by the equation "ii,ab->iab" is not followed/],
    ['...r,ir->...i', /is not followed/],
    ['or->or', /is not followed/],
    ['or,ik->oz', /is not followed/],
    ['or,rkz->okz', /an Einsum of \[2, 2\], \[3, 2\] does not fit its equation/],
    ['or,rk->ork', /does not fit its equation/],
  ])('%s', async (equation, expected) => {
    expect((await reason([einsum(equation, ['o', 'k'])], [o, k])).message).toMatch(expected);
  });
});

describe('a Conv of constants', () => {
  test('grouped, strided, dilated and padded, with a bias', async () => {
    const attributes = { group: 2, strides: [2], dilations: [2], pads: [1, 2] };
    const made = await weight(
      [node('Conv', ['a', 'k', 'b'], ['w'], attributes)],
      [
        tensor('a', [2, 2, 6], range(24)),
        tensor('k', [4, 1, 3], [1, -1, 2, 0, 1, 0.5, 3, 0, -2, 1, 1, 1]),
        tensor('b', [4], [0, 1, 2, 3]),
      ],
    );
    expect(made.shape).toEqual([2, 4, 3]);
    expect(made.values).toEqual([
      6, 10, -2, 5, 8, 7, -18, 2, 32, 21, 33, 25, 18, 34, -2, 23, 26, 19, -42, 14, 68, 45, 69, 49,
    ]);
  });

  const a = tensor('a', [1, 2, 2, 3], range(12));
  const k = tensor('k', [1, 2, 2, 2], [1, 2, 0, -1, 0, 1, 1, 0.5]);

  test.each([
    ['pads', { pads: [1, 0, 0, 1] }, [9, 9.5, 9, 23.5, 28, 15]],
    ['SAME_UPPER', { auto_pad: { word: 'SAME_UPPER' } }, [23.5, 28, 15, 25, 29, 6]],
    ['SAME_LOWER', { auto_pad: { word: 'SAME_LOWER' } }, [2.5, 9, 9.5, 10, 23.5, 28]],
    ['VALID', { auto_pad: { word: 'VALID' } }, [23.5, 28]],
  ])('two spatial axes, %s', async (_, attributes, expected) => {
    expect((await weight([node('Conv', ['a', 'k'], ['w'], attributes)], [a, k])).values).toEqual(expected);
  });

  test('is no layer where it makes a kernel, and one where it does not', async () => {
    const nodes = [
      node('Conv', ['a', 'k'], ['m'], {}, { name: 'maker' }),
      node('Identity', ['m'], ['w']),
      node('Conv', ['a', 'k'], ['z'], {}, { name: 'other' }),
    ];
    const { description } = await openBytes(convModel({ nodes, initializers: [a, k] }));
    expect(description.layers.map((l) => l.name)).toEqual(['other', 'conv']);
    expect(description.warnings).toEqual([]);
  });

  test('what does not fit, and what takes too long', async () => {
    const conv = (attributes = {}) => [node('Conv', ['a', 'k'], ['w'], attributes)];
    for (const attributes of [{ group: 2 }, { strides: [0, 1] }, { pads: [1, 1] }, { dilations: [9, 9] }])
      expect((await reason(conv(attributes), [a, k])).message).toMatch(
        /a Conv of \[1, 2, 2, 3\] by \[1, 2, 2, 2\] does not fit/,
      );
    const huge = [
      node('Expand', ['one', 's'], ['a']),
      node('Expand', ['one', 't'], ['k']),
      ...conv({ pads: [512, 512] }),
    ];
    const sizes = [int64s('s', [512, 64, 1024]), int64s('t', [64, 64, 1024])];
    expect(await reason(huge, [tensor('one', [1, 1, 1], [1]), ...sizes])).toMatchObject({
      code: 'too-large',
      message: expect.stringMatching(
        /takes [\d,]+ multiplications; Filterscope does up to 2,147,483,648/,
      ) as string,
    });
  });
});
