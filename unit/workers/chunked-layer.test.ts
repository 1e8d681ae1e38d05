import { beforeAll, describe, expect, test } from 'vitest';
import { basisFromMoments } from '../../src/analysis/pca';
import { createRandom } from '../../src/analysis/random';
import { createCpuBackend } from '../../src/compute/cpu/create-cpu-backend';
import type { LayerQuality } from '../../src/domain/results';
import { BackendEngine } from '../../src/workers/backend-engine';
import type { MeasuredLayer } from '../../src/workers/layer-engine';
import { model, node, tensor } from '../formats/support/onnx-writer';

const FILTERS = 40 * 25;
const TAPS = 9;
const EPSILON = 0.01;

/** Far from zero, falling along the layer, with filters that are sparse, zero and no numbers: no two chunks are alike. */
const random = createRandom(5);
const weights = Array.from({ length: FILTERS * TAPS }, (_, k) => {
  const filter = Math.floor(k / TAPS);
  if (filter % 97 === 3) return k % TAPS === 4 ? NaN : 1;
  if (filter % 31 === 5) return 0;
  const size = filter % 13 === 2 ? 1e-4 : 1 + 2 * (1 - filter / FILTERS);
  return size * (0.5 + random.normal() * (1 + (k % TAPS)));
});
const bytes = model({
  nodes: [node('Conv', ['x', 'w'], ['y'])],
  initializers: [tensor('w', [40, 25, 3, 3], weights)],
  inputs: ['x'],
});

async function engine(chunkBytes?: number): Promise<BackendEngine> {
  const opened = new BackendEngine(await createCpuBackend(), new Map(), chunkBytes);
  const main = new Blob([Uint8Array.from(bytes)]);
  await opened.open({ handle: 'm', source: { kind: 'files', name: 'm.onnx', main, companions: [] } });
  return opened;
}

function expectClose(found: ArrayLike<number>, wanted: ArrayLike<number>): void {
  expect(found.length).toBe(wanted.length);
  const scale = Math.max(...Array.from(wanted, Math.abs));
  for (let i = 0; i < wanted.length; i++) expect(Math.abs(found[i] - wanted[i])).toBeLessThan(1e-12 * scale);
}

/** 7 filters a chunk, one filter a chunk, and a last chunk that is not full. */
describe.each([7 * TAPS * 4, 1, 333 * TAPS * 4])('a layer in chunks of %i bytes', (chunkBytes) => {
  let whole: BackendEngine;
  let chunked: BackendEngine;
  beforeAll(async () => {
    [whole, chunked] = await Promise.all([engine(), engine(chunkBytes)]);
  });
  const measure = async (on: BackendEngine): Promise<MeasuredLayer> => {
    const [measured] = await on.measure({ handle: 'm', indices: [0], sparsityEpsilon: EPSILON });
    if ('failure' in measured) throw new Error(measured.failure.message);
    return measured;
  };

  test('is measured as the layer read whole', async () => {
    const [one, other] = [await measure(whole), await measure(chunked)];
    expect(other.result.filterCount).toBe(one.result.filterCount);
    expect(other.result.nonFiniteCount).toBe(11);
    expect(one.result.nonFiniteCount).toBe(11);
    expect(one.result.quality.sparsity).toBeGreaterThan(0.08);
    for (const [name, value] of Object.entries(one.result.quality) as [keyof LayerQuality, number | null][]) {
      if (value === null) expect(other.result.quality[name], name).toBeNull();
      else expectClose([other.result.quality[name]!], [value]);
    }
    expect(other.result.quality.sparsity).toBe(one.result.quality.sparsity);
    expectClose(other.result.varianceShares, one.result.varianceShares);
    expectClose(other.result.tapVariance, one.result.tapVariance);
    expect(other.result.thumbnail).toEqual(one.result.thumbnail);
    expect(other.scaled.count).toBe(one.scaled.count);
    expectClose(other.scaled.mean, one.scaled.mean);
    expectClose(other.scaled.scatter, one.scaled.scatter);
  });

  test('is projected as the layer read whole', async () => {
    const basis = basisFromMoments((await measure(whole)).scaled)!;
    const place = { handle: 'm', index: 0, basis };
    const range = (await whole.coefficientRange(place))!;
    expect(await chunked.coefficientRange(place)).toEqual(range);
    const request = { ...place, basisId: 'b', range, bins: 70 };
    expect(await chunked.coefficientHistogram(request)).toEqual(await whole.coefficientHistogram(request));
  });

  test('has the late figures and traits of the layer read whole', async () => {
    const { result } = await measure(whole);
    const measured = { filterCount: result.filterCount, peak: result.quality.peak };
    const request = { handle: 'm', index: 0, measured };
    expect(await chunked.lateFigures(request)).toEqual(await whole.lateFigures(request));
    expect((await measure(chunked)).result.traits).toEqual(result.traits);
  });
});
