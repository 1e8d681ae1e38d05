import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  covariance,
  emptyMoments,
  mergeMoments,
  momentsFromShiftedSums,
  momentsOf,
  tapVariance,
} from '../../src/analysis/moments';
import { maxDifference, randomBank } from './support';

const finite = fc.double({ min: -1e3, max: 1e3, noNaN: true });

describe('momentsOf', () => {
  test('gives mean and centred scatter', () => {
    const { count, mean, scatter } = momentsOf([1, 2, 3, 6, 5, 4], 3, 2);
    expect(count).toBe(3);
    expect([...mean]).toEqual([3, 4]);
    expect([...scatter]).toEqual([8, 4, 4, 8]);
  });

  test('takes the selected rows alone', () => {
    const all = [1, 2, NaN, 6, 5, 4];
    expect(momentsOf(all, 3, 2, (i) => i !== 1)).toEqual(momentsOf([1, 2, 5, 4], 2, 2));
    expect(momentsOf(all, 3, 2, () => false)).toEqual(emptyMoments(2));
  });

  test('loses nothing to a large mean', () => {
    const { values } = randomBank(500, 4);
    const shifted = values.map((value) => Math.round(value * 1024) / 1024 + 2 ** 20);
    const centred = shifted.map((value) => value - 2 ** 20);
    const [a, b] = [momentsOf(shifted, 500, 4), momentsOf(centred, 500, 4)];
    expect(maxDifference(a.scatter, b.scatter) / b.scatter[0]).toBeLessThan(1e-13);
  });

  test('an all-equal bank leaves no scatter beyond rounding', () => {
    const { mean, scatter } = momentsOf(new Float64Array(7 * 9).fill(0.1), 7, 9);
    expect(maxDifference(mean, new Float64Array(9).fill(0.1))).toBeLessThan(1e-17);
    expect(maxDifference(scatter, new Float64Array(81))).toBeLessThan(1e-33);
  });

  test('does not depend on the order of filters', () => {
    const { values } = randomBank(40, 3);
    const reversed = new Float64Array(values.length);
    for (let i = 0; i < 40; i++) reversed.set(values.subarray(i * 3, i * 3 + 3), (39 - i) * 3);
    const [a, b] = [momentsOf(values, 40, 3), momentsOf(reversed, 40, 3)];
    expect(maxDifference(a.scatter, b.scatter)).toBeLessThan(1e-13);
    expect(maxDifference(a.mean, b.mean)).toBeLessThan(1e-15);
  });
});

describe('mergeMoments', () => {
  test('merge(a, b) is the moments of a followed by b', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(finite, finite)), fc.array(fc.tuple(finite, finite)), (a, b) => {
        const merged = mergeMoments(momentsOf(a.flat(), a.length, 2), momentsOf(b.flat(), b.length, 2));
        const direct = momentsOf([...a, ...b].flat(), a.length + b.length, 2);
        expect(merged.count).toBe(direct.count);
        expect(maxDifference(merged.mean, direct.mean)).toBeLessThan(1e-11);
        expect(maxDifference(merged.scatter, direct.scatter)).toBeLessThan(1e-6);
      }),
    );
  });

  test('nothing merged with nothing is nothing; with something, a copy of it', () => {
    const some = momentsOf([1, 2, 3, 5], 2, 2);
    expect(mergeMoments(emptyMoments(2), emptyMoments(2))).toEqual(emptyMoments(2));
    const copy = mergeMoments(some, emptyMoments(2));
    expect(copy).toEqual(some);
    expect(copy.mean).not.toBe(some.mean);
    expect(mergeMoments(emptyMoments(2), some)).toEqual(some);
  });

  test('refuses moments of other kernel sizes', () => {
    expect(() => mergeMoments(emptyMoments(9), emptyMoments(25))).toThrow(/9 and of 25 taps/);
  });
});

describe('momentsFromShiftedSums', () => {
  test('equals the two-pass moments whatever the shift', () => {
    const { values } = randomBank(25, 3);
    const shift = [0.5, -0.25, 1];
    const sum = new Float64Array(3);
    const upper = new Float64Array(6);
    for (let i = 0; i < 25; i++) {
      let at = 0;
      for (let a = 0; a < 3; a++) {
        sum[a] += values[i * 3 + a] - shift[a];
        for (let b = a; b < 3; b++)
          upper[at++] += (values[i * 3 + a] - shift[a]) * (values[i * 3 + b] - shift[b]);
      }
    }
    const joined = momentsFromShiftedSums(25, sum, upper, shift);
    const direct = momentsOf(values, 25, 3);
    expect(maxDifference(joined.mean, direct.mean)).toBeLessThan(1e-14);
    expect(maxDifference(joined.scatter, direct.scatter)).toBeLessThan(1e-12);
  });

  test('no filter: empty; rounding leaves no negative variance', () => {
    expect(momentsFromShiftedSums(0, [0], [0], [3])).toEqual(emptyMoments(1));
    expect(momentsFromShiftedSums(3, [0.3], [0.03 - 1e-17], [3]).scatter[0]).toBeGreaterThanOrEqual(0);
  });
});

test('covariance and tap variance have n - 1 in the denominator and are zero for n < 2', () => {
  const moments = momentsOf([1, 2, 3, 6, 5, 4], 3, 2);
  expect([...covariance(moments)]).toEqual([4, 2, 2, 4]);
  expect([...tapVariance(moments)]).toEqual([4, 4]);
  for (const few of [emptyMoments(2), momentsOf([7, 8], 1, 2)]) {
    expect([...covariance(few)]).toEqual([0, 0, 0, 0]);
    expect([...tapVariance(few)]).toEqual([0, 0]);
  }
});
