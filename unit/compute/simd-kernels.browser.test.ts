import { describe, expect, test } from 'vitest';
import { layerMomentsReference } from '../../src/analysis/filters';
import { basisFromMoments, offsets } from '../../src/analysis/pca';
import { loops } from '../../src/compute/cpu/loops';
import { createSimdKernels } from '../../src/compute/cpu/simd-kernels';
import type { FilterBank } from '../../src/domain/filters';
import { randomBank, withFilters } from './banks';

/** Largest difference in units of `size`. */
function distance(actual: ArrayLike<number>, expected: ArrayLike<number>, size: number): number {
  expect(actual.length).toBe(expected.length);
  return Math.max(0, ...Array.from(actual, (value, i) => Math.abs(value - expected[i]!) / size));
}

describe('the WebAssembly kernels', () => {
  test.each([
    [2, 1],
    [3, 7],
    [6, 128],
    [7, 129],
    [64, 576],
    [129, 1300],
    [1500, 70],
  ])('has the sum over pairs of %i rows of %i of the loops, twice the same bits', async (rows, width) => {
    const kernels = await createSimdKernels();
    for (const precision of [32, 64] as const) {
      const { values } = randomBank(rows, width, precision);
      const scales = Float64Array.from({ length: rows }, (_, i) => (i % 5 === 2 ? 0 : 1 / (i + 1)));
      for (const split of [0, 1, rows >> 1, rows - 1]) {
        const expected = loops.rowGram(values, scales, split);
        const actual = kernels.rowGram(values, scales, split);
        expect(distance([actual], [expected], expected || 1)).toBeLessThan(2e-6);
        expect(kernels.rowGram(values, scales, split)).toBe(actual);
      }
      const squares = loops.rowSquares(values, rows);
      expect(distance(kernels.rowSquares(values, rows), squares, width)).toBeLessThan(1e-13);
    }
  });

  test.each([1, 2, 4, 9, 25, 49])('has the figures of the loops for filters of %i taps', async (taps) => {
    const kernels = await createSimdKernels();
    for (const bank of hardBanks(taps)) {
      const x = bank.values;
      const peaks = loops.peaks(x, taps);
      expect(kernels.peaks(x, taps)).toEqual(peaks);

      const shifts = Float64Array.from({ length: 2 * taps }, (_, j) => 0.1 * Math.sin(j));
      for (const threshold of [0, 0.5, 100]) {
        const sums = kernels.moments(x, peaks, shifts, threshold);
        const expected = loops.moments(x, peaks, shifts, threshold);
        const size = Math.max(...expected.map(Math.abs));
        expect(distance(sums, expected, size)).toBeLessThan(1e-12);
        expect(kernels.moments(x, peaks, shifts, threshold)).toEqual(sums);
      }

      const basis = basisFromMoments(
        layerMomentsReference(randomBank(500, taps), { sparsityEpsilon: 0.01 }).scaled,
      )!;
      const projection = { x, peaks, components: basis.components, offsets: offsets(basis) };
      const range = kernels.range(projection);
      expect(distance(range, loops.range(projection), 1)).toBeLessThan(1e-13);
      expect(kernels.range(projection)).toEqual(range);
      const counts = kernels.histogram(projection, ...range, 70);
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(peaks.filter((p) => p === p).length * taps);
      expect(kernels.histogram(projection, ...range, 70)).toEqual(counts);
      // Random coefficients are nowhere near the edges of bins inside.
      expect(distance(counts, loops.histogram(projection, ...range, 70), 1)).toBeLessThanOrEqual(1);
    }
  });
});

/** More than one stage, filters left out and sparse ones among the others, and a count that fours do not divide. */
function hardBanks(taps: number): FilterBank[] {
  const size = Math.floor(2 ** 15 / taps);
  const long = randomBank(size + 7, taps);

  const mixed = withFilters(withFilters(long, [0, 17, 95, 96, size, size + 6], NaN), [1, 18, 19], 0);
  return [
    randomBank(1, taps),
    randomBank(7, taps, 64),
    mixed,
    {
      ...mixed,
      values: mixed.values.map((value, i) => (Math.floor(i / taps) % 3 === 1 ? value * 1e-3 : value)),
    },
  ];
}
