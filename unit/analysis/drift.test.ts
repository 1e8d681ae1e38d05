import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EMPTY_BIN_DENSITY, decileOf, drift, driftMatrix } from '../../src/analysis/drift';
import { histogramReference } from '../../src/analysis/histogram';
import { layerMomentsReference } from '../../src/analysis/filters';
import { basisFromMoments, coefficientsReference } from '../../src/analysis/pca';
import deciles from '../golden/analysis/deciles.json';
import { goldenLayers, maxDifference } from './support';

const BINS = 70;
const counts = fc
  .array(fc.nat({ max: 200 }), { minLength: 12, maxLength: 12 })
  .map((c) => (c.some(Boolean) ? c : c.fill(1)));
const RANGE = [-2, 1] as const;

test.each(goldenLayers.filter(({ name }) => ['random 3x3', 'sparse', '5x5'].includes(name)))(
  'drift within "$name" as the oracle measures it',
  ({ bank, basis }) => {
    const { taps } = bank;
    const golden = basis!;
    const found = basisFromMoments(layerMomentsReference(bank, { sparsityEpsilon: 0.01 }).scaled)!;
    const rank = golden.explainedVariance.filter((value) => value > 1e-12).length;
    const coefficients = coefficientsReference(bank, found);
    const [low, high] = golden.coefficientRange;
    const range = [low - 1e-12, high + 1e-12] as const;
    const [a, b] = [
      histogramReference(coefficients.subarray(0, golden.first * taps), taps, range, BINS).counts,
      histogramReference(coefficients.subarray(golden.first * taps), taps, range, BINS).counts,
    ];
    const { total, perComponent } = drift(a, b, taps, BINS, range, found.explainedVarianceRatio);
    expect(total).toBeCloseTo(golden.drift, 8);
    expect(
      maxDifference(perComponent.subarray(0, rank), golden.driftPerComponent.slice(0, rank)),
    ).toBeLessThan(1e-8);
  },
);

describe('drift', () => {
  test('is zero for equal shapes whatever the sizes, symmetric and never negative', () => {
    fc.assert(
      fc.property(counts, counts, fc.integer({ min: 2, max: 50 }), (a, b, factor) => {
        expect(drift(a, a, 1, 12, RANGE, [1]).total).toBe(0);
        const more = a.map((count) => count * factor);
        expect(drift(a, more, 1, 12, RANGE, [1]).total).toBeLessThan(1e-12);
        const there = drift(a, b, 1, 12, RANGE, [1]).total;
        expect(drift(b, a, 1, 12, RANGE, [1]).total).toBe(there);
        expect(there).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  test('empty bins get float32 eps as a density before normalising', () => {
    const width = 0.5;
    const raised = EMPTY_BIN_DENSITY / (1 / width + EMPTY_BIN_DENSITY);
    const rest = 1 - raised;
    const { total, perComponent } = drift([3, 0], [0, 9], 1, 2, [0, 1], [0.5]);
    expect(EMPTY_BIN_DENSITY).toBe(Number(Math.fround(2 ** -23)));
    expect(perComponent[0]).toBeCloseTo(2 * (rest - raised) * Math.log(rest / raised), 10);
    expect(total).toBeCloseTo(perComponent[0] / 2, 12);
  });

  test('an empty group has no drift', () => {
    expect(drift([0, 0], [1, 2], 1, 2, [0, 1], [1]).total).toBeNaN();
  });

  test('weights the components', () => {
    const [a, b] = [
      [1, 3, 2, 2],
      [3, 1, 2, 2],
    ];
    const { total, perComponent } = drift(a, b, 2, 2, [0, 1], [0.25, 0.75]);
    expect(perComponent[1]).toBe(0);
    expect(perComponent[0]).toBeCloseTo(Math.log(3), 12);
    expect(total).toBeCloseTo(0.25 * Math.log(3), 12);
  });
});

test('driftMatrix holds the drift of every pair', () => {
  const groups = [
    [1, 5, 4],
    [4, 4, 2],
    [0, 1, 9],
  ];
  const matrix = driftMatrix(groups, 1, 3, RANGE, [1]);
  groups.forEach((a, i) =>
    groups.forEach((b, j) => expect(matrix[i * 3 + j]).toBe(drift(a, b, 1, 3, RANGE, [1]).total)),
  );
  expect(driftMatrix([], 9, 70, RANGE, [])).toEqual(new Float64Array(0));
});

test('decileOf is the oracle', () => {
  for (const [fraction, decile] of deciles) expect(decileOf(fraction), String(fraction)).toBe(decile);
  expect([0, 0.1, 0.3, 0.7, 1].map(decileOf)).toEqual([0, 0, 2, 6, 9]);
});
