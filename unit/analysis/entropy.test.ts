import { describe, expect, test } from 'vitest';
import {
  maximumEntropy,
  RANDOM_THRESHOLD_FORMULA,
  randomThreshold,
  varianceEntropy,
  varianceFloor,
  varianceShares,
} from '../../src/analysis/entropy';

describe('varianceEntropy', () => {
  test('of equal variances is log10 d, whatever their scale', () => {
    expect(varianceEntropy(new Float64Array(9).fill(3))).toBeCloseTo(Math.log10(9), 15);
    expect(varianceEntropy(new Float64Array(9).fill(1e-200))).toBeCloseTo(Math.log10(9), 15);
  });

  test('0 log 0 = 0, and rounding below zero counts as zero', () => {
    expect(varianceEntropy([1, 1, 0, -1e-18])).toBeCloseTo(Math.log10(2), 15);
    expect(Object.is(varianceEntropy([5, 0, 0]), 0)).toBe(true);
  });

  test('of no variance is 0, also of no component at all', () => {
    expect(varianceEntropy([0, 0])).toBe(0);
    expect(varianceEntropy([-1e-20, 0])).toBe(0);
    expect(varianceEntropy([])).toBe(0);
  });

  test('variance at the floor is rounding and counts as none', () => {
    const floor = varianceFloor(0.1, 9);
    expect(varianceEntropy(new Float64Array(9).fill((0.1 * 2 ** -53) ** 2), floor)).toBe(0);
    // One of a million float32 weights off by its last bit is more than that.
    expect(varianceEntropy([(0.1 * 2 ** -24) ** 2 / 1e6, 0, 0], floor)).toBe(0);
    expect((0.1 * 2 ** -24) ** 2 / 1e6).toBeGreaterThan(floor);
  });

  test('that overflows is NaN', () => {
    expect(varianceEntropy([Infinity, 1])).toBeNaN();
    expect(varianceEntropy([NaN])).toBeNaN();
  });
});

test('shares sum to 1 in the order given, or are all zero', () => {
  expect([...varianceShares([6, 2, 0, -1e-18])]).toEqual([0.75, 0.25, 0, 0]);
  expect([...varianceShares([0, 0])]).toEqual([0, 0]);
});

test('the random threshold holds for 3x3 and 9 filters or more, and is not clamped', () => {
  expect(randomThreshold(64, [3, 3])).toBeCloseTo(
    1.2618047 / (1 + Math.exp(-0.88767525 * (6 - 2.30436435))) - 0.31050834,
    15,
  );
  expect(randomThreshold(9, [3, 3])).toBeCloseTo(0.5515074123394546, 12);
  expect(randomThreshold(8, [3, 3])).toBeNull();
  for (const kernel of [[5, 5], [9], [1, 9], [3, 3, 1], [1, 1]])
    expect(randomThreshold(1000, kernel)).toBeNull();
});

test('n filters of d taps reach log10 min(n - 1, d)', () => {
  expect([0, 1, 2].map((n) => maximumEntropy(n, 9))).toEqual([0, 0, 0]);
  expect(maximumEntropy(5, 9)).toBeCloseTo(Math.log10(4), 15);
  expect(maximumEntropy(1000, 9)).toBeCloseTo(Math.log10(9), 15);
});

test('T_H is printed with the constants it is computed with', () => {
  expect(RANDOM_THRESHOLD_FORMULA).toBe('T_H(n) = 1.262 / (1 + e^(−0.8877 (log₂ n − 2.304))) − 0.3105');
});
