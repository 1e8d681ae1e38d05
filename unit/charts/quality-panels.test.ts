import { expect, test } from 'vitest';
import { entropyPanel, entropyRatioPanel, sparsityPanel } from '../../src/charts/quality-panels';
import type { LayerResult } from '../../src/domain/results';
import { DEFAULT_THRESHOLDS } from '../../src/domain/thresholds';

function layer(quality: Partial<LayerResult['quality']>, spatial = true): LayerResult {
  return {
    index: 0,
    filterCount: 10,
    nonFiniteCount: 0,
    quality: {
      sparsity: 0.1,
      varianceEntropy: 0.8,
      randomThreshold: 0.9,
      varianceEntropyRatio: 0.8 / 0.9,
      varianceEntropyClean: 0.8,
      varianceEntropyCleanRatio: null,
      orthogonality: 1,
      normL1: 1,
      normL2: 1,
      peak: 1,
      ...quality,
    },
    varianceShares: new Float64Array(spatial ? 9 : 0),
    tapVariance: new Float64Array(spatial ? 9 : 0),
    thumbnail: { values: new Float32Array(0), count: 0 },
    notes: [],
  };
}

test('follows the thresholds in force', () => {
  const moved = { ...DEFAULT_THRESHOLDS, sparseShare: 0.3, lowEntropy: 0.6 };
  expect(sparsityPanel([], moved).zones).toMatchObject([{ from: 0.3, label: 'sparse ≥ 30 %' }]);
  expect(entropyPanel([], moved).zones).toMatchObject([{ to: 0.6, label: 'low diversity < 0.6' }]);
  expect(entropyRatioPanel([]).zones).toMatchObject([{ from: 1, to: null }]);
});

test('shows nothing where a figure is not available', () => {
  const results = [layer({}), layer({ randomThreshold: null, varianceEntropyRatio: null, sparsity: null })];
  expect(sparsityPanel(results, DEFAULT_THRESHOLDS).values).toEqual([0.1, null]);
  expect(entropyRatioPanel(results).values).toEqual([0.8 / 0.9, null]);
  expect(entropyPanel(results, DEFAULT_THRESHOLDS).reference?.values).toEqual([0.9, null]);
});

test('leaves pointwise layers out of the entropy: their 0 is no finding', () => {
  const panel = entropyPanel([layer({ varianceEntropy: 0 }, false), layer({})], DEFAULT_THRESHOLDS);
  expect(panel.values).toEqual([null, 0.8]);
});
