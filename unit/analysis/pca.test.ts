import { describe, expect, test } from 'vitest';
import type { FilterBank } from '../../src/domain/filters';
import type { Basis } from '../../src/domain/results';
import { layerMomentsReference } from '../../src/analysis/filters';
import { emptyMoments, momentsOf } from '../../src/analysis/moments';
import { basisFromMoments, coefficientsReference, offsets, rangeReference } from '../../src/analysis/pca';
import { bankOf, goldenLayers, maxDifference, randomBank } from './support';

function basisOf(bank: FilterBank): Basis {
  return basisFromMoments(layerMomentsReference(bank, { sparsityEpsilon: 0.01 }).scaled)!;
}

const golden = goldenLayers.flatMap(({ name, bank, basis }) => (basis ? [{ name, bank, basis }] : []));

test.each(golden)('basis and coefficients of "$name" as the oracle finds them', ({ bank, basis }) => {
  const found = basisOf(bank);
  expect(maxDifference(found.mean, basis.mean)).toBeLessThan(1e-14);
  expect(maxDifference(found.explainedVariance, basis.explainedVariance)).toBeLessThan(1e-14);
  expect(maxDifference(found.explainedVarianceRatio, basis.explainedVarianceRatio)).toBeLessThan(1e-13);
  // Components of no variance (fewer filters than taps) are any directions left over.
  const rank = basis.explainedVariance.filter((value) => value > 1e-12).length;
  expect(
    maxDifference(found.components.subarray(0, rank * bank.taps), basis.components.slice(0, rank).flat()),
  ).toBeLessThan(1e-11);
  const range = rangeReference(coefficientsReference(bank, found))!;
  expect(maxDifference(range, basis.coefficientRange)).toBeLessThan(1e-12);
});

describe('basisFromMoments', () => {
  test('needs two filters', () => {
    expect(basisFromMoments(emptyMoments(9))).toBeNull();
    expect(basisFromMoments(momentsOf([1, 2, 3], 1, 3))).toBeNull();
    expect(basisFromMoments(momentsOf([1, 0, 0, 1], 2, 2))?.filterCount).toBe(2);
  });

  test('filters all equal: no variance, unit vectors', () => {
    const basis = basisOf(bankOf(Array.from({ length: 5 }, () => [0.1, 0.3, -0.7])));
    expect([...basis.explainedVariance, ...basis.explainedVarianceRatio]).toEqual([0, 0, 0, 0, 0, 0]);
    expect([...basis.components]).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 1]);
  });

  test('a single tap', () => {
    const basis = basisOf(bankOf([[2], [-3], [0]]));
    expect([...basis.components, ...basis.explainedVariance]).toEqual([1, 1]);
    expect(basis.mean[0]).toBeCloseTo(0, 15);
  });

  test('ratios sum to 1', () => {
    expect(basisOf(randomBank(50, 9)).explainedVarianceRatio.reduce((a, b) => a + b)).toBeCloseTo(1, 14);
  });
});

describe('coefficientsReference', () => {
  test('are uncorrelated, centred, with the variances of the basis', () => {
    const bank = randomBank(200, 4, 8);
    const basis = basisOf(bank);
    const coefficients = coefficientsReference(bank, basis);
    const { mean: centre, scatter } = momentsOf(coefficients, 200, 4);
    expect(maxDifference(centre, new Float64Array(4))).toBeLessThan(1e-14);
    for (let i = 0; i < 4; i++) {
      for (let j = 0; j < 4; j++) {
        expect(scatter[i * 4 + j] / 199).toBeCloseTo(i === j ? basis.explainedVariance[i] : 0, 13);
      }
    }
  });

  test('a zero filter lies at minus the offsets, one that is not finite is NaN', () => {
    const basis = basisOf(randomBank(20, 3));
    const coefficients = coefficientsReference(
      bankOf([
        [0, 0, 0],
        [1, NaN, 0],
      ]),
      basis,
    );
    const minus = offsets(basis).map((value) => -value);
    expect(maxDifference(coefficients.subarray(0, 3), minus)).toBeLessThan(1e-15);
    expect([...coefficients.subarray(3)]).toEqual([NaN, NaN, NaN]);
  });

  test('restore the scaled filter', () => {
    const bank = randomBank(3, 5, 2);
    const basis = basisOf(randomBank(40, 5));
    const coefficients = coefficientsReference(bank, basis);
    const filter = bank.values.subarray(5, 10);
    const peak = Math.max(...filter.map(Math.abs));
    const restored = basis.mean.map((value, t) =>
      [0, 1, 2, 3, 4].reduce((sum, i) => sum + coefficients[5 + i] * basis.components[i * 5 + t], value),
    );
    expect(
      maxDifference(
        restored,
        filter.map((value) => value / peak),
      ),
    ).toBeLessThan(1e-14);
  });

  test('refuse filters of another size', () => {
    expect(() => coefficientsReference(randomBank(2, 4), basisOf(randomBank(9, 9)))).toThrow(/4 taps/);
  });
});

test('rangeReference ignores NaN and is null for nothing', () => {
  expect(rangeReference([NaN, 2, -1, NaN])).toEqual([-1, 2]);
  expect(rangeReference([NaN])).toBeNull();
  expect(rangeReference([])).toBeNull();
});
