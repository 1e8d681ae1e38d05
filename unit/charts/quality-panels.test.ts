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
  judgement: Partial<JudgedResult['judgement']> = {},
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
  return { result, judgement: { threshold: 0.9, lowLimit: 0.5, reach: 0.95, ...judgement } };
}

test('follows the thresholds in force', () => {
  const moved = { ...DEFAULT_THRESHOLDS, sparseShare: 0.3, lowEntropy: 0.6 };
  expect(sparsityPanel([], moved).zones).toMatchObject([{ from: 0.3, label: 'sparse ≥ 30 %' }]);
  expect(entropyPanel([]).zones).toEqual([]);
  expect(entropyRatioPanel([]).zones).toMatchObject([{ from: 1, to: null }]);
});

test('shows nothing where a figure is not available', () => {
  const none = { threshold: null, lowLimit: null };
  const layers = [layer({}), layer({ randomThreshold: null, sparsity: null }, true, none)];
  expect(sparsityPanel(layers, DEFAULT_THRESHOLDS).values).toEqual([0.1, null]);
  expect(entropyRatioPanel(layers).values).toEqual([0.8 / 0.9, null]);
  expect(entropyRatioPanel(layers).references![0]!.values).toEqual([0.5 / 0.9, null]);
  const [published, simulated] = entropyPanel(layers).references!;
  expect([published!.values, simulated!.values]).toEqual([
    [0.9, null],
    [null, null],
  ]);
});

test('a simulated threshold serves where none is published, and is marked', () => {
  const judged = layer({ randomThreshold: null }, true, { threshold: 1.6, lowLimit: 0.73 });
  expect(isSimulated(judged)).toBe(true);
  expect(entropyRatioPanel([judged])).toMatchObject({ values: [0.5], simulated: [true] });
  const [published, simulated] = entropyPanel([judged]).references!;
  expect([published!.values, simulated!.values]).toEqual([[null], [1.6]]);
});

test('one limit that all layers share is a zone, others are ticks', () => {
  const shared = entropyPanel([layer({}), layer({}, true, { lowLimit: null })]);
  expect(shared.zones).toMatchObject([{ from: null, to: 0.5, label: 'low in diversity < 0.5' }]);
  expect(shared.references!.map(({ line }) => line)).toEqual(['solid', 'dashed']);
  const own = entropyPanel([layer({}), layer({}, true, { lowLimit: 0.73 })]);
  expect(own.zones).toEqual([]);
  expect(own.references!.at(-1)).toMatchObject({ line: 'limit', values: [0.5, 0.73] });
});

test('leaves out of the entropy what has no H or is not judged by it', () => {
  const pointwise = layer({ varianceEntropy: 0 }, false, { reach: 0, threshold: null, lowLimit: null });
  const designed = layer({}, true, { threshold: null, lowLimit: null });
  designed.result.traits = {
    signs: null,
    design: 'blur',
    peaks: { rows: new Float64Array(0), columns: new Float64Array(0) },
    doubles: null,
    entropyNull: null,
  };
  const layers = [pointwise, designed, layer({})];
  expect(entropyPanel(layers).values).toEqual([null, null, 0.8]);
  expect(entropyRatioPanel(layers).values).toEqual([null, null, 0.8 / 0.9]);
  expect(sparsityPanel(layers, DEFAULT_THRESHOLDS).values).toEqual([0.1, 0.1, 0.1]);
});
