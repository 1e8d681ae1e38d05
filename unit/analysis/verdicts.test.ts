import { describe, expect, test } from 'vitest';
import { UNMEASURED_QUALITY, type LayerQuality } from '../../src/domain/results';
import { DEFAULT_THRESHOLDS } from '../../src/domain/thresholds';
import { readVerdict, verdicts, type JudgedLayer } from '../../src/analysis/verdicts';

const LAYER: JudgedLayer = { kernel: [3, 3], filterCount: 4096 };

function quality(some: Partial<LayerQuality>): LayerQuality {
  return {
    sparsity: 0,
    varianceEntropy: 0.85,
    randomThreshold: 0.95,
    varianceEntropyRatio: null,
    varianceEntropyClean: 0.85,
    varianceEntropyCleanRatio: null,
    orthogonality: null,
    normL1: 1,
    normL2: 1,
    peak: 1,
    ...some,
  };
}

function names(some: Partial<LayerQuality>, layer = LAYER, thresholds = DEFAULT_THRESHOLDS): string[] {
  return verdicts(quality(some), thresholds, layer).map(({ name }) => name);
}

describe('verdicts', () => {
  test('random from T_H on, degenerate from the margin below it', () => {
    expect(names({ varianceEntropy: 0.95 })).toEqual(['random']);
    expect(names({ varianceEntropy: 0.9499 })).toEqual(['degenerate']);
    expect(names({ varianceEntropy: 0.9299 })).toEqual(['healthy']);
  });

  test('sparse from the share on, low diversity below the limit, degenerate with both', () => {
    expect(names({ sparsity: 0.14 })).toEqual(['sparse']);
    expect(names({ sparsity: 0.139 })).toEqual(['healthy']);
    expect(names({ varianceEntropy: 0.499 })).toEqual(['low-diversity']);
    expect(names({ varianceEntropy: 0.5 })).toEqual(['healthy']);
    expect(names({ varianceEntropy: 0.3, sparsity: 0.5 })).toEqual(['degenerate', 'sparse', 'low-diversity']);
  });

  test('of a layer that could not be read nothing is said but that', () => {
    const [verdict, ...others] = verdicts(quality({ ...UNMEASURED_QUALITY }), DEFAULT_THRESHOLDS, {
      ...LAYER,
      filterCount: 0,
    });
    expect(verdict).toEqual({
      name: 'not-measurable',
      explanation: 'The weights of the layer could not be read.',
    });
    expect(others).toEqual([]);
  });

  test('thresholds are the ones given', () => {
    const strict = { ...DEFAULT_THRESHOLDS, sparseShare: 0.01, lowEntropy: 0.9, randomMargin: 0.2 };
    expect(names({ sparsity: 0.02 }, LAYER, strict)).toEqual(['degenerate', 'sparse', 'low-diversity']);
  });

  test('kernels of too many taps are said to be so, not to overflow', () => {
    const layer = { kernel: [64, 64], filterCount: 8 };
    const nothing = quality({ varianceEntropy: NaN, randomThreshold: null });
    const [verdict, ...others] = verdicts(nothing, DEFAULT_THRESHOLDS, layer);
    expect(verdict.name).toBe('not-measurable');
    expect(verdict.explanation).toMatch(/4,096 taps .* up to 1,024 taps/);
    expect(others).toEqual([]);
  });

  test('nothing is said of empty and single-filter layers or of an overflow; pointwise ones are named so', () => {
    const none = ['not-measurable'];
    expect(names({ varianceEntropy: 0 }, { kernel: [1, 1], filterCount: 64 })).toEqual(['pointwise']);
    expect(names({ sparsity: null }, { kernel: [3, 3], filterCount: 0 })).toEqual(none);
    expect(names({ varianceEntropy: 0 }, { kernel: [3, 3], filterCount: 1 })).toEqual(none);
    expect(names({ varianceEntropy: NaN, peak: 1e200 })).toEqual(none);
  });

  test('sparsity is told of layers whose spatial pattern cannot be judged, before that', () => {
    const pointwise = { kernel: [1, 1], filterCount: 64 };
    expect(names({ varianceEntropy: 0, sparsity: 0.139 }, pointwise)).toEqual(['pointwise']);
    expect(names({ varianceEntropy: 0, sparsity: 0.14 }, pointwise)).toEqual(['sparse', 'pointwise']);
    expect(names({ varianceEntropy: NaN, sparsity: 0.5 }, { kernel: [64, 64], filterCount: 8 })).toEqual([
      'sparse',
      'not-measurable',
    ]);
    const found = verdicts(quality({ sparsity: 1, peak: 0 }), DEFAULT_THRESHOLDS, pointwise);
    expect(readVerdict(found)).toEqual({ name: 'sparse', explanation: 'All weights are zero.' });
    const all = { ...DEFAULT_THRESHOLDS, sparseShare: 0 };
    expect(names({ sparsity: null }, { kernel: [3, 3], filterCount: 0 }, all)).toEqual(['not-measurable']);
  });

  test('low diversity is not told of layers that cannot reach the limit', () => {
    expect(
      names({ varianceEntropy: 0.3, randomThreshold: null }, { kernel: [3, 3], filterCount: 3 }),
    ).toEqual(['not-measurable']);
    expect(names({ varianceEntropy: 0.4, randomThreshold: null }, { kernel: [3], filterCount: 900 })).toEqual(
      ['not-measurable'],
    );
    expect(
      names({ varianceEntropy: 0.4, randomThreshold: null }, { kernel: [3, 3], filterCount: 5 }),
    ).toEqual(['low-diversity']);
  });

  test('other kernel sizes are judged against a simulated threshold where there is one', () => {
    const layer = { kernel: [5, 5], filterCount: 900 };
    const some = { varianceEntropy: 1.39, randomThreshold: null };
    expect(names(some, layer)).toEqual(['not-measurable']);
    expect(names(some, { ...layer, simulatedThreshold: 1.385 })).toEqual(['random']);
    expect(names({ ...some, varianceEntropy: 1.2 }, { ...layer, simulatedThreshold: 1.385 })).toEqual([
      'healthy',
    ]);
    expect(names({ ...some, sparsity: 0.3 }, layer)).toEqual(['sparse']);
  });

  test('two filters, whose H is always 0, are not called random', () => {
    const pair = { kernel: [3, 3], filterCount: 2, simulatedThreshold: 0 };
    expect(names({ varianceEntropy: 3e-17, randomThreshold: null }, pair)).toEqual(['not-measurable']);
    expect(names({ varianceEntropy: 0, randomThreshold: null, sparsity: 1 }, pair)).toEqual(['sparse']);
  });

  test('each is explained by its numbers', () => {
    const [random] = verdicts(quality({ varianceEntropy: 0.9512 }), DEFAULT_THRESHOLDS, LAYER);
    expect(random.explanation).toContain(
      'H = 0.951 reaches T_H = 0.95, the variance entropy of 4,096 random 3x3',
    );
    const [sparse] = verdicts(quality({ sparsity: 0.253 }), DEFAULT_THRESHOLDS, LAYER);
    expect(sparse.explanation).toContain('25.3 % of the filters stay below 1 % of the layer');
    const [healthy] = verdicts(quality({}), DEFAULT_THRESHOLDS, LAYER);
    expect(healthy.explanation).toContain('H = 0.85 is 89.5 % of T_H = 0.95');
  });
});

test('readVerdict names the gravest', () => {
  const read = (some: Partial<LayerQuality>): string =>
    readVerdict(verdicts(quality(some), DEFAULT_THRESHOLDS, LAYER)).name;
  expect(read({ varianceEntropy: 0.96, sparsity: 0.2 })).toBe('random');
  expect(read({ varianceEntropy: 0.3, sparsity: 0.2 })).toBe('degenerate');
  expect(read({ sparsity: 0.2 })).toBe('sparse');
  expect(read({})).toBe('healthy');
});
