import { describe, expect, test } from 'vitest';
import { DEFAULT_THRESHOLDS, THRESHOLD_RANGES } from '../../src/domain/thresholds';
import { foldedValues, qualityFigures } from '../../src/views/layer/quality-figures';
import { modelFacts } from '../../src/views/overview/model-facts';
import { SLIDERS, sliderPosition, sliderValue, STEPS } from '../../src/views/overview/sliders';
import { layer, modelRecord } from '../support/model-record';

const [result] = modelRecord().layers;
function figures(quality: Partial<typeof result.quality>, changes = {}) {
  return qualityFigures({
    layer: layer(0, changes),
    result: { ...result, quality: { ...result.quality, ...quality } },
    thresholds: DEFAULT_THRESHOLDS,
    simulated: null,
  });
}

describe('qualityFigures', () => {
  test('every figure has a formula, a reading and a source', () => {
    for (const figure of figures({})) {
      expect(figure.formula && figure.reading && figure.source && figure.value).toBeTruthy();
    }
  });

  test('says what the numbers mean', () => {
    const readings = (quality: Partial<typeof result.quality>) =>
      figures(quality)
        .map(({ reading }) => reading)
        .join(' ');
    expect(readings({ sparsity: 0.5 })).toContain('could be pruned');
    expect(readings({ peak: 0, sparsity: 1 })).toContain('All weights are zero');
    expect(readings({ randomThreshold: 0.9, varianceEntropyRatio: 1.01 })).toContain(
      'cannot be told from random',
    );
    expect(readings({ varianceEntropy: NaN })).toContain('too large');
    expect(readings({ orthogonality: null })).toContain('Not available');
  });

  test('without a published threshold H is held against the simulated one, as the verdict holds it', () => {
    const simulated = { mean: 1.3, low: 1.2, high: 1.4, draws: 200 };
    const randomness = (varianceEntropy: number, filterCount = 900) =>
      qualityFigures({
        layer: layer(0, { kernel: [5, 5], taps: 25 }),
        result: { ...result, filterCount, quality: { ...result.quality, varianceEntropy } },
        thresholds: DEFAULT_THRESHOLDS,
        simulated,
      })[2];
    expect(randomness(0.9)).toMatchObject({ name: 'H / simulated T_H', value: '0.750' });
    expect(randomness(0.9).threshold).toContain('simulated T_H = 1.2');
    expect(randomness(1.2).reading).toContain('cannot be told from random');
    expect(randomness(0, 2)).toMatchObject({ value: '—', reading: expect.stringContaining('Two filters') });
  });

  test('one filter is one', () => {
    const [sparsity, , , norms] = qualityFigures({
      layer: layer(0),
      result: { ...result, filterCount: 1, quality: { ...result.quality, sparsity: 0 } },
      thresholds: DEFAULT_THRESHOLDS,
      simulated: null,
    });
    expect(sparsity.reading).toBe('0 of 1 filter is close to zero.');
    expect(norms.reading).toContain('all weights of 1 finite filter;');
  });

  test('kernels of too many taps get no entropy, and the limit is told', () => {
    const [, entropy, next] = figures({ varianceEntropy: NaN }, { kernel: [64, 64], taps: 4096 });
    expect(entropy).toMatchObject({ value: '—', reading: expect.stringMatching(/1,024 taps.*4,096/) });
    expect(next.name).toBe('Orthogonality');
  });

  test('pointwise layers get no entropy', () => {
    const values = Object.fromEntries(
      figures({}, { kernel: [1, 1], taps: 1 }).map(({ name, value }) => [name, value]),
    );
    expect(values['Variance entropy H']).toBe('—');
    expect(values['Clean H']).toBeUndefined();
  });
});

describe('foldedValues', () => {
  const foldedOf = (folded: Partial<typeof result.quality>, changes = {}) => {
    const input = { layer: layer(0, changes), result, thresholds: DEFAULT_THRESHOLDS, simulated: null };
    return foldedValues(input, { ...result.quality, ...folded });
  };

  test('stand under the names of the figures they are held beside', () => {
    const folded = foldedOf({ varianceEntropy: 0.642, sparsity: 0.25, orthogonality: 0.5 });
    expect(folded.get('Variance entropy H')).toBe('0.642');
    expect(folded.get('Sparsity S')).toBe('25.0 %');
    const names = figures({}).map(({ name }) => name);
    expect([...folded.keys()].filter((name) => !names.includes(name))).toEqual([]);
    expect(figures({}).find(({ name }) => name === 'Variance entropy H')?.value).toBe('0.800');
  });

  test('leave out what is not defined', () => {
    const folded = foldedOf({ orthogonality: null }, { kernel: [1, 1], taps: 1 });
    expect([...folded.keys()]).toEqual(['Sparsity S', 'L1 and L2 norm', 'Peak']);
  });
});

describe('modelFacts', () => {
  test('counts a shared weight once', () => {
    const layers = [
      layer(0),
      layer(1, { weightId: 0 }),
      layer(2, { kernel: [1, 1], taps: 1, storedFilterCount: 24 }),
    ];
    const facts = modelFacts(modelRecord(layers).description);
    expect(facts).toMatchObject({
      filterCount: 32,
      parameterCount: 8 * 9 + 24,
      bySize: [
        ['1x1', 24],
        ['3x3', 8],
      ],
      share3x3: 0.25,
    });
  });

  test('a model without layers has no share', () => {
    expect(modelFacts(modelRecord([]).description).share3x3).toBeNull();
  });
});

describe('sliders', () => {
  test.each(SLIDERS.map((slider) => [slider.key, slider] as const))(
    '%s keeps its default and its ends',
    (key, slider) => {
      const preset = DEFAULT_THRESHOLDS[key];
      expect(sliderValue(slider, sliderPosition(slider, preset))).toBe(preset);
      expect(sliderValue(slider, 0)).toBeCloseTo(THRESHOLD_RANGES[key][0], 10);
      expect(sliderValue(slider, STEPS)).toBeCloseTo(THRESHOLD_RANGES[key][1], 10);
    },
  );

  test('values rise with the position', () => {
    for (const slider of SLIDERS) {
      const values = Array.from({ length: STEPS + 1 }, (_, position) => sliderValue(slider, position));
      expect(values).toEqual([...values].sort((a, b) => a - b));
    }
  });
});
