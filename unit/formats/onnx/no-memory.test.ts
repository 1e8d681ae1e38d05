import { afterEach, describe, expect, test, vi } from 'vitest';
import { bytesSource } from '../../../src/formats/byte-source';
import { readOnnx } from '../../../src/formats/onnx/onnx-format';
import { int64s, model, node, tensor, type GraphParts } from '../support/onnx-writer';
import { openBytes } from '../support/open-bytes';

const CHANNELS = 300;

function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i + 1);
}

/** From now on the browser has no memory for arrays of `least` values and more. */
function refuseFrom(least: number): void {
  for (const name of ['Float32Array', 'Float64Array'] as const) {
    const refusing = new Proxy(globalThis[name], {
      construct(target, given: unknown[]) {
        const [length] = given;
        if (typeof length === 'number' && length >= least)
          throw new RangeError('Array buffer allocation failed');
        return Reflect.construct(target, given) as object;
      },
    });
    vi.stubGlobal(name, refusing);
  }
}

afterEach(() => {
  vi.unstubAllGlobals();
});

/** A Conv over `w` [300, 1, 4] and a batch norm over `gamma` and `variance` after it. */
function modelOf({ nodes = [], initializers = [] }: GraphParts, weight = 'w', gamma = 'gamma') {
  const stored = [
    tensor('w', [CHANNELS, 1, 4], range(4 * CHANNELS)),
    tensor('gamma', [CHANNELS], range(CHANNELS)),
    tensor('variance', [CHANNELS], range(CHANNELS)),
  ];
  const layer = [
    node('Conv', ['x', weight], ['y'], {}, { name: 'conv' }),
    node('BatchNormalization', ['y', gamma, 'bias', 'mean', 'variance'], ['z']),
  ];
  return model({ nodes: [...nodes, ...layer], initializers: [...stored, ...initializers] });
}

const large: GraphParts = {
  nodes: [
    node('Tile', ['gamma', 'by'], ['many']),
    node('Reshape', ['many', 'rows'], ['table']),
    node('ReduceMax', ['table'], ['gamma2'], { axes: [0], keepdims: 0 }),
    node('Neg', ['w'], ['w2']),
  ],
  initializers: [int64s('by', [1000]), int64s('rows', [1000, CHANNELS])],
};

describe('memory that the browser refuses', () => {
  test('for filters as they lie', async () => {
    const opened = await openBytes(modelOf({}));
    refuseFrom(400);
    await expect(opened.readFilters(0)).rejects.toMatchObject({
      code: 'no-memory',
      message:
        '"m.onnx": the browser refused the memory for the weight "w" of layer "conv", about 9.60 kB; close other tabs and try again.',
      details: { tensor: 'w', layer: 'conv', bytes: 8 * 4 * CHANNELS },
    });
    expect((await opened.readFilters(0, { first: 0, count: 50 })).count).toBe(50);
  });

  test('for filters that are computed', async () => {
    const opened = await openBytes(modelOf(large, 'w2'));
    refuseFrom(400);
    await expect(opened.readFilters(0)).rejects.toMatchObject({
      code: 'no-memory',
      details: { tensor: 'w', bytes: opened.evaluationBytes(0) },
    });
  });

  test('for the factors of a batch norm as they lie', async () => {
    const opened = await openBytes(modelOf({}));
    refuseFrom(CHANNELS);
    await expect(opened.readChannelScale(0)).rejects.toMatchObject({
      code: 'no-memory',
      message:
        '"m.onnx": the browser refused the memory for the batch norm after layer "conv", about 7.20 kB; close other tabs and try again.',
      details: { tensor: 'gamma', layer: 'conv', bytes: 3 * 8 * CHANNELS },
    });
  });

  test('for factors that are computed, of which the most at once is told', async () => {
    const opened = await openBytes(modelOf(large, 'w', 'gamma2'));
    refuseFrom(1000 * CHANNELS);
    const refused = opened.readChannelScale(0);
    await expect(refused).rejects.toMatchObject({ code: 'no-memory', details: { tensor: 'gamma' } });
    const bytes = await refused.catch((error: { details: { bytes: number } }) => error.details.bytes);
    expect(bytes).toBeGreaterThan(4 * 1000 * CHANNELS);
    expect(bytes).toBeLessThan(5 * 1000 * CHANNELS);
    vi.unstubAllGlobals();
    expect((await opened.readChannelScale(0))?.[3]).toBe(4 / Math.sqrt(4 + 1e-5));
  });
});

test('factors wait for filters that are being computed', async () => {
  const bytes = modelOf(large, 'w2', 'gamma2');
  let reads = 0;
  let release = () => {};
  const gate = new Promise<void>((resolve) => (release = resolve));
  const source = bytesSource('m.onnx', bytes);
  const opened = await readOnnx(source, { companions: new Map() });
  const slice = source.slice.bind(source);
  source.slice = async (start, end) => {
    reads++;
    await gate;
    return slice(start, end);
  };
  const filters = opened.readFilters(0);
  const factors = opened.readChannelScale(0);
  const cancelled = opened.readChannelScale(0, AbortSignal.abort());
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(reads).toBe(1);
  release();
  await expect(cancelled).rejects.toThrow(/abort/i);
  expect((await filters).values[5]).toBe(-6);
  expect(await factors).toHaveLength(CHANNELS);
});
