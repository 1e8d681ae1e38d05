import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { ModelRecord } from '../../src/domain/record';
import type { LayerQuality } from '../../src/domain/results';
import { createAnalysisApi } from '../../src/workers/analysis-api';
import { foldFilters, outputChannel } from '../../src/workers/folding';
import { model, node, tensor } from '../formats/support/onnx-writer';

const EPSILON = 0.01;

async function analyse(
  bytes: Uint8Array<ArrayBuffer>,
): Promise<{ result: ModelRecord; folded: (LayerQuality | null)[] }> {
  const api = createAnalysisApi();
  await api.prepare({ backend: 'cpu' });
  const request = {
    handle: 'm',
    source: { kind: 'files' as const, name: 'm.onnx', main: new Blob([bytes]), companions: [] },
    sparsityEpsilon: EPSILON,
  };
  const { signal } = new AbortController();
  const result = await api.analyse(request, { signal, emit: () => undefined });
  const folded: (LayerQuality | null)[] = [];
  for (const { index } of result.layers) {
    const detail = await api.detail({ handle: 'm', index, sparsityEpsilon: EPSILON });
    folded.push(detail.folded);
  }
  return { result, folded };
}

function expectSame(folded: LayerQuality | null, raw: LayerQuality): void {
  expect(folded).not.toBeNull();
  for (const [name, value] of Object.entries(raw) as [keyof LayerQuality, number | null][]) {
    const found = folded![name];
    if (value === null || found === null) expect(found, name).toBe(value);
    else expect(Math.abs(found - value) / Math.max(1, Math.abs(value)), name).toBeLessThan(1e-5);
  }
}

/** Reproducible numbers in [-1, 1). */
function numbers(count: number, seed: number): number[] {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

interface Example {
  operator: 'Conv' | 'ConvTranspose';
  shape: [number, number, number, number];
  group: number;
  gamma?: (channel: number) => number;
}

/** A convolution with a batch norm after it, and the same convolution with that folded in by hand. */
function pair({ operator, shape, group, gamma: gammaOf }: Example) {
  const [first, second, height, width] = shape;
  const channels = operator === 'Conv' ? first : second * group;
  const weights = numbers(first * second * height * width, 1);
  const gamma = gammaOf ? Array.from({ length: channels }, (_, c) => gammaOf(c)) : numbers(channels, 2);
  const variance = numbers(channels, 3).map((v) => 1.5 + v);
  const factor = gamma.map((g, c) => g / Math.sqrt(variance[c] + 1e-5));
  const folded = [...weights];
  const perRow = second * height * width;
  if (operator === 'Conv') {
    folded.forEach((w, at) => (folded[at] = w * factor[Math.floor(at / perRow)]));
  } else {
    const inputsPerGroup = first / group;
    for (let g = 0; g < group; g++) {
      for (let input = 0; input < inputsPerGroup; input++) {
        for (let output = 0; output < second; output++) {
          for (let tap = 0; tap < height * width; tap++) {
            const at = (g * inputsPerGroup + input) * perRow + output * height * width + tap;
            folded[at] = weights[at] * factor[g * second + output];
          }
        }
      }
    }
  }
  const build = (values: number[], after: Uint8Array[], initializers: Uint8Array[]) =>
    model({
      nodes: [node(operator, ['x', 'w'], ['y'], { group }), ...after],
      initializers: [tensor('w', shape, values), ...initializers],
    }) as Uint8Array<ArrayBuffer>;
  const normalise = node('BatchNormalization', ['y', 'gamma', 'bias', 'mean', 'variance'], ['z']);
  const zeros = gamma.map(() => 0);
  return {
    unfolded: build(
      weights,
      [normalise],
      [
        tensor('gamma', [channels], gamma),
        tensor('variance', [channels], variance),
        tensor('bias', [channels], zeros),
        tensor('mean', [channels], zeros),
      ],
    ),
    folded: build(folded, [], []),
  };
}

describe('folded quality', () => {
  test('of a sample equals what is measured of the same network folded when it was exported', async () => {
    const read = (name: string) =>
      readFileSync(new URL(`../../public/samples/${name}.onnx`, import.meta.url));
    const batchNorm = await analyse(new Uint8Array(read('glyph-net-batchnorm')));
    const merged = await analyse(new Uint8Array(read('glyph-net')));
    expect(batchNorm.folded.length).toBe(merged.result.layers.length);
    batchNorm.folded.forEach((folded, i) => expectSame(folded, merged.result.layers[i].quality));
    expect(merged.folded.every((folded) => folded === null)).toBe(true);
    const raw = batchNorm.result.layers[0].quality;
    expect(Math.abs(raw.normL2 - batchNorm.folded[0]!.normL2)).toBeGreaterThan(0.01);
  });

  test.each<[string, Example]>([
    ['a full convolution', { operator: 'Conv', shape: [6, 3, 3, 3], group: 1 }],
    ['a pointwise convolution', { operator: 'Conv', shape: [6, 3, 1, 1], group: 1 }],
    ['a grouped convolution', { operator: 'Conv', shape: [6, 2, 3, 3], group: 3 }],
    ['a depthwise convolution', { operator: 'Conv', shape: [12, 1, 3, 3], group: 12 }],
    ['a transposed convolution', { operator: 'ConvTranspose', shape: [5, 4, 2, 2], group: 1 }],
    ['a transposed convolution in groups', { operator: 'ConvTranspose', shape: [6, 4, 3, 3], group: 3 }],
    ['channels switched off', { operator: 'Conv', shape: [6, 3, 3, 3], group: 1, gamma: (c) => c % 2 }],
    ['all channels switched off', { operator: 'Conv', shape: [6, 3, 3, 3], group: 1, gamma: () => 0 }],
  ])('equals that of weights folded by hand: %s', async (_, example) => {
    const { unfolded, folded } = pair(example);
    const { result } = await analyse(folded);
    expectSame((await analyse(unfolded)).folded[0], result.layers[0].quality);
  });

  test('a channel of gamma 0 becomes filters of zeros', async () => {
    const { unfolded } = pair({
      operator: 'Conv',
      shape: [4, 3, 3, 3],
      group: 1,
      gamma: (c) => Math.min(c, 1),
    });
    const { result, folded } = await analyse(unfolded);
    expect(result.layers[0].quality.sparsity).toBe(0);
    expect(folded[0]!.sparsity).toBe(0.25);
    expect(folded[0]!.orthogonality).toBeLessThan(result.layers[0].quality.orthogonality!);
  });
});

describe('outputChannel', () => {
  test('of a convolution is the first index of the weight', () => {
    const layer = { kind: 'grouped', shape: [4, 2, 3, 3], groups: 2 } as const;
    const shape = [...layer.shape];
    expect([0, 1, 2, 7].map((filter) => outputChannel({ ...layer, shape }, filter))).toEqual([0, 0, 1, 3]);
  });

  test('of a transposed convolution is the second index, counted on from group to group', () => {
    const layer = { kind: 'transposed', shape: [4, 3, 2, 2], groups: 2 } as const;
    const shape = [...layer.shape];
    const channels = Array.from({ length: 12 }, (_, filter) => outputChannel({ ...layer, shape }, filter));
    expect(channels).toEqual([0, 1, 2, 0, 1, 2, 3, 4, 5, 3, 4, 5]);
  });
});

describe('foldFilters', () => {
  test('goes on from the filter a run begins with, in float64, and leaves its input alone', () => {
    const layer = { kind: 'full', shape: [3, 2, 1, 2], groups: 1 } as const;
    const bank = { values: Float32Array.of(1, 2, 3, 4, NaN, 6), count: 3, taps: 2 };
    const scale = Float64Array.of(10, 0.1, -1);
    const folded = foldFilters(bank, { ...layer, shape: [...layer.shape] }, 1, scale);
    expect(folded.values).toEqual(Float64Array.of(10, 20, 3 * 0.1, 4 * 0.1, NaN, 6 * 0.1));
    expect(bank.values[0]).toBe(1);
  });

  test('a run of a layer equals the same part of all of it', () => {
    const layer = { kind: 'transposed' as const, shape: [4, 3, 1, 2], groups: 2 };
    const values = Float32Array.from(numbers(24, 5));
    const scale = Float64Array.from(numbers(6, 6));
    const whole = foldFilters({ values, count: 12, taps: 2 }, layer, 0, scale);
    const run = foldFilters({ values: values.subarray(10, 20), count: 5, taps: 2 }, layer, 5, scale);
    expect(run.values).toEqual(whole.values.slice(10, 20));
  });
});
