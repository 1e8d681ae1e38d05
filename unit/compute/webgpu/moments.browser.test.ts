import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { layerMomentsReference } from '../../../src/analysis/filters';
import { createCpuBackend } from '../../../src/compute/cpu/create-cpu-backend';
import type { WebGpuBackend } from '../../../src/compute/webgpu/create-webgpu-backend';
import type { FilterBank } from '../../../src/domain/filters';
import { bankOf, randomBank, spread, withFilters } from '../banks';
import { expectMoments, openBackend, OPTIONS } from './support';

let backend: WebGpuBackend;
let tiny: WebGpuBackend;
beforeAll(async () => {
  backend = await openBackend();
  tiny = await openBackend({ maxElements: 300, maxProducts: 5000 });
});
afterAll(() => {
  backend.dispose();
  tiny.dispose();
});

function hardBanks(taps: number): [string, FilterBank][] {
  const plain = randomBank(200, taps);
  const times = (factor: number, offset = 0): FilterBank => ({
    ...plain,
    values: plain.values.map((value) => value * factor + offset),
  });
  return [
    ['a large mean', times(1e-3, 1000)],
    ['all zero', times(0)],
    ['some zero', withFilters(plain, [0, 5, 199], 0)],
    ['NaN and Infinity', withFilters(withFilters(plain, [0, 3, 198], NaN), [1, 77], -Infinity)],
    ['one NaN tap', { ...plain, values: plain.values.map((value, i) => (i === taps * 5 + 1 ? NaN : value)) }],
    ['only NaN', withFilters(plain, [...Array(200).keys()], NaN)],
    ['denormal weights', times(1e-40)],
    ['tiny weights', times(1e-25)],
    ['huge weights', times(1e37)],
    ['one denormal filter', withFilters(plain, [8], 1e-44)],
    ['filters far apart', spread(plain, [1e30, 1e-30, 1])],
    ['float64 weights', randomBank(50, taps, 64)],
    ['float64 filters far apart', spread(plain, [1, 1e-50], 64)],
    [
      'weights beyond float32',
      { ...plain, values: Float64Array.from(plain.values, (value) => value * 1e150) },
    ],
  ];
}

describe.each([1, 3, 9, 25, 49, 81, 225])('moments of filters with %i taps', (taps) => {
  test.each([0, 1, 2, 7, 1000])('equal the reference for %i filters', async (count) => {
    const bank = randomBank(count, taps);
    const expected = layerMomentsReference(bank, OPTIONS);
    expectMoments(await backend.layerMoments(bank, OPTIONS), expected);
    if (taps <= 25) expectMoments(await tiny.layerMoments(bank, OPTIONS), expected);
  });
});

describe.each([9, 25])('moments of %i taps with', (taps) => {
  test.each(hardBanks(taps))('%s', async (_, bank) => {
    const expected = layerMomentsReference(bank, OPTIONS);
    const actual = await backend.layerMoments(bank, OPTIONS);
    if (bank.values instanceof Float32Array) return expectMoments(actual, expected);
    // Peaks of float64 weights are float32 on the device.
    expect(actual.peak / expected.peak).toBeCloseTo(1, 6);
    expectMoments({ ...actual, peak: expected.peak }, expected);
  });
});

describe('layer moments', () => {
  test.each([9, 25])('have no scatter at all where all filters of %i taps are equal', async (taps) => {
    const filter = Array.from({ length: taps }, (_, t) => Math.sin(1 + 3 * t));
    const { raw, scaled } = await backend.layerMoments(bankOf(Array(1001).fill(filter)), OPTIONS);
    expect(raw.scatter.every((value) => value === 0)).toBe(true);
    expect(scaled.scatter.every((value) => value === 0)).toBe(true);
  });

  test.each([9, 25])(
    'have no clean scatter where equal filters of %i taps stand among unused ones',
    async (taps) => {
      const filter = Array.from({ length: taps }, (_, t) => Math.sin(1 + 3 * t));
      const unused = Array.from({ length: taps }, (_, t) => 1e-4 * Math.cos(t));
      const bank = bankOf(Array.from({ length: 1001 }, (_, i) => (i % 3 === 0 ? filter : unused)));
      const { clean, raw } = await backend.layerMoments(bank, OPTIONS);
      expect(clean.count).toBe(334);
      expect(clean.scatter.every((value) => value === 0)).toBe(true);
      expect(raw.scatter[0]).toBeGreaterThan(0);
    },
  );

  test('keep 1e-6 of the scatter of all where few filters are not sparse', async () => {
    const plain = randomBank(5000, 9);
    const bank = { ...plain, values: plain.values.map((w, i) => (i < 18 ? w + 1000 : w)) };
    const { raw } = await backend.layerMoments(bank, OPTIONS);
    const expected = layerMomentsReference(bank, OPTIONS).raw.scatter;
    expected.forEach((value, k) =>
      expect(Math.abs(raw.scatter[k]! - value)).toBeLessThan(1e-6 * expected[0]!),
    );
  });

  test('compare peaks with the threshold as float64 does', async () => {
    const below = Math.fround(0.01) < 0.01 ? Math.fround(0.01) : Math.fround(0.01) - 2 ** -30;
    const moments = await backend.layerMoments(bankOf([[1], [below], [below + 2 ** -30]]), OPTIONS);
    expect(moments.sparseCount).toBe(1);
    expect(moments.clean.count).toBe(2);
  });

  test('measure sparse filters against the peak of the whole layer', async () => {
    const moments = await backend.layerMoments(bankOf([[1], [0.05], [0.2]]), { ...OPTIONS, layerPeak: 10 });
    expect([moments.sparseCount, moments.clean.count, moments.peak]).toEqual([1, 2, 1]);
  });

  test.each([
    [1_220_000, 9, 0],
    [1_220_000, 9, 300],
    [200_000, 25, 0],
  ])('keep 1e-6 over %i filters of %i taps around a mean of %f', async (count, taps, mean) => {
    const plain = randomBank(count, taps);
    const bank = { ...plain, values: plain.values.map((value) => value + mean) };
    expectMoments(await backend.layerMoments(bank, OPTIONS), layerMomentsReference(bank, OPTIONS));
  });

  test('leave nothing of a larger bank in a smaller one', async () => {
    // tfjs hands out used buffers again, by size: the same shapes with other contents meet stale sums.
    const first = randomBank(1000, 9, 32, 1);
    const second = withFilters(randomBank(1000, 9, 32, 2), [...Array(990).keys()], NaN);
    await backend.layerMoments(first, OPTIONS);
    expectMoments(await backend.layerMoments(second, OPTIONS), layerMomentsReference(second, OPTIONS));
    const small = randomBank(10, 9, 32, 3);
    expectMoments(await backend.layerMoments(small, OPTIONS), layerMomentsReference(small, OPTIONS));
  });

  test.each([9, 25])('agree with those of the CPU backend for %i taps', async (taps) => {
    const bank = withFilters(randomBank(2000, taps), [7, 8], NaN);
    const cpu = await createCpuBackend();
    expectMoments(await backend.layerMoments(bank, OPTIONS), await cpu.layerMoments(bank, OPTIONS));
    expect(await backend.orthogonality(bank, 50)).toBeCloseTo((await cpu.orthogonality(bank, 50))!, 5);
    cpu.dispose();
  });
});
