import { describe, expect, test } from 'vitest';
import { judge, readVerdict, type JudgedLayer } from '../../src/analysis/verdicts';
import { UNMEASURED_QUALITY, type EntropyNull, type LayerQuality } from '../../src/domain/results';
import { DEFAULT_THRESHOLDS } from '../../src/domain/thresholds';
import type { InitialSigns, LayerTraits, Sign } from '../../src/domain/traits';

const LAYER: JudgedLayer = {
  kernel: [3, 3],
  shape: [64, 64, 3, 3],
  storedType: 'float32',
  filterCount: 4096,
  traits: null,
};

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

/** A sign so many deviations off its mean. */
function sign(z: number, mean: number, deviation: number): Sign {
  return { value: mean + z * deviation, z, mean, deviation };
}

function traits(some: Partial<InitialSigns> = {}, other: Partial<LayerTraits> = {}): LayerTraits {
  return {
    signs: {
      weightCount: 4096 * 9,
      filterCount: 4096,
      kurtosis: sign(-1, 0, 0.02),
      filterSpread: sign(-1, 2 / 9, 0.006),
      rowSpread: null,
      columnSpread: null,
      deviation: 0.3,
      ...some,
    },
    design: null,
    peaks: { rows: new Float64Array(64), columns: new Float64Array(64) },
    doubles: null,
    entropyNull: null,
    ...other,
  };
}

function simulated(low: number): EntropyNull {
  return { mean: low, low, high: low, draws: 1000, error: 0.001 };
}

function verdicts(
  some: Partial<LayerQuality>,
  layer: Partial<JudgedLayer> = {},
  thresholds = DEFAULT_THRESHOLDS,
) {
  return judge(quality(some), thresholds, { ...LAYER, ...layer }).verdicts;
}

function names(...input: Parameters<typeof verdicts>): string[] {
  return verdicts(...input).map(({ name }) => name);
}

describe('where H reaches that of random filters', () => {
  const high = { varianceEntropy: 0.952 };

  test('weights spread as in a usual start look untrained', () => {
    const [verdict] = verdicts(high, { traits: traits() });
    expect(verdict.name).toBe('looks-untrained');
    expect(verdict.explanation).toContain('H = 0.952 reaches T_H = 0.950, that of 4,096 random 3x3 filters');
    expect(verdict.explanation).toContain('a normal start (excess kurtosis −0.02');
    expect(verdict.explanation).toContain('never trained, or training hardly moved it');
  });

  test('whose start it is is named by the standard deviation', () => {
    const of = (deviation: number) => verdicts(high, { traits: traits({ deviation }) })[0].explanation;
    expect(of(Math.sqrt(2 / 576))).toContain('0.0589 of Kaiming, fan in or Kaiming, fan out:');
    expect(of(Math.sqrt(1 / 576))).toContain('0.0417 of Xavier or LeCun:');
    expect(of(Math.sqrt(1 / (3 * 576)))).toContain('0.0241 of PyTorch’s default:');
    expect(of(0.3)).toContain('with a standard deviation of 0.300:');
  });

  test('a uniform start, far below the Gaussian null, is one', () => {
    const uniform = traits({
      kurtosis: sign(-47, 0, 0.0255),
      filterSpread: sign(-24, 2 / 9, 0.006),
    });
    const [verdict] = verdicts(high, { traits: uniform });
    expect(verdict.name).toBe('looks-untrained');
    expect(verdict.explanation).toContain('a uniform start');
  });

  test.each([
    ['kurtosis', 'kurtosis of the weights'],
    ['filterSpread', 'spread of the filter norms'],
    ['rowSpread', 'spread of the channel norms'],
    ['columnSpread', 'spread of the channel norms'],
  ])('heavier %s: trained', (key, words) => {
    const [verdict] = verdicts(high, { traits: traits({ [key]: sign(15, 0.2, 0.006) }) });
    expect(verdict.name).toBe('random-but-trained');
    expect(verdict.explanation).toContain(`the ${words} lies 15 standard deviations above`);
    expect(verdict.explanation).not.toContain('nearly');
  });

  test('tails lighter than those of any start are no start', () => {
    expect(names(high, { traits: traits({ kurtosis: sign(-98, 0, 0.02) }) })).toEqual(['varied']);
  });

  test('few filters, or none looked at, tell nothing', () => {
    const few = traits({ kurtosis: sign(0, 0, 0.13), filterSpread: sign(0, 2 / 9, 0.02) });
    const fewer = traits({ kurtosis: sign(0, 0, 0.1), filterSpread: sign(0, 2 / 9, 0.03) });
    expect(names(high, { traits: few })).toEqual(['too-few']);
    expect(names(high, { traits: fewer })).toEqual(['too-few']);
    expect(names(high)).toEqual(['too-few']);
  });

  test('within the margin below the same signs are read, and nothing is called untrained', () => {
    const near = { varianceEntropy: 0.931 };
    expect(names(near, { traits: traits() })).toEqual(['near-random']);
    const [trained] = verdicts(near, { traits: traits({ kurtosis: sign(20, 0, 0.02) }) });
    expect(trained.name).toBe('random-but-trained');
    expect(trained.explanation).toContain('H = 0.931 lies within 0.02 of T_H = 0.950');
    expect(names({ varianceEntropy: 0.9299 }, { traits: traits() })).toEqual(['healthy']);
    // Random layers of this size have .953 on average, give or take .001.
    const entropyNull = { mean: 0.953, low: 0.953 - 1.96 * 0.001, high: 0.954, draws: 1000, error: 0.001 };
    const withNull = { traits: traits({}, { entropyNull }) };
    expect(names({ varianceEntropy: 0.9495 }, withNull)).toEqual(['near-random']);
    const [below] = verdicts({ varianceEntropy: 0.9485 }, withNull);
    expect(below.name).toBe('random-but-trained');
    expect(below.explanation).toContain('do not have so low an H (0.951 or more in 97.5 %)');
  });
});

describe('sparse and low in diversity', () => {
  test('sparse from the share on, low in diversity below the limit, both as one', () => {
    expect(names({ sparsity: 0.14 })).toEqual(['sparse']);
    expect(names({ sparsity: 0.139 })).toEqual(['healthy']);
    expect(names({ varianceEntropy: 0.499 })).toEqual(['low-diversity']);
    expect(names({ varianceEntropy: 0.5 })).toEqual(['healthy']);
    const [both, ...others] = verdicts({ varianceEntropy: 0.239, sparsity: 0.5 });
    expect(others).toEqual([]);
    expect(both.name).toBe('sparse-low-diversity');
    expect(both.explanation).toContain('50 % of the filters stay below 1 % of the layer’s largest weight');
    expect(both.explanation).toContain('H = 0.239, below the threshold 0.5 (maximum 0.954)');
  });

  test('thresholds are the ones given', () => {
    const strict = { ...DEFAULT_THRESHOLDS, sparseShare: 0.01, lowEntropy: 0.9 };
    expect(names({ sparsity: 0.02 }, {}, strict)).toEqual(['sparse-low-diversity']);
  });

  test('the further past the threshold, the larger the excess, between 0 and 1', () => {
    const excess = (some: Partial<LayerQuality>, layer = {}) => verdicts(some, layer)[0].excess;
    expect(excess({ sparsity: 0.14 })).toBe(0);
    expect(excess({ sparsity: 1 })).toBe(1);
    expect(excess({ sparsity: 0.5 })).toBeGreaterThan(excess({ sparsity: 0.3 }));
    expect(excess({ varianceEntropy: 0 })).toBe(1);
    expect(excess({ varianceEntropy: 0.3 })).toBeGreaterThan(excess({ varianceEntropy: 0.4 }));
    const near = (varianceEntropy: number) => excess({ varianceEntropy }, { traits: traits() });
    expect(near(0.949)).toBeGreaterThan(near(0.931));
  });

  test('for other kernel sizes the limit is as large a part of the largest H, and random filters must reach it', () => {
    const layer = { kernel: [5, 5], filterCount: 900, traits: traits({}, { entropyNull: simulated(1.385) }) };
    const limit = (0.5 / Math.log10(9)) * Math.log10(25);
    const at = (varianceEntropy: number, other = layer) =>
      names({ varianceEntropy, randomThreshold: null }, other);
    expect(at(limit - 1e-6)).toEqual(['low-diversity']);
    expect(at(limit + 1e-6)).toEqual(['healthy']);
    const [low] = verdicts({ varianceEntropy: 0.4, randomThreshold: null }, layer);
    expect(low.explanation).toContain(
      'below the threshold 0.732, scaled from 3x3 to this kernel size (maximum 1.398)',
    );
    // Three filters of 25 taps: random ones often fall below 0.158.
    const few = { ...layer, filterCount: 3, traits: traits({}, { entropyNull: simulated(0.1) }) };
    expect(at(0.079, few)).toEqual(['low-diversity']);
    expect(at(0.081, few)).not.toContain('low-diversity');
  });

  test('of 3x3 filters too few to reach the limit it is not told', () => {
    const three = { filterCount: 3, traits: traits({}, { entropyNull: simulated(0.05) }) };
    expect(names({ varianceEntropy: 0.01, randomThreshold: null }, three)).toEqual(['healthy']);
    expect(names({ varianceEntropy: 0.8 }, {}, { ...DEFAULT_THRESHOLDS, lowEntropy: 0.9 })).toEqual([
      'low-diversity',
    ]);
    const five = { filterCount: 5, traits: traits({}, { entropyNull: simulated(0.5) }) };
    expect(names({ varianceEntropy: 0.4, randomThreshold: null }, five)).toEqual(['low-diversity']);
  });

  test('on a coarse grid the sentence says what sparsity means', () => {
    const of = (storedType: string) => verdicts({ sparsity: 0.3 }, { storedType })[0].explanation;
    expect(of('int8 (dequantised)')).toContain('stored as int8: one step of their grid is about 0.8 %');
    expect(of('uint4 (dequantised)')).toContain('about 14.3 %');
    expect(of('int16 (dequantised)')).not.toContain('grid');
    expect(of('float16')).not.toContain('grid');
  });
});

describe('what is not judged', () => {
  test('designed banks are named, whatever their figures', () => {
    const designed = { traits: traits({}, { design: 'sinusoid' }) };
    const [verdict, ...others] = verdicts({ varianceEntropy: 0.99, sparsity: 0.9 }, designed);
    expect(others).toEqual([]);
    expect(verdict.name).toBe('designed');
    expect(verdict.explanation).toContain('a sampled sinusoid');
    const few = { ...designed, kernel: [64, 64], filterCount: 8 };
    expect(names({ varianceEntropy: NaN, randomThreshold: null }, few)).toEqual(['designed']);
  });

  test('pointwise layers are not held against thresholds made for 3x3 kernels', () => {
    const pointwise = { kernel: [1, 1], filterCount: 64 };
    for (const sparsity of [0, 0.14, 1]) {
      expect(names({ varianceEntropy: 0, sparsity }, pointwise)).toEqual(['pointwise']);
    }
    expect(verdicts({ sparsity: 0.3 }, pointwise)[0].explanation).toContain('30 % of the weights');
    expect(names({ sparsity: 1, peak: 0 }, pointwise)).toEqual(['all-zero']);
  });

  test('a layer of zeros is that', () => {
    expect(verdicts({ sparsity: 1, peak: 0, varianceEntropy: 0 })).toEqual([
      { name: 'all-zero', explanation: 'All weights are zero: the layer contributes nothing.', excess: 0 },
    ]);
  });

  test('of a layer that could not be read, is empty, has one filter or overflows nothing is said but that', () => {
    const none = ['not-measurable'];
    expect(verdicts({ ...UNMEASURED_QUALITY }, { filterCount: 0 })[0].explanation).toBe(
      'The weights of the layer could not be read.',
    );
    expect(names({ sparsity: null }, { filterCount: 0 }, { ...DEFAULT_THRESHOLDS, sparseShare: 0 })).toEqual(
      none,
    );
    expect(names({ varianceEntropy: 0 }, { filterCount: 1 })).toEqual(none);
    expect(names({ varianceEntropy: NaN, peak: 1e200 })).toEqual(none);
  });

  test('kernels of too many taps are said to be so; sparsity is told of them', () => {
    const layer = { kernel: [64, 64], filterCount: 8 };
    const nothing = { varianceEntropy: NaN, randomThreshold: null };
    const [verdict, ...others] = verdicts(nothing, layer);
    expect(verdict.explanation).toMatch(/4,096 taps .* up to 1,024 taps/);
    expect(others).toEqual([]);
    expect(names({ ...nothing, sparsity: 0.5 }, layer)).toEqual(['sparse', 'not-measurable']);
  });

  test('other kernel sizes wait for their simulated threshold', () => {
    const layer = { kernel: [5, 5], filterCount: 900, traits: traits() };
    const some = { varianceEntropy: 1.39, randomThreshold: null };
    expect(names(some, layer)).toEqual(['not-measurable']);
    expect(names({ ...some, sparsity: 0.3 }, layer)).toEqual(['sparse']);
    const known = { ...layer, traits: traits({}, { entropyNull: simulated(1.385) }) };
    expect(names(some, known)).toEqual(['looks-untrained']);
    expect(names({ ...some, varianceEntropy: 1.2 }, known)).toEqual(['healthy']);
  });

  test('two filters, whose H is always 0, are not called random', () => {
    const pair = { filterCount: 2, traits: traits({}, { entropyNull: simulated(0) }) };
    expect(names({ varianceEntropy: 3e-17, randomThreshold: null }, pair)).toEqual(['not-measurable']);
  });
});

test('healthy is explained by its numbers', () => {
  expect(verdicts({})[0].explanation).toContain('H = 0.850 is 89.5 % of T_H = 0.950');
});

test('readVerdict names the gravest, and verdicts come gravest first', () => {
  const both = verdicts({ varianceEntropy: 0.96, sparsity: 0.2 }, { traits: traits() });
  expect(both.map(({ name }) => name)).toEqual(['looks-untrained', 'sparse']);
  expect(readVerdict(both.toReversed()).name).toBe('looks-untrained');
  const trained = traits({ kurtosis: sign(20, 0, 0.02) });
  expect(names({ varianceEntropy: 0.96, sparsity: 0.2 }, { traits: trained })).toEqual([
    'sparse',
    'random-but-trained',
  ]);
});
