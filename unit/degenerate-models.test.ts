import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { createRandom } from '../src/analysis/random';
import { model, node, tensor } from './formats/support/onnx-writer';
import { analyseBytes } from './support/analyse';

const validate = new Ajv({ strict: false }).compile(
  JSON.parse(readFileSync('public/schema/filterscope.analysis.v2.json', 'utf8')),
);

interface Weight {
  shape: number[];
  value: (index: number) => number;
}

const random = createRandom(11);
function noise() {
  return random.normal();
}

const pattern = Array.from({ length: 9 }, noise);

/** A chain of convolutions with these weights, through the whole analysis; the export always fits its schema. */
async function analyse(...weights: Weight[]) {
  const nodes = weights.map((_, i) => node('Conv', [`x${i}`, `w${i}`], [`x${i + 1}`], {}, { name: `c${i}` }));
  const initializers = weights.map(({ shape, value }, i) => {
    const count = shape.reduce((product, extent) => product * extent, 1);
    return tensor(
      `w${i}`,
      shape,
      Array.from({ length: count }, (_, k) => value(k)),
    );
  });
  const bytes = model({ nodes, initializers, inputs: ['x0'] });
  const { document } = await analyseBytes('degenerate.onnx', Uint8Array.from(bytes));
  expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
  const [layer] = document.layers;
  return { document, layer, quality: layer?.quality };
}

function total(row: readonly number[]) {
  return row.reduce((sum, count) => sum + count, 0);
}

describe('a layer of few filters', () => {
  test('one filter has no variance, no threshold, no orthogonality and no basis', async () => {
    const { document, layer, quality } = await analyse({ shape: [1, 1, 3, 3], value: noise });
    expect(layer).toMatchObject({ filterCount: 1, convDepth: 0, depthFraction: 0 });
    expect(quality).toMatchObject({
      sparsity: 0,
      varianceEntropy: 0,
      randomThreshold: null,
      varianceEntropyRatio: null,
      orthogonality: null,
    });
    expect(document.bases).toEqual({});
  });

  test('two filters differ in one direction', async () => {
    const { document, quality } = await analyse({ shape: [2, 1, 3, 3], value: noise });
    expect(quality.varianceEntropy).toBeCloseTo(0, 12);
    const { explainedVarianceRatio, filterCount } = document.bases['3x3'];
    expect(filterCount).toBe(2);
    expect(explainedVarianceRatio[0]).toBeCloseTo(1, 12);
  });

  test('fewer filters than taps span one direction less than there are filters', async () => {
    const { document, quality } = await analyse({ shape: [2, 3, 7, 7], value: noise });
    expect(quality.varianceEntropy).toBeLessThanOrEqual(Math.log10(5));
    expect(quality.randomThreshold).toBeNull();
    expect(document.bases['7x7'].explainedVarianceRatio.filter((ratio) => ratio > 1e-12)).toHaveLength(5);
  });

  test('eight 3x3 filters have no published threshold, nine have', async () => {
    const [eight, nine] = [
      await analyse({ shape: [2, 4, 3, 3], value: noise }),
      await analyse({ shape: [3, 3, 3, 3], value: noise }),
    ];
    expect(eight.quality.randomThreshold).toBeNull();
    expect(nine.quality.randomThreshold).toBeGreaterThan(0);
  });
});

describe('a layer without variance', () => {
  test.each([
    ['equal filters', (k: number) => pattern[k % 9]],
    ['equal weights', () => 1 / 3],
    ['equal weights near the end of float32', () => 3e38],
    ['denormal weights', () => 1e-40],
  ])('%s: H = 0, one bin holds all, no drift', async (_, value) => {
    const { document, quality } = await analyse(
      { shape: [8, 4, 3, 3], value },
      { shape: [4, 8, 3, 3], value },
    );
    expect(quality).toMatchObject({ sparsity: 0, varianceEntropy: 0, varianceEntropyRatio: 0 });
    const basis = document.bases['3x3'];
    expect(basis.explainedVariance).toEqual(new Array(9).fill(0));
    expect(basis.histogram.map((row) => Math.max(...row))).toEqual(new Array(9).fill(64));
    expect(basis.decileDrift).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });

  test.each([
    ['unused ones', () => 1e-4 * noise()],
    ['zeros', () => 0],
  ])('equal filters among %s: clean H = 0', async (_, unused) => {
    const value = (k: number) => (k % 27 < 18 ? unused() : pattern[k % 9] / 3);
    const { quality } = await analyse({ shape: [8, 6, 3, 3], value });
    expect(quality).toMatchObject({ sparsity: 2 / 3, varianceEntropyClean: 0, varianceEntropyCleanRatio: 0 });
  });

  test('all-zero weights are wholly sparse', async () => {
    const { quality } = await analyse({ shape: [8, 4, 3, 3], value: () => 0 });
    expect(quality).toMatchObject({ sparsity: 1, varianceEntropy: 0, varianceEntropyClean: 0, peak: 0 });
  });
});

describe('filters that are no numbers', () => {
  test('a layer of NaN has no figures and does not touch the others', async () => {
    const good = { shape: [4, 4, 3, 3], value: noise };
    const { document, layer } = await analyse({ shape: [4, 4, 3, 3], value: () => NaN }, good);
    expect(layer).toMatchObject({ filterCount: 0, nonFiniteCount: 16 });
    expect(layer.quality).toMatchObject({ sparsity: null, normL1: 0, normL2: 0, orthogonality: null });
    const basis = document.bases['3x3'];
    expect(basis).toMatchObject({ filterCount: 16, deciles: [9], decileFilterCounts: [16] });
    expect(basis.histogram.map(total)).toEqual(new Array(9).fill(16));
  });

  test('filters holding NaN or Inf are left out and counted, rows holding them leave orthogonality', async () => {
    const bad = new Map([
      [0, NaN],
      [40, Infinity],
      [80, -Infinity],
    ]);
    const { layer, quality } = await analyse({ shape: [8, 4, 3, 3], value: (k) => bad.get(k) ?? noise() });
    expect(layer).toMatchObject({ filterCount: 29, nonFiniteCount: 3 });
    expect(quality.orthogonality).toBeGreaterThan(0);
  });
});

describe('kernels of unusual size', () => {
  test('of more taps than are measured are listed with norms and a note, and keep their depth', async () => {
    const { document, layer, quality } = await analyse(
      { shape: [2, 2, 64, 64], value: () => 1 },
      { shape: [4, 2, 3, 3], value: noise },
    );
    expect(layer).toMatchObject({ kernel: [64, 64], filterCount: 4, depth: 0, depthFraction: 0 });
    expect(layer.notes).toEqual([expect.stringContaining('4,096 taps')]);
    expect(quality).toMatchObject({
      sparsity: 0,
      varianceEntropy: null,
      normL1: 16384,
      normL2: 128,
      peak: 1,
    });
    expect(quality.orthogonality).toBeCloseTo(0, 6);
    expect(Object.keys(document.bases)).toEqual(['3x3']);
    expect(document.layers[1].depthFraction).toBe(1);
  });

  test('pointwise kernels have no basis', async () => {
    const { document } = await analyse({ shape: [8, 3, 1, 1], value: noise });
    expect(document.bases).toEqual({});
  });
});
