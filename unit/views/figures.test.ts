import { describe, expect, test } from 'vitest';
import { judge, judgedLayer } from '../../src/analysis/verdicts';
import type { Layer } from '../../src/domain/model';
import type { LayerQuality, LayerResult } from '../../src/domain/results';
import { DEFAULT_THRESHOLDS, THRESHOLD_RANGES } from '../../src/domain/thresholds';
import { foldedValues, qualityFigures } from '../../src/views/layer/quality-figures';
import { modelFacts } from '../../src/views/overview/model-facts';
import {
  SLIDERS,
  sliderPosition,
  sliderQuestion,
  sliderText,
  sliderValue,
  STEPS,
} from '../../src/views/overview/sliders';
import { layer, modelRecord } from '../support/model-record';

const [result] = modelRecord().layers;

function inputOf(
  quality: Partial<LayerQuality>,
  changes: Partial<Layer> = {},
  other: Partial<LayerResult> = {},
) {
  const of = layer(0, changes);
  const measured = { ...result, ...other, quality: { ...result.quality, ...quality } };
  const judgement = judge(measured.quality, DEFAULT_THRESHOLDS, judgedLayer(of, measured));
  return { layer: of, result: measured, thresholds: DEFAULT_THRESHOLDS, judgement };
}

function figures(...input: Parameters<typeof inputOf>) {
  return qualityFigures(inputOf(...input));
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
    const random = { randomThreshold: 0.6, varianceEntropyRatio: 1.08 };
    expect(readings(random)).toContain('as varied as random ones; the verdict says');
    expect(readings({ ...random, randomThreshold: 0.66 })).toContain('nearly as varied');
    expect(readings({ ...random, randomThreshold: 0.9 })).toContain('Below random, as in trained layers');
    expect(readings({ ...random, varianceEntropy: 0.3, randomThreshold: 0.9 })).toContain('Far below random');
    expect(readings({ varianceEntropy: NaN })).toContain('too large');
    expect(readings({ orthogonality: null })).toContain('Not available');
  });

  test('no reading contradicts the verdict', () => {
    for (const varianceEntropy of [0.2, 0.4, 0.55, 0.7, 0.85, 0.93, 0.96]) {
      const quality = {
        varianceEntropy,
        randomThreshold: 0.94,
        varianceEntropyRatio: varianceEntropy / 0.94,
      };
      const input = inputOf(quality, {}, { filterCount: 300 });
      const name = input.judgement.verdicts[0].name;
      const words = qualityFigures(input)
        .map(({ reading }) => reading)
        .join(' ');
      expect(/as varied as random/.test(words)).toBe(name === 'random-but-trained');
      expect(/Far below|variations of a few/.test(words)).toBe(name === 'low-diversity');
    }
  });

  test('without a published threshold H is held against the simulated one, as the verdict holds it', () => {
    const entropyNull = { mean: 1.3, low: 1.2, high: 1.4, draws: 2000, error: 0.0012 };
    const randomness = (varianceEntropy: number, filterCount = 900) =>
      figures(
        { varianceEntropy },
        { kernel: [5, 5], taps: 25 },
        { filterCount, traits: { ...result.traits!, entropyNull } },
      )[2];
    expect(randomness(0.9)).toMatchObject({ name: 'H / simulated T_H', value: '0.750' });
    expect(randomness(0.9).threshold).toContain('simulated T_H = 1.20 ± 0.001');
    expect(randomness(1.2).reading).toContain('as varied as random ones');
    expect(randomness(0, 2)).toMatchObject({ value: '—', reading: expect.stringContaining('Two filters') });
  });

  test('one filter is one', () => {
    const [sparsity, , , norms] = figures({ sparsity: 0 }, {}, { filterCount: 1 });
    expect(sparsity.reading).toBe('0 of 1 filter is close to zero.');
    expect(norms.reading).toContain('all weights of 1 finite filter;');
  });

  test('of weights on a coarse grid it is said what sparsity means', () => {
    const reading = (storedType: string) => figures({ sparsity: 0.05 }, { storedType })[0].reading;
    expect(reading('int8 (dequantised)')).toContain('one step of their grid is about 0.8 %');
    expect(reading('float32')).not.toContain('grid');
  });

  test('designed banks and pointwise layers are held against no limit', () => {
    const limits = (...input: Parameters<typeof inputOf>) =>
      figures(...input)
        .map(({ threshold }) => threshold ?? '')
        .join(' ');
    expect(limits({ sparsity: 0.5 })).toContain('sparse from 14 %');
    expect(limits({ sparsity: 0.5 }, { kernel: [1, 1], taps: 1 })).not.toContain('sparse from');
    const designed = { traits: { ...result.traits!, design: 'constant' as const } };
    expect(limits({ sparsity: 0.5 }, {}, designed)).not.toContain('sparse from');
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
  const foldedOf = (folded: Partial<LayerQuality>, changes: Partial<Layer> = {}) =>
    foldedValues(inputOf({}, changes), { ...result.quality, ...folded });

  test('stand under the names of the figures they are held beside', () => {
    const folded = foldedOf({ varianceEntropy: 0.642, sparsity: 0.25, orthogonality: 0.5 });
    expect(folded.get('Variance entropy H')).toBe('0.642');
    expect(folded.get('Sparsity S')).toBe('25.0 %');
    const names = figures({}).map(({ name }) => name);
    expect([...folded.keys()].filter((name) => !names.includes(name))).toEqual([]);
    expect(figures({}).find(({ name }) => name === 'Variance entropy H')?.value).toBe('0.650');
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

  test('each says why its default is what it is', () => {
    expect(SLIDERS.map(sliderQuestion).map((question) => question.replaceAll('\u00a0', ' '))).toEqual([
      'Why 1 %?',
      'Why 14 %?',
      'Why 0.5?',
      'Why 0.02?',
    ]);
    for (const { source } of SLIDERS) expect(source).toContain('CNN Filter DB, chosen there for 3x3 filters');
    expect(sliderText(SLIDERS[1]!, 0.14)).toBe('14 %');
    expect(sliderText(SLIDERS[2]!, 0.5)).toBe('0.500');
  });

  test('values rise with the position', () => {
    for (const slider of SLIDERS) {
      const values = Array.from({ length: STEPS + 1 }, (_, position) => sliderValue(slider, position));
      expect(values).toEqual([...values].sort((a, b) => a - b));
    }
  });
});
