import { describe, expect, test } from 'vitest';
import type { FilterBank } from '../../src/domain/filters';
import type { LayerQuality } from '../../src/domain/results';
import { symmetricEigen } from '../../src/analysis/eigen';
import { layerMomentsReference } from '../../src/analysis/filters';
import { covariance } from '../../src/analysis/moments';
import { orthogonalityReference } from '../../src/analysis/orthogonality';
import { layerQuality } from '../../src/analysis/quality';
import { bankOf, goldenLayers, randomBank } from './support';

function qualityOf(bank: FilterBank, kernel: number[], rows: number): LayerQuality {
  const moments = layerMomentsReference(bank, { sparsityEpsilon: 0.01 });
  return layerQuality({
    moments,
    rawEigenvalues: symmetricEigen(covariance(moments.raw), bank.taps).values,
    cleanEigenvalues: symmetricEigen(covariance(moments.clean), bank.taps).values,
    orthogonality: orthogonalityReference(bank.values, rows, (bank.count * bank.taps) / rows),
    kernel,
  });
}

test.each(goldenLayers)(
  'quality of "$name" as the oracle measures it',
  ({ bank, kernel, shape, quality }) => {
    const found = qualityOf(bank, kernel, shape[0]);
    expect(Object.keys(found).sort()).toEqual(Object.keys(quality).sort());
    for (const [name, expected] of Object.entries(quality) as [keyof LayerQuality, number | null][]) {
      if (expected === null) expect(found[name], name).toBeNull();
      else expect(found[name], name).toBeCloseTo(expected, 11);
    }
  },
);

describe('layerQuality', () => {
  test('the clean threshold is that of the filters left', () => {
    const bank = randomBank(10, 9);
    bank.values.fill(0, 0, 18);
    const found = qualityOf(bank, [3, 3], 2);
    expect(found.randomThreshold).not.toBeNull();
    expect(found.varianceEntropyCleanRatio).toBeNull();
    expect(found.sparsity).toBe(0.2);
  });

  test('filters all equal have no variance, whatever their value rounds to', () => {
    for (const value of [0.1, 1 / 3, -1e-30, 1e30]) {
      const bank = { values: new Float64Array(7 * 9).fill(value), count: 7, taps: 9 };
      const found = qualityOf(bank, [3, 3], 7);
      expect([found.varianceEntropy, found.varianceEntropyClean]).toEqual([0, 0]);
      expect(found.orthogonality).toBeCloseTo(0, 14);
    }
  });

  test('no finite filter', () => {
    expect(qualityOf(bankOf([[NaN, 1, 2]]), [3], 1)).toEqual({
      sparsity: null,
      varianceEntropy: 0,
      randomThreshold: null,
      varianceEntropyRatio: null,
      varianceEntropyClean: 0,
      varianceEntropyCleanRatio: null,
      orthogonality: null,
      normL1: 0,
      normL2: 0,
      peak: 0,
    });
  });

  test('entropy and orthogonality ignore scale and order; the entropy also a common offset', () => {
    const bank = randomBank(24, 9, 4);
    const plain = qualityOf(bank, [3, 3], 4);
    const scaled = qualityOf({ ...bank, values: bank.values.map((value) => -3 * value) }, [3, 3], 4);
    const offset = qualityOf({ ...bank, values: bank.values.map((value) => value + 10) }, [3, 3], 4);
    const rows = bankOf(
      Array.from({ length: 4 }, (_, i) => [...bank.values.subarray(i * 54, i * 54 + 54)]).reverse(),
    );
    const reversed = qualityOf({ ...bank, values: rows.values }, [3, 3], 4);
    for (const other of [scaled, offset, reversed]) {
      expect(other.varianceEntropy).toBeCloseTo(plain.varianceEntropy, 12);
    }
    for (const other of [scaled, reversed]) expect(other.orthogonality).toBeCloseTo(plain.orthogonality!, 12);
  });
});

describe('orthogonalityReference', () => {
  test('1 for orthogonal rows, 0 for parallel ones', () => {
    expect(orthogonalityReference([2, 0, 0, 0, -3, 0], 2, 3)).toBe(1);
    expect(orthogonalityReference([1, 1, 2, 2, -3, -3], 3, 2)).toBeCloseTo(0, 15);
  });

  test('a zero row counts 1 on the diagonal', () => {
    expect(orthogonalityReference([1, 0, 0, 0], 2, 2)).toBe(0.5);
    expect(orthogonalityReference([0, 0, 0, 0], 2, 2)).toBe(0);
  });

  test('rows that are not finite are left out; fewer than two rows give null', () => {
    expect(orthogonalityReference([1, 0, NaN, 5, 0, 1], 3, 2)).toBe(1);
    expect(orthogonalityReference([1, 0, Infinity, 5], 2, 2)).toBeNull();
    expect(orthogonalityReference([1, 0], 1, 2)).toBeNull();
    expect(orthogonalityReference([], 0, 2)).toBeNull();
  });

  test('does not overflow on large weights', () => {
    expect(orthogonalityReference([1e300, 0, 0, 1e-300], 2, 2)).toBe(1);
  });
});
