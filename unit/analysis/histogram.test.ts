import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { densityReference } from '../../src/analysis/density';
import {
  addHistograms,
  binOf,
  componentCounts,
  histogramEdges,
  histogramQuantile,
  histogramReference,
  usableRange,
} from '../../src/analysis/histogram';
import { coefficientsReference, basisFromMoments } from '../../src/analysis/pca';
import { layerMomentsReference } from '../../src/analysis/filters';
import golden from '../golden/analysis/histograms.json';
import { goldenLayers } from './support';

test.each(golden)('$bins bins over $range: values on and beside edges as numpy counts them', (entry) => {
  const { counts } = histogramReference(entry.values, 1, entry.range as [number, number], entry.bins);
  const filled = [...counts].flatMap((count, k) => (count > 0 ? [[k, count]] : []));
  expect(filled).toEqual(entry.bins_filled);
});

test.each(goldenLayers.filter(({ basis }) => basis))(
  'histogram of "$name" as the oracle counts it',
  ({ bank, basis }) => {
    const found = basisFromMoments(layerMomentsReference(bank, { sparsityEpsilon: 0.01 }).scaled)!;
    // The smallest and largest coefficient lie on edges: the range must be the coefficients' own.
    const coefficients = coefficientsReference(bank, found);
    const [low, high] = basis!.coefficientRange;
    const { counts } = histogramReference(coefficients, bank.taps, [low - 1e-12, high + 1e-12], 70);
    const rank = basis!.explainedVariance.filter((value) => value > 1e-12).length;
    expect([...counts.subarray(0, rank * 70)]).toEqual(basis!.histogram.slice(0, rank).flat());
  },
);

describe('binOf', () => {
  test('the last bin is closed, outside and NaN are not counted', () => {
    const edges = histogramEdges([0, 7], 7);
    expect([0, 0.99, 1, 6, 7, 7.01, -0.01, NaN, Infinity].map((value) => binOf(value, edges))).toEqual([
      0, 0, 1, 6, 6, -1, -1, -1, -1,
    ]);
  });

  test('each value lies between the edges of its bin', () => {
    const range = fc.tuple(
      fc.double({ min: -4, max: 0, noNaN: true }),
      fc.double({ min: 1e-3, max: 4, noNaN: true }),
    );
    fc.assert(
      fc.property(
        range,
        fc.integer({ min: 1, max: 1120 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (r, bins, share) => {
          const edges = histogramEdges(r, bins);
          const value = Math.min(r[1], r[0] + share * (r[1] - r[0]));
          const k = binOf(value, edges);
          expect(value).toBeGreaterThanOrEqual(edges[k]);
          if (k < bins - 1) expect(value).toBeLessThan(edges[k + 1]);
          else expect(value).toBeLessThanOrEqual(edges[bins]);
        },
      ),
    );
  });
});

test('a range without width becomes one of width 1, as in numpy', () => {
  expect(usableRange([2, 2])).toEqual([1.5, 2.5]);
  const { counts, range } = histogramReference([2, 2, NaN], 1, [2, 2], 4);
  expect([...counts]).toEqual([0, 0, 2, 0]);
  expect(range).toEqual([2, 2]);
});

test('components are counted apart, rows of NaN not at all', () => {
  const histogram = histogramReference([0, 1, NaN, NaN, 0.2, 0.9], 2, [0, 1], 2);
  expect([...componentCounts(histogram, 0)]).toEqual([2, 0]);
  expect([...componentCounts(histogram, 1)]).toEqual([0, 2]);
});

describe('addHistograms', () => {
  const histogram = {
    range: [0, 1] as [number, number],
    bins: 4,
    counts: Uint32Array.of(1, 2, 3, 4, 5, 6, 7, 8),
  };

  test('keeps the counts', () => {
    expect(addHistograms(histogram, histogram).counts).toEqual(histogram.counts.map((count) => 2 * count));
  });

  test('refuses what does not fit', () => {
    expect(() => addHistograms(histogram, { ...histogram, bins: 2 })).toThrow(/different ranges or bins/);
    expect(() => addHistograms(histogram, { ...histogram, range: [0, 2] })).toThrow(
      /different ranges or bins/,
    );
  });
});

test('quantiles lie between order statistics, spread evenly within a bin', () => {
  expect([0, 0.5, 1].map((q) => histogramQuantile([2, 0, 2], [0, 3], q))).toEqual([0.25, 1.5, 2.75]);
  expect(histogramQuantile([0, 4, 0], [0, 3], 0.5)).toBe(1.5);
  expect(histogramQuantile([0, 0, 1], [0, 3], 0.5)).toBe(2.5);
  expect(histogramQuantile([0, 0], [0, 1], 0.5)).toBeNaN();
});

test('density counts the second component by row, values outside not at all', () => {
  const coefficients = [0.5, 9, -0.5, 0.5, 9, 0.5, 1, 9, 1, 2, 9, 0, NaN, NaN, NaN];
  expect([...densityReference(coefficients, 3, [0, 2], 2, 1)]).toEqual([0, 1, 0, 2]);
});
