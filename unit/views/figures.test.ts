import { describe, expect, test } from 'vitest';
import { DEFAULT_THRESHOLDS } from '../../src/domain/thresholds';
import { foldedValues, qualityFigures } from '../../src/views/layer/quality-figures';
import { modelFacts } from '../../src/views/overview/model-facts';
import { SLIDERS, sliderPosition, sliderValue, STEPS } from '../../src/views/overview/sliders';
import { layer, modelResult } from '../support/model-result';

const [result] = modelResult().layers;
const figures = (quality: Partial<typeof result.quality>, changes = {}) =>
  qualityFigures({
    layer: layer(0, changes),
    result: { ...result, quality: { ...result.quality, ...quality } },
    thresholds: DEFAULT_THRESHOLDS,
    simulated: null,
  });

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
    const facts = modelFacts(modelResult(layers).description);
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
    expect(modelFacts(modelResult([]).description).share3x3).toBeNull();
  });
});

describe('sliders', () => {
  test.each(SLIDERS.map((slider) => [slider.key, slider] as const))(
    '%s keeps its default and its ends',
    (key, slider) => {
      const preset = DEFAULT_THRESHOLDS[key];
      expect(sliderValue(slider, sliderPosition(slider, preset))).toBe(preset);
      expect(sliderValue(slider, 0)).toBeCloseTo(slider.range[0], 10);
      expect(sliderValue(slider, STEPS)).toBeCloseTo(slider.range[1], 10);
    },
  );

  test('values rise with the position', () => {
    for (const slider of SLIDERS) {
      const values = Array.from({ length: STEPS + 1 }, (_, position) => sliderValue(slider, position));
      expect(values).toEqual([...values].sort((a, b) => a - b));
    }
  });
});
