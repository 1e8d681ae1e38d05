import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DesignProbe, type ProbedLayer } from '../../src/analysis/designed';
import { createRandom } from '../../src/analysis/random';

function designOf(
  filters: readonly (readonly number[])[],
  kernel: number[],
  kind: ProbedLayer['kind'] = 'full',
) {
  const taps = kernel.reduce((product, extent) => product * extent, 1);
  const probe = new DesignProbe({ kernel, kind, storedFilterCount: filters.length });
  // One filter a run: the probe must not depend on how the layer is cut.
  for (const filter of filters) probe.take({ values: Float32Array.from(filter), count: 1, taps });
  return probe.design();
}

function outer(a: readonly number[], b: readonly number[]): number[] {
  return a.flatMap((x) => b.map((y) => x * y));
}

/** Real and imaginary parts of a short-time Fourier transform of n taps, under a window. */
function stft(n: number, window: (t: number) => number): number[][] {
  return [Math.cos, Math.sin].flatMap((wave) =>
    Array.from({ length: n / 2 + 1 }, (_, k) =>
      Array.from({ length: n }, (_, t) => window(t) * wave((2 * Math.PI * k * t) / n)),
    ),
  );
}

function hann(n: number): (t: number) => number {
  return (t) => 0.5 - 0.5 * Math.cos((2 * Math.PI * t) / n);
}

function dct(n: number): number[][] {
  return Array.from({ length: n }, (_, k) =>
    Array.from({ length: n }, (_, t) => Math.cos((Math.PI / n) * (t + 0.5) * k)),
  );
}

function products(rows: number[][]): number[][] {
  return rows.flatMap((a) => rows.map((b) => outer(a, b)));
}

const haar = [
  [1, 1],
  [1, -1],
];
const DB2 = [0.482962913144534, 0.836516303737808, 0.224143868042013, -0.12940952255126];
const db2 = [DB2, DB2.toReversed().map((value, i) => (i % 2 === 0 ? value : -value))];
const zeros = new Array<number>(9).fill(0);

function oneHot(at: number): number[] {
  return zeros.map((_, i) => (i === at ? 1 : 0));
}

describe('banks that are written down', () => {
  test.each<[string, number[][], number[], string, ProbedLayer['kind']?]>([
    ['an average', [new Array<number>(9).fill(1 / 9)], [3, 3], 'constant'],
    [
      'constants of different size',
      [0.1, -0.7, 2].map((value) => new Array<number>(4).fill(value)),
      [2, 2],
      'constant',
    ],
    ['shifts', [0, 4, 8].map(oneHot), [3, 3], 'one-hot'],
    ['identity among zero filters', [oneHot(4), zeros, zeros, oneHot(4)], [3, 3], 'one-hot'],
    [
      'bilinear up-sampling',
      [outer([0.25, 0.75, 0.75, 0.25], [0.25, 0.75, 0.75, 0.25])],
      [4, 4],
      'bilinear',
      'transposed',
    ],
    [
      'larger bilinear up-sampling',
      [outer([1, 3, 5, 7, 7, 5, 3, 1], [1, 3, 5, 7, 7, 5, 3, 1])],
      [8, 8],
      'bilinear',
      'transposed',
    ],
    ['blur-pool', new Array<number[]>(6).fill(outer([1, 2, 1], [1, 2, 1])), [3, 3], 'blur', 'depthwise'],
    ['a 5-tap blur', [outer([1, 4, 6, 4, 1], [1, 4, 6, 4, 1])], [5, 5], 'blur'],
    [
      'Sobel and Laplacian',
      [outer([1, 2, 1], [-1, 0, 1]), outer([-1, 0, 1], [1, 2, 1]), [0, 1, 0, 1, -4, 1, 0, 1, 0]],
      [3, 3],
      'edge',
    ],
    ['Haar', products(haar), [2, 2], 'wavelet'],
    ['Daubechies', products(db2), [4, 4], 'wavelet'],
    ['Daubechies along one axis', new Array(4).fill(db2).flat() as number[][], [4], 'wavelet'],
    ['a Fourier transform', stft(64, () => 1), [64], 'sinusoid'],
    ['a short-time Fourier transform', stft(256, hann(256)), [256], 'sinusoid'],
    ['a short one', stft(32, hann(32)), [32], 'sinusoid'],
    ['a cosine transform', products(dct(8)), [8, 8], 'sinusoid'],
    ['a cosine transform of 4', products(dct(4)), [4, 4], 'sinusoid'],
    [
      'plane waves',
      Array.from({ length: 6 }, (_, i) =>
        Array.from({ length: 49 }, (_, t) => Math.cos(0.4 * i * (t % 7) + 0.3 * Math.floor(t / 7) + i)),
      ),
      [7, 7],
      'sinusoid',
    ],
    [
      'Gaussians of several widths',
      [0.6, 1, 1.7].map((s) =>
        outer(
          ...([0, 1].map(() => [-2, -1, 0, 1, 2].map((x) => Math.exp(-((x / s) ** 2)))) as [
            number[],
            number[],
          ]),
        ),
      ),
      [5, 5],
      'symmetric',
    ],
    [
      'multiples of one kernel',
      [1, -2, 0.5].map((factor) => [3, 1, 4, 1, 5, 9, 2, 6, 5].map((value) => value * factor)),
      [3, 3],
      'repeated',
    ],
  ])('%s', (_, filters, kernel, design, kind) => {
    expect(designOf(filters, kernel, kind)).toBe(design);
    // As 8-bit weights hold them.
    const peak = Math.max(...filters.flat().map(Math.abs));
    const stored = filters.map((filter) => filter.map((value) => Math.round((value / peak) * 2048) / 2048));
    expect(designOf(stored, kernel, kind)).toBe(design);
  });
});

describe('learned filters are none', () => {
  test('random filters of any size, from two on', () => {
    const kernels = [[2], [3], [3, 3], [1, 7], [5, 5], [4, 4], [3, 3, 3], [64]];
    fc.assert(
      fc.property(
        fc.constantFrom(...kernels),
        fc.integer({ min: 2, max: 40 }),
        fc.integer(),
        (kernel, count, seed) => {
          const random = createRandom(seed);
          const taps = kernel.reduce((product, extent) => product * extent, 1);
          const filters = Array.from({ length: count }, () =>
            Array.from({ length: taps }, () => random.normal()),
          );
          expect(designOf(filters, kernel)).toBeNull();
        },
      ),
    );
  });

  test('smooth filters with a little noise', () => {
    const random = createRandom(3);
    const smooth = Array.from({ length: 16 }, () => {
      const [sx, sy] = [0.7 + random.uniform(), 0.7 + random.uniform()];
      return Array.from({ length: 49 }, (_, t) => {
        const [x, y] = [(t % 7) - 3, Math.floor(t / 7) - 3];
        return Math.exp(-((x / sx) ** 2) - (y / sy) ** 2) + 0.03 * random.normal();
      });
    });
    expect(designOf(smooth, [7, 7])).toBeNull();
  });

  test('one ordinary filter among designed ones', () => {
    expect(designOf([...products(haar), [1, 0.3, 0.2, -0.4]], [2, 2])).toBeNull();
    expect(designOf([oneHot(0), oneHot(1), [1, 2, 3, 4, 5, 6, 7, 8, 9]], [3, 3])).toBeNull();
  });

  test('what is left of pruned filters', () => {
    expect(
      designOf(
        [1, 0.4, 0.7, 0.2].map((size, at) => oneHot(at).map((value) => value * size)),
        [3, 3],
      ),
    ).not.toBe('one-hot');
  });
});

test.each([
  ['no filter', [], [3, 3]],
  ['zeros', [zeros, zeros], [3, 3]],
  ['one tap', [[1], [1], [1]], [1, 1]],
  ['NaN', [zeros.map(() => NaN)], [3, 3]],
  ['too few equations: one short kernel', [[1, 2, 1]], [3]],
])('%s: nothing is told', (_, filters, kernel) => {
  expect(designOf(filters, kernel)).toBeNull();
});
