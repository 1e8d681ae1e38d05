import { engine } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { densityReference } from '../../src/analysis/density';
import { symmetricEigen } from '../../src/analysis/eigen';
import { layerMomentsReference } from '../../src/analysis/filters';
import { histogramReference } from '../../src/analysis/histogram';
import { orthogonalityReference } from '../../src/analysis/orthogonality';
import { basisFromMoments, coefficientsReference, rangeReference } from '../../src/analysis/pca';
import type { ComputeBackend } from '../../src/compute/backend';
import { createCpuBackend } from '../../src/compute/cpu/create-cpu-backend';
import type { FilterBank } from '../../src/domain/filters';
import type { Basis, Moments } from '../../src/domain/results';
import { bankOf, randomBank, withFilters } from './banks';

const options = { sparsityEpsilon: 0.01 };

let backend: ComputeBackend;
let tiny: ComputeBackend;
beforeAll(async () => {
  backend = await createCpuBackend();
  tiny = await createCpuBackend({ maxElements: 300, maxProducts: 5000, float64: true });
});

/** Every bank that the verbs must take, by name. */
function banks(): [string, FilterBank][] {
  const list: [string, FilterBank][] = [];
  for (const taps of [1, 3, 9, 25, 49, 81]) {
    for (const count of [0, 1, 2, 7, 1000]) {
      list.push([`${count} x ${taps} float32`, randomBank(count, taps)]);
    }
    list.push([`50 x ${taps} float64`, randomBank(50, taps, 64)]);
  }
  const plain = randomBank(200, 9);
  list.push(
    ['large mean', { ...plain, values: plain.values.map((value) => value * 1e-3 + 1000) }],
    ['all equal', { ...plain, values: plain.values.map((_, i) => Math.sin(i % 9)) }],
    ['all zero', { ...plain, values: plain.values.map(() => 0) }],
    ['some zero', withFilters(plain, [0, 5, 199], 0)],
    ['NaN and Infinity', withFilters(withFilters(plain, [0, 3, 198], NaN), [1, 77], -Infinity)],
    ['one NaN tap', { ...plain, values: plain.values.map((value, i) => (i === 9 * 5 + 4 ? NaN : value)) }],
    ['only NaN', withFilters(plain, [...Array(200).keys()], NaN)],
    ['denormal', { ...plain, values: plain.values.map((value) => value * 1e-40) }],
    ['huge', { ...plain, values: plain.values.map((value) => value * 1e38) }],
    [
      'huge float64',
      bankOf(
        Array.from({ length: 20 }, (_, i) => [1e150 * i, -2e150, 3e149 * i * i]),
        64,
      ),
    ],
    ['one denormal filter', withFilters(plain, [8], 1e-44)],
    ['64 taps', randomBank(5, 64)],
  );
  return list;
}

function basisFor(bank: FilterBank): Basis {
  const { taps } = bank;
  const own = basisFromMoments(layerMomentsReference(bank, options).scaled);
  return own ?? basisFromMoments(layerMomentsReference(randomBank(40, taps), options).scaled)!;
}

function largest(values: Float64Array) {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

/** Relative to the largest entry, and to what rounding each value once (a reciprocal instead of a division) may do. */
function expectMoments(actual: Moments, expected: Moments): void {
  expect(actual.count).toBe(expected.count);
  const size = largest(expected.mean);
  const scatter = largest(expected.scatter);
  const meanTolerance = 1e-12 * size;
  const rounding = 1e-15 * size;
  const scatterTolerance =
    1e-12 * scatter + rounding * Math.sqrt(expected.count * scatter) + expected.count * rounding ** 2;
  const within = (a: Float64Array, b: Float64Array, tolerance: number) =>
    a.every((value, i) => Math.abs(value - b[i]!) <= tolerance);
  expect(within(actual.mean, expected.mean, meanTolerance)).toBe(true);
  expect(within(actual.scatter, expected.scatter, scatterTolerance)).toBe(true);
}

/** Counts may differ only where coefficients lie within rounding of an edge. */
function expectCounts(actual: Uint32Array, expected: Uint32Array, slack: number): void {
  expect(actual.length).toBe(expected.length);
  let moved = 0;
  actual.forEach((count, k) => (moved += Math.abs(count - expected[k]!)));
  expect(moved).toBeLessThanOrEqual(2 * slack);
}

function nearEdges(coefficients: Float64Array, low: number, high: number, bins: number): number {
  const position = (value: number) => ((value - low) / (high - low)) * bins;
  const rounding = Math.max(1e-9, (1e-14 * bins) / (high - low));
  return coefficients.filter((value) => Math.abs(position(value) - Math.round(position(value))) < rounding)
    .length;
}

describe.each(banks())('%s', (_, bank) => {
  const { count, taps } = bank;

  test('has the moments of the reference', async () => {
    const expected = layerMomentsReference(bank, options);
    for (const compute of [backend, tiny]) {
      const actual = await compute.layerMoments(bank, options);
      for (const key of [
        'filterCount',
        'nonFiniteCount',
        'peak',
        'sparseCount',
        'sparsityEpsilon',
      ] as const) {
        expect(actual[key], key).toBe(expected[key]);
      }
      for (const key of ['normL1', 'normL2'] as const) {
        if (expected[key] === 0 || expected[key] === Infinity) expect(actual[key]).toBe(expected[key]);
        else expect(actual[key] / expected[key]).toBeCloseTo(1, 12);
      }
      for (const key of ['raw', 'clean', 'scaled'] as const) expectMoments(actual[key], expected[key]);
    }
  });

  test('has the coefficients, range, histogram and density of the reference', async () => {
    const basis = basisFor(bank);
    const expected = coefficientsReference(bank, basis);
    const last = taps - 1;
    for (const compute of [backend, tiny]) {
      const actual = await compute.coefficients(bank, basis);
      expect(actual.length).toBe(count * taps);
      actual.forEach((value, i) => {
        if (Number.isNaN(expected[i]!)) expect(value).toBeNaN();
        else expect(Math.abs(value - expected[i]!)).toBeLessThan(2e-7 * Math.max(1, Math.abs(expected[i]!)));
      });
      const range = await compute.coefficientRange(bank, basis);
      const expectedRange = rangeReference(expected);
      if (!expectedRange) {
        expect(range).toBeNull();
        continue;
      }
      expect(range![0]).toBeCloseTo(expectedRange[0], 12);
      expect(range![1]).toBeCloseTo(expectedRange[1], 12);
      const histogram = await compute.coefficientHistogram(bank, basis, range!, 70);
      const finite = expected.filter((value) => !Number.isNaN(value));
      expect(histogram.range).toEqual(range);
      expect(histogram.counts.reduce((sum, value) => sum + value, 0)).toBe(finite.length);
      const reference = histogramReference(expected, taps, range!, 70);
      expectCounts(histogram.counts, reference.counts, nearEdges(finite, ...range!, 70));
      const density = await compute.coefficientDensity(bank, basis, [0, last], 64, 3.3);
      const expectedDensity = densityReference(expected, taps, [0, last], 64, 3.3);
      expectCounts(density, expectedDensity, nearEdges(finite, -3.3, 3.3, 64));
    }
  });

  test('gives the same bytes twice and leaves no tensor', async () => {
    const before = engine().memory().numTensors;
    const basis = basisFor(bank);
    const few = { ...bank, values: bank.values.subarray(0, 20 * taps), count: Math.min(20, count) };
    const run = async (compute: ComputeBackend) => [
      await compute.layerMoments(bank, options),
      await compute.coefficientRange(bank, basis),
      await compute.coefficientHistogram(bank, basis, [-1, 1], 70),
      await compute.coefficients(bank, basis),
      await compute.orthogonality(few, few.count),
    ];
    for (const compute of [backend, tiny]) expect(await run(compute)).toEqual(await run(compute));
    expect(engine().memory().numTensors).toBe(before);
  });
});

describe('orthogonality', () => {
  test.each([
    [1, 9],
    [2, 1],
    [2, 5],
    [3, 7],
    [4, 9],
    [5, 27],
    [7, 3],
    [8, 64],
    [33, 1],
    [130, 73],
    [130, 2049],
  ])('of %i rows of %i equals the reference', async (rows, width) => {
    for (const bank of [
      randomBank(rows, width),
      randomBank(rows, width, 64),
      withFilters(randomBank(rows, width), [0, rows - 1], 0),
      withFilters(randomBank(rows, width), [rows >> 1], NaN),
      withFilters(randomBank(rows, width), [...Array(rows).keys()], 0.1),
      { ...randomBank(rows, width), values: randomBank(rows, width).values.map((value) => value * 1e-42) },
      {
        ...randomBank(rows, width, 64),
        values: randomBank(rows, width, 64).values.map((value) => value * 1e200),
      },
    ]) {
      const expected = orthogonalityReference(bank.values, rows, width);
      for (const compute of [backend, tiny]) {
        const actual = await compute.orthogonality(bank, rows);
        if (expected === null) expect(actual).toBeNull();
        else expect(Math.abs(actual! - expected)).toBeLessThan(1e-6);
      }
    }
  });

  /** Rows that strain sums in float32: rounding that goes one way, sums that grow, sums that cancel. */
  const strained: Record<string, (row: number, column: number, width: number) => number> = {
    'equal weights': () => 0.1,
    'equal rows': (_, column) => 1 + Math.sin(column),
    'non-negative weights': (row, column) => Math.abs(Math.sin(row * 7919 + column * 104729)),
    'one large weight in each run of fourteen': (_, column) => (column % 14 === 0 ? 1 : 2e-4),
    'rows whose products cancel': (row, column, width) =>
      (column < width / 2 ? 1 : -1) ** (row % 2) * (1 + 1e-3 * Math.cos(column * 31 + row)),
    'weights that fall by eight orders': (row, column, width) =>
      10 ** ((-8 * column) / width) * Math.cos(row + column),
  };

  test.each(Object.entries(strained))('is off by less than 1e-6 for %s', async (_, weight) => {
    for (const [rows, width] of [
      [20, 97],
      [64, 1152],
      [40, 4608],
    ]) {
      const values = Float32Array.from({ length: rows * width }, (__, i) =>
        weight(Math.floor(i / width), i % width, width),
      );
      const expected = orthogonalityReference(values, rows, width)!;
      const actual = await backend.orthogonality({ values, count: rows, taps: width }, rows);
      expect(Math.abs(actual! - expected)).toBeLessThan(1e-6);
    }
  });

  test('takes rows of several filters', async () => {
    const bank = randomBank(24, 9);
    const expected = orthogonalityReference(bank.values, 4, 54);
    expect(Math.abs((await backend.orthogonality(bank, 4))! - expected!)).toBeLessThan(1e-6);
  });

  test('is null without two finite rows', async () => {
    expect(await backend.orthogonality(bankOf([[1, 2]]), 1)).toBeNull();
    expect(await backend.orthogonality(bankOf([[1], [NaN]]), 2)).toBeNull();
    expect(await backend.orthogonality({ values: new Float32Array(0), count: 0, taps: 9 }, 0)).toBeNull();
  });
});

describe('layer moments', () => {
  test('measure sparse filters against the peak of the whole layer', async () => {
    const chunk = bankOf([[1], [0.05], [0.2]]);
    const moments = await backend.layerMoments(chunk, { sparsityEpsilon: 0.01, layerPeak: 10 });
    expect(moments.sparseCount).toBe(1);
    expect(moments.clean.count).toBe(2);
    expect(moments.peak).toBe(1);
  });

  test('compares peaks with the threshold in float64', async () => {
    // 0.01 * 1 lies between two float32 numbers.
    const below = Math.fround(0.01) < 0.01 ? Math.fround(0.01) : Math.fround(0.01) - 2 ** -30;
    const above = below + 2 ** -30;
    const moments = await backend.layerMoments(bankOf([[1], [below], [above]]), options);
    expect(moments.sparseCount).toBe(1);
    expect(moments.clean.count).toBe(2);
  });

  test('are those of the reference for 1024 taps', async () => {
    const bank = randomBank(5, 1024);
    const actual = await backend.layerMoments(bank, options);
    const expected = layerMomentsReference(bank, options);
    for (const key of ['raw', 'clean', 'scaled'] as const) expectMoments(actual[key], expected[key]);
  });

  test('have no scatter at all where all filters are equal', async () => {
    const filter = [0.1, -0.7, 0.3, 1 / 3, 5, -6, 7, 8, 0];
    const { raw, scaled } = await backend.layerMoments(bankOf(Array(1001).fill(filter)), options);
    expect(raw.scatter.every((value) => value === 0)).toBe(true);
    expect(scaled.scatter.every((value) => value === 0)).toBe(true);
  });
});

describe('eigen', () => {
  test('equals the analysis code on matrices of every size, in batches', async () => {
    const before = engine().memory().numTensors;
    for (const taps of [1, 3, 9, 25, 49]) {
      const matrices = [3, 20, 100].map(
        (count) => layerMomentsReference(randomBank(count, taps), options).raw.scatter,
      );
      for (const compute of [backend, tiny]) {
        const pairs = await compute.eigen([...matrices, new Float64Array(taps * taps)], taps);
        pairs.slice(0, 3).forEach((pair, i) => {
          const expected = symmetricEigen(matrices[i]!, taps);
          pair.values.forEach((value, k) =>
            expect(Math.abs(value - expected.values[k]!)).toBeLessThanOrEqual(1e-12 * expected.values[0]!),
          );
          expect(pair.vectors).toEqual(expected.vectors);
        });
        expect(pairs[3]!.values.every((value) => value === 0)).toBe(true);
      }
    }
    expect(await backend.eigen([], 9)).toEqual([]);
    expect(engine().memory().numTensors).toBe(before);
  });
});

test('answers messages while it works on a large bank', async () => {
  const bank = randomBank(150_000, 9);
  let ticks = 0;
  const timer = setInterval(() => ticks++, 1);
  const slow = await createCpuBackend({ maxElements: 2 ** 30, maxProducts: 1e5, float64: true });
  // Well over one turn, however fast the kernels are.
  const end = performance.now() + 300;
  while (performance.now() < end) await slow.layerMoments(bank, options);
  clearInterval(timer);
  expect(ticks).toBeGreaterThan(0);
});
