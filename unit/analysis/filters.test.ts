import { describe, expect, test } from 'vitest';
import { filterPeaks, layerMomentsReference, layerPeak, scaleFilters } from '../../src/analysis/filters';
import { emptyMoments } from '../../src/analysis/moments';
import { bankOf, goldenLayers, randomBank } from './support';

describe('filterPeaks', () => {
  test('largest magnitude of each filter, NaN for one that is not finite', () => {
    const bank = bankOf([
      [1, -3],
      [0, 0],
      [NaN, 9],
      [-Infinity, 1],
      [5, Infinity],
    ]);
    expect([...filterPeaks(bank)]).toEqual([3, 0, NaN, NaN, NaN]);
    expect(layerPeak(filterPeaks(bank))).toBe(3);
  });

  test('keeps the precision of the bank', () => {
    expect(filterPeaks({ values: Float32Array.of(0.1), count: 1, taps: 1 })).toEqual(Float32Array.of(0.1));
    expect(filterPeaks({ values: Float64Array.of(0.1), count: 1, taps: 1 })).toEqual(Float64Array.of(0.1));
    expect(layerPeak([])).toBe(0);
  });
});

test('scaled filters reach 1, zero filters stay zero, others become NaN', () => {
  const { values } = scaleFilters(
    bankOf([
      [1, -4],
      [0, 0],
      [NaN, 1],
    ]),
  );
  expect([...values]).toEqual([0.25, -1, 0, 0, NaN, NaN]);
});

describe('layerMomentsReference', () => {
  test('agrees with the oracle on norms, peak and sparsity', () => {
    for (const { name, bank, quality } of goldenLayers) {
      const moments = layerMomentsReference(bank, { sparsityEpsilon: 0.01 });
      expect(moments.normL1, name).toBeCloseTo(quality.normL1, 10);
      expect(moments.normL2, name).toBeCloseTo(quality.normL2, 10);
      expect(moments.peak, name).toBe(quality.peak);
      expect(moments.sparseCount / moments.filterCount, name).toBe(quality.sparsity);
      expect(moments.raw.count, name).toBe(moments.filterCount);
      expect(moments.clean.count, name).toBe(moments.filterCount - moments.sparseCount);
    }
  });

  test('filters that are not finite are counted and left out', () => {
    const bank = bankOf([
      [1, 2],
      [NaN, 100],
      [3, 5],
      [Infinity, 0],
    ]);
    const moments = layerMomentsReference(bank, { sparsityEpsilon: 0.01 });
    const without = layerMomentsReference(
      bankOf([
        [1, 2],
        [3, 5],
      ]),
      { sparsityEpsilon: 0.01 },
    );
    expect(moments).toEqual({ ...without, nonFiniteCount: 2 });
  });

  test('sparse is strictly below epsilon times the peak', () => {
    const bank = bankOf([[100], [1], [0.999]]);
    expect(layerMomentsReference(bank, { sparsityEpsilon: 0.01 }).sparseCount).toBe(1);
  });

  test('a chunk is judged against the peak of its layer', () => {
    const bank = bankOf([[1], [0.5]]);
    expect(layerMomentsReference(bank, { sparsityEpsilon: 0.01, layerPeak: 60 }).sparseCount).toBe(1);
    expect(layerMomentsReference(bank, { sparsityEpsilon: 0.01, layerPeak: 600 }).sparseCount).toBe(2);
  });

  test('an all-zero layer is all sparse; its moments are zero', () => {
    const bank = { values: new Float32Array(18), count: 2, taps: 9 };
    const { sparseCount, clean, scaled, peak } = layerMomentsReference(bank, { sparsityEpsilon: 0.01 });
    expect([sparseCount, peak]).toEqual([2, 0]);
    expect(clean).toEqual(emptyMoments(9));
    expect(scaled).toEqual({ ...emptyMoments(9), count: 2 });
  });

  test('a layer without filters, or without finite ones', () => {
    const none = layerMomentsReference(
      { values: new Float32Array(0), count: 0, taps: 9 },
      { sparsityEpsilon: 0.01 },
    );
    const bad = layerMomentsReference(bankOf([[NaN, 1]]), { sparsityEpsilon: 0.01 });
    for (const moments of [none, bad]) {
      expect([moments.filterCount, moments.peak, moments.normL1, moments.normL2]).toEqual([0, 0, 0, 0]);
      expect(moments.raw.count + moments.clean.count + moments.scaled.count).toBe(0);
    }
    expect(bad.nonFiniteCount).toBe(1);
  });

  test('scaled moments do not change when every filter is scaled by its own factor', () => {
    const bank = randomBank(50, 9);
    const factors = bank.values.map((value, k) => value * 2 ** ((Math.floor(k / 9) % 7) - 3));
    const options = { sparsityEpsilon: 0.01 };
    expect(layerMomentsReference({ ...bank, values: factors }, options).scaled).toEqual(
      layerMomentsReference(bank, options).scaled,
    );
  });
});
