import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { binOf, histogramEdges } from '../../../src/analysis/histogram';
import { coefficientsReference, rangeReference } from '../../../src/analysis/pca';
import type { WebGpuBackend } from '../../../src/compute/webgpu/create-webgpu-backend';
import type { FilterBank } from '../../../src/domain/filters';
import { randomBank, spread, withFilters } from '../banks';
import { basisFor, openBackend } from './support';

let backend: WebGpuBackend;
let tiny: WebGpuBackend;
beforeAll(async () => {
  backend = await openBackend();
  tiny = await openBackend({ maxElements: 700, maxProducts: 20_000 });
});
afterAll(() => {
  backend.dispose();
  tiny.dispose();
});

/** How far a coefficient may be off: 1e-6, or of the largest where long filters have coefficients above 1. */
function toleranceFor(coefficients: Float64Array): number {
  const range = rangeReference(coefficients);
  return 1e-6 * Math.max(1, ...(range ?? [0]).map(Math.abs));
}

/** Every count is what some coefficients within `tolerance` of the true ones give, and no coefficient is lost. */
function expectHistogram(
  counts: Uint32Array,
  coefficients: Float64Array,
  taps: number,
  edges: Float64Array,
  tolerance: number,
): void {
  const bins = edges.length - 1;
  const least = new Uint32Array(taps * bins);
  const most = new Uint32Array(taps * bins);
  const certain = new Uint32Array(taps);
  const possible = new Uint32Array(taps);
  coefficients.forEach((value, at) => {
    if (Number.isNaN(value)) return;
    const component = at % taps;
    const inside = binOf(value - tolerance, edges) >= 0 && binOf(value + tolerance, edges) >= 0;
    const low = binOf(Math.max(value - tolerance, edges[0]!), edges);
    const high = binOf(Math.min(value + tolerance, edges[bins]!), edges);
    if (low < 0 || high < 0) return;
    possible[component]!++;
    if (inside) certain[component]!++;
    if (inside && low === high) least[component * bins + low]!++;
    for (let bin = low; bin <= high; bin++) most[component * bins + bin]!++;
  });
  expect(counts.length).toBe(taps * bins);
  for (let component = 0; component < taps; component++) {
    const own = counts.subarray(component * bins, (component + 1) * bins);
    const total = own.reduce((sum, count) => sum + count, 0);
    expect(total).toBeGreaterThanOrEqual(certain[component]!);
    expect(total).toBeLessThanOrEqual(possible[component]!);
  }
  counts.forEach((count, at) => {
    if (count < least[at]! || count > most[at]!) {
      expect.fail(
        `bin ${at % bins} of component ${Math.floor(at / bins)} has ${count}, not ${least[at]} to ${most[at]}`,
      );
    }
  });
}

async function expectProjection(compute: WebGpuBackend, bank: FilterBank, bins: number[]): Promise<void> {
  const { taps } = bank;
  const basis = basisFor(bank);
  const expected = coefficientsReference(bank, basis);
  const tolerance = toleranceFor(expected);

  const actual = await compute.coefficients(bank, basis);
  expect(actual.length).toBe(expected.length);
  let worst = 0;
  actual.forEach((value, at) => {
    const wanted = expected[at]!;
    if (Number.isNaN(value) !== Number.isNaN(wanted))
      expect.fail(`coefficient ${at} is ${value}, not ${wanted}`);
    if (!Number.isNaN(wanted)) worst = Math.max(worst, Math.abs(value - wanted));
  });
  expect(worst).toBeLessThan(tolerance);

  const expectedRange = rangeReference(expected);
  const range = await compute.coefficientRange(bank, basis);
  if (!expectedRange) return expect(range).toBeNull();
  expect(Math.abs(range![0] - expectedRange[0])).toBeLessThan(tolerance);
  expect(Math.abs(range![1] - expectedRange[1])).toBeLessThan(tolerance);

  for (const number of bins) {
    // The device's own range holds all its coefficients; a narrower one leaves some out.
    for (const limits of [range!, [range![0] * 0.4, range![1] * 0.3 + 0.01] as [number, number]]) {
      const { counts } = await compute.coefficientHistogram(bank, basis, limits, number);
      expectHistogram(counts, expected, taps, histogramEdges(limits, number), tolerance);
      if (limits !== range) continue;
      const finite = expected.reduce((sum, value) => sum + Number(!Number.isNaN(value)), 0);
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(finite);
    }
  }

  const size = 64;
  const edges = histogramEdges([-1.1, 1.1], size);
  const cells = await compute.coefficientDensity(bank, basis, [0, taps - 1], size, 1.1);
  const least = new Uint32Array(size * size);
  const most = new Uint32Array(size * size);
  for (let at = 0; at < expected.length; at += taps) {
    const [x, y] = [expected[at]!, expected[at + taps - 1]!];
    if (Number.isNaN(x)) continue;
    const seen = new Set<number>();
    for (const dx of [-tolerance, tolerance]) {
      for (const dy of [-tolerance, tolerance]) {
        const [column, row] = [binOf(x + dx, edges), binOf(y + dy, edges)];
        seen.add(column < 0 || row < 0 ? -1 : row * size + column);
      }
    }
    for (const cell of seen) if (cell >= 0) most[cell]!++;
    const [only] = seen;
    if (seen.size === 1 && only! >= 0) least[only!]!++;
  }
  cells.forEach((count, cell) => {
    if (count < least[cell]! || count > most[cell]!) {
      expect.fail(`cell ${cell} has ${count}, not ${least[cell]} to ${most[cell]}`);
    }
  });
}

describe.each([1, 3, 9])('projection of filters with %i taps', (taps) => {
  test.each([0, 1, 2, 7, 1000])('equals the reference for %i filters', async (count) => {
    await expectProjection(backend, randomBank(count, taps), [70, 1120, 5001]);
  });
});

// Around the sizes where filters are read in stretches, and components taken four at a time.
test.each([16, 17, 25, 49, 81, 225])(
  'projection equals the reference for filters with %i taps',
  async (taps) => {
    for (const count of [7, 600]) await expectProjection(backend, randomBank(count, taps), [70, 5001]);
  },
);

describe.each([9, 49])('projection of filters with %i taps', (taps) => {
  const plain = randomBank(300, taps);
  const times = (factor: number): FilterBank => ({
    ...plain,
    values: plain.values.map((value) => value * factor),
  });

  test.each<[string, FilterBank]>([
    ['zero filters', withFilters(plain, [0, 5, 299], 0)],
    ['NaN and Infinity', withFilters(withFilters(plain, [0, 3, 298], NaN), [1, 77], -Infinity)],
    ['nothing but NaN', withFilters(plain, [...Array(300).keys()], NaN)],
    ['filters that are all equal', { ...plain, values: plain.values.map((_, i) => Math.sin(i % taps)) }],
    ['denormal weights', times(1e-40)],
    ['huge weights', times(1e37)],
    ['one denormal filter', withFilters(plain, [8], 1e-44)],
    [
      'float64 weights beyond float32',
      { ...plain, values: Float64Array.from(plain.values, (value) => value * 1e150) },
    ],
    ['float64 filters far apart', spread(plain, [1e150, 1e-150], 64)],
  ])('takes %s', async (_, bank) => {
    await expectProjection(backend, bank, [70]);
  });

  test('is the same in small chunks', async () => {
    await expectProjection(tiny, plain, [70]);
  });
});

test('equals the reference for 200000 filters of 9 taps', async () => {
  await expectProjection(backend, randomBank(200_000, 9), [70, 1120]);
});

test('counts a range of one point as numpy does', async () => {
  const bank = withFilters(randomBank(20, 9), [...Array(20).keys()], 0);
  const basis = basisFor(bank);
  const range = (await backend.coefficientRange(bank, basis))!;
  const { counts } = await backend.coefficientHistogram(
    bank,
    { ...basis, mean: new Float64Array(9) },
    [0, 0],
    4,
  );
  expect(range[0]).toBeLessThanOrEqual(range[1]);
  expect([...counts.subarray(0, 4)]).toEqual([0, 0, 20, 0]);
});
