import { describe, expect, it } from 'vitest';
import { loops } from '../../src/compute/cpu/loops';
import { createSimdKernels, takesRelaxedSimd } from '../../src/compute/cpu/simd-kernels';
import { randomBank } from './banks';

/** Largest difference in units of `size`. */
function distance(actual: ArrayLike<number>, expected: ArrayLike<number>, size: number): number {
  expect(actual.length).toBe(expected.length);
  return Math.max(0, ...Array.from(actual, (value, i) => Math.abs(value - expected[i]!) / size));
}

it('takes the relaxed build', () => expect(takesRelaxedSimd()).toBe(true));

describe.each(['simd', 'relaxed'] as const)('the %s build', (build) => {
  it.each([
    [2, 1],
    [3, 7],
    [6, 128],
    [7, 129],
    [64, 576],
    [129, 1300],
    [1500, 70],
  ])('has the sum over pairs of %i rows of %i of the loops, twice the same bits', async (rows, width) => {
    const kernels = await createSimdKernels(build);
    for (const precision of [32, 64] as const) {
      const { values } = randomBank(rows, width, precision);
      const scales = Float64Array.from({ length: rows }, (_, i) => (i % 5 === 2 ? 0 : 1 / (i + 1)));
      for (const split of [0, 1, rows >> 1, rows - 1]) {
        const expected = loops.rowGram(values, scales, split);
        const actual = kernels.rowGram(values, scales, split);
        expect(distance([actual], [expected], expected || 1)).toBeLessThan(1e-12);
        expect(kernels.rowGram(values, scales, split)).toBe(actual);
      }
      expect(distance(kernels.rowSquares(values, rows), loops.rowSquares(values, rows), width)).toBeLessThan(
        1e-13,
      );
    }
  });
});
