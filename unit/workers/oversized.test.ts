import { describe, expect, test } from 'vitest';
import { layerMomentsReference } from '../../src/analysis/filters';
import { createRandom } from '../../src/analysis/random';
import { isOversized, isSpatial, MAX_SPATIAL_TAPS } from '../../src/domain/spatial';
import { measureOversized } from '../../src/workers/oversized';
import { layer } from '../support/model-record';

const KERNEL = [33, 33];
const TAPS = 33 * 33;

function bank(count: number) {
  const random = createRandom(3);
  const values = Float64Array.from({ length: count * TAPS }, () => random.normal());
  values.fill(1e-3, 2 * TAPS, 3 * TAPS);
  values[5 * TAPS] = NaN;
  return { values, count, taps: TAPS };
}

async function* cut({ values, count, taps }: ReturnType<typeof bank>, step: number) {
  for (let first = 0; first < count; first += step) {
    const end = Math.min(count, first + step);
    yield { values: values.subarray(first * taps, end * taps), count: end - first, taps };
  }
}

describe('measureOversized', () => {
  const all = bank(8);
  const oversized = layer(0, { kernel: KERNEL, taps: TAPS, storedFilterCount: 8, shape: [8, 1, ...KERNEL] });

  test.each([1, 3, 8])(
    'counts, sparsity and norms are those of the definitions, in runs of %i',
    async (step) => {
      const { result, scaled } = await measureOversized(oversized, cut(all, step), 0.01);
      const expected = layerMomentsReference(all, { sparsityEpsilon: 0.01 });
      expect(result).toMatchObject({ filterCount: 7, nonFiniteCount: 1, quality: { sparsity: 1 / 7 } });
      expect(result.quality.normL1).toBeCloseTo(expected.normL1, 9);
      expect(result.quality.normL2).toBeCloseTo(expected.normL2, 9);
      expect(result.quality.peak).toBe(expected.peak);
      expect(scaled.count).toBe(0);
    },
  );

  test('says what is left out, and gives no number for it', async () => {
    const { result } = await measureOversized(oversized, cut(all, 8), 0.01);
    expect(result.notes).toEqual([expect.stringMatching(/^Kernels of 1,089 taps .* up to 1,024 taps\.$/)]);
    expect(result.quality.varianceEntropy).toBeNaN();
    expect(result.quality.varianceEntropyClean).toBeNaN();
    expect(result.varianceShares).toHaveLength(0);
  });

  test('gives no sparsity where every filter holds NaN', async () => {
    const broken = { values: new Float64Array(2 * TAPS).fill(NaN), count: 2, taps: TAPS };
    const { result } = await measureOversized({ ...oversized, storedFilterCount: 2 }, cut(broken, 2), 0.01);
    expect(result).toMatchObject({ filterCount: 0, nonFiniteCount: 2, quality: { sparsity: null, peak: 0 } });
  });
});

test('kernels of one tap and of more than the limit are not analysed spatially', () => {
  expect(isSpatial([1, 1])).toBe(false);
  expect(isSpatial([MAX_SPATIAL_TAPS])).toBe(true);
  expect(isSpatial([MAX_SPATIAL_TAPS + 1])).toBe(false);
  expect(isOversized([32, 32])).toBe(false);
  expect(isOversized(KERNEL)).toBe(true);
});
