import { expect, test } from 'vitest';
import {
  entropyPanel,
  entropyRatioPanel,
  isSimulated,
  sparsityPanel,
  type JudgedResult,
} from '../../src/charts/quality-panels';
import type { LayerResult } from '../../src/domain/results';
import { DEFAULT_THRESHOLDS } from '../../src/domain/thresholds';

function layer(
  quality: Partial<LayerResult['quality']>,
  spatial = true,
  judgement: JudgedResult['judgement'] = { threshold: 0.9, lowLimit: 0.5 },
): JudgedResult {
  const result: LayerResult = {
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
    traits: null,
    notes: [],
  };
  return { result, judgement };
}

test('follows the thresholds in force', () => {
  const moved = { ...DEFAULT_THRESHOLDS, sparseShare: 0.3, lowEntropy: 0.6 };
  expect(sparsityPanel([], moved).zones).toMatchObject([{ from: 0.3, label: 'sparse ≥ 30 %' }]);
  expect(entropyPanel([], moved).zones).toMatchObject([{ to: 0.6, label: 'low < 0.6 (3x3)' }]);
  expect(entropyRatioPanel([]).zones).toMatchObject([{ from: 1, to: null }]);
});

test('shows nothing where a figure is not available', () => {
  const none = { threshold: null, lowLimit: null };
  const layers = [layer({}), layer({ randomThreshold: null, sparsity: null }, true, none)];
  expect(sparsityPanel(layers, DEFAULT_THRESHOLDS).values).toEqual([0.1, null]);
  expect(entropyRatioPanel(layers).values).toEqual([0.8 / 0.9, null]);
  expect(entropyRatioPanel(layers).references![0]!.values).toEqual([0.5 / 0.9, null]);
  const [published, simulated] = entropyPanel(layers, DEFAULT_THRESHOLDS).references!;
  expect([published!.values, simulated!.values]).toEqual([
    [0.9, null],
    [null, null],
  ]);
});

test('a simulated threshold serves where none is published, and is marked', () => {
  const judged = layer({ randomThreshold: null }, true, { threshold: 1.6, lowLimit: 0.73 });
  expect(isSimulated(judged)).toBe(true);
  expect(entropyRatioPanel([judged])).toMatchObject({ values: [0.5], simulated: [true] });
  const [published, simulated, low] = entropyPanel([judged], DEFAULT_THRESHOLDS).references!;
  expect([published!.values, simulated!.values, low!.values]).toEqual([[null], [1.6], [0.73]]);
});

test('leaves pointwise layers out of the entropy: their 0 is no finding', () => {
  const panel = entropyPanel([layer({ varianceEntropy: 0 }, false), layer({})], DEFAULT_THRESHOLDS);
  expect(panel.values).toEqual([null, 0.8]);
});
