import { describe, expect, test } from 'vitest';
import { SquareSums, spreadOfSquares, type ChannelLayout } from '../../src/analysis/initial-signs';
import { createRandom } from '../../src/analysis/random';
import { readSigns } from '../../src/analysis/start';
import type { FilterBank } from '../../src/domain/filters';
import { mean, randomBank, variance } from './support';

const LAYOUT: ChannelLayout = { rows: 16, columns: 16, groups: 1 };

function sumsOf(bank: FilterBank, layout = LAYOUT, factor = 1): SquareSums {
  const sums = new SquareSums(layout);
  sums.take(bank, factor);
  return sums;
}

function bankFrom(
  count: number,
  taps: number,
  weight: (random: ReturnType<typeof createRandom>) => number,
  seed = 1,
): FilterBank {
  const random = createRandom(seed);
  return { values: Float64Array.from({ length: count * taps }, () => weight(random)), count, taps };
}

/** A normal variable, drawn again beyond two deviations. */
function truncated(random: ReturnType<typeof createRandom>): number {
  for (;;) {
    const value = random.normal();
    if (Math.abs(value) < 2) return value;
  }
}

describe('spreadOfSquares', () => {
  test.each([
    [12, 1],
    [40, 9],
    [9, 50],
  ])('has the mean and deviation of %i Gaussian vectors of %i weights', (n, freedom) => {
    const random = createRandom(5);
    const shares = Array.from({ length: 20_000 }, () => {
      const squares = Array.from({ length: n }, () => random.chiSquare(freedom));
      const total = squares.reduce((sum, square) => sum + square, 0);
      return squares.reduce((sum, square) => sum + (square / total) ** 2, 0);
    });
    const signs = shares.map((share) => spreadOfSquares(share, n, freedom));
    const error = Math.sqrt(variance(signs.map(({ value }) => value)) / shares.length);
    expect(Math.abs(mean(signs.map(({ value }) => value)) - signs[0].mean)).toBeLessThan(5 * error);
    expect(variance(signs.map(({ z }) => z))).toBeCloseTo(1, 1);
  });

  test('one vector has no spread', () => {
    expect(spreadOfSquares(1, 1, 9)).toMatchObject({ value: 0, z: 0 });
  });
});

describe('SquareSums', () => {
  test('kurtosis and spreads are those of the definition, the channels those of the stored weight', () => {
    const bank = randomBank(256, 9, 3);
    const { values } = bank;
    const signs = sumsOf(bank).signs()!;
    const fourth = mean(values.map((value) => value ** 4));
    const second = mean(values.map((value) => value ** 2));
    expect(signs.kurtosis.value).toBeCloseTo(fourth / second ** 2 - 3, 10);
    const norm = (filter: number) =>
      mean(values.slice(filter * 9, filter * 9 + 9).map((value) => value ** 2));
    const squaredCv = (sums: number[]) => mean(sums.map((sum) => (sum - mean(sums)) ** 2)) / mean(sums) ** 2;
    const norms = Array.from({ length: 256 }, (_, filter) => norm(filter));
    const rows = Array.from({ length: 16 }, (_, row) => mean(norms.slice(row * 16, row * 16 + 16)));
    const columns = rows.map((_, column) => mean(norms.filter((_, filter) => filter % 16 === column)));
    expect(signs.filterSpread.value).toBeCloseTo(squaredCv(norms), 10);
    expect(signs.rowSpread!.value).toBeCloseTo(squaredCv(rows), 10);
    expect(signs.columnSpread!.value).toBeCloseTo(squaredCv(columns), 10);
    expect(signs.deviation).toBeCloseTo(Math.sqrt(second - mean(values) ** 2), 10);
  });

  test('taken in runs it is the same, and free of scale', () => {
    const { values } = randomBank(256, 9, 3);
    const sums = new SquareSums(LAYOUT);
    const cuts = [0, 1, 100, 256];
    cuts.slice(1).forEach((end, i) => {
      const part = values.slice(cuts[i] * 9, end * 9);
      sums.take({ values: part, count: end - cuts[i], taps: 9 });
    });
    const whole = sumsOf({ values, count: 256, taps: 9 });
    expect(sums.signs()).toEqual(whole.signs());
    expect(sums.peaks()).toEqual(whole.peaks());
    const tiny = sumsOf(
      { values: values.map((value) => value * 1e-200), count: 256, taps: 9 },
      LAYOUT,
      2 ** 660,
    );
    expect(tiny.signs(2 ** 660)!.kurtosis.z).toBeCloseTo(whole.signs()!.kurtosis.z, 8);
    expect(tiny.signs(2 ** 660)!.deviation / 1e-200).toBeCloseTo(whole.signs()!.deviation, 8);
  });

  test('peaks are those of the channels, columns counted on from group to group', () => {
    // Four rows of two filters of one tap, two groups.
    const values = Float64Array.of(1, -2, 3, 4, 5, 6, NaN, 8);
    const { rows, columns } = sumsOf(
      { values, count: 8, taps: 1 },
      { rows: 4, columns: 2, groups: 2 },
    ).peaks();
    expect([...rows]).toEqual([2, 4, 6, 8]);
    expect([...columns]).toEqual([3, 4, 5, 8]);
  });

  test('filters that are not finite are left out, and channels then not compared', () => {
    const bank = randomBank(256, 9, 3);
    bank.values[20] = Infinity;
    const signs = sumsOf(bank).signs()!;
    expect(signs).toMatchObject({
      filterCount: 255,
      weightCount: 255 * 9,
      rowSpread: null,
      columnSpread: null,
    });
    expect(Number.isFinite(signs.kurtosis.z)).toBe(true);
  });

  test.each([
    ['no filter', 0, 1],
    ['one filter', 1, 1],
    ['zeros', 16, 0],
  ])('%s: no signs', (_, count, value) => {
    const values = new Float64Array(count * 9).fill(value);
    expect(sumsOf({ values, count, taps: 9 }, { rows: count, columns: 1, groups: 1 }).signs()).toBeNull();
  });
});

describe('readSigns', () => {
  const starts: [string, (random: ReturnType<typeof createRandom>) => number][] = [
    ['normal', (random) => random.normal()],
    ['truncated normal', truncated],
    ['uniform', (random) => random.uniform() - 0.5],
  ];
  test.each(starts)('a %s start is one', (_, weight) => {
    for (let seed = 1; seed <= 20; seed++) {
      expect(readSigns(sumsOf(bankFrom(256, 9, weight, seed)).signs())).toBe('start');
    }
  });

  test('heavier tails, or channels of other sizes, are trained', () => {
    const cubed = (random: ReturnType<typeof createRandom>) => random.normal() ** 3;
    expect(readSigns(sumsOf(bankFrom(256, 9, cubed)).signs())).toBe('trained');
    const scaled = bankFrom(256, 9, (random) => random.uniform() - 0.5);
    for (let at = 0; at < scaled.values.length; at++) scaled.values[at] *= 1 + 0.05 * Math.floor(at / 144);
    expect(readSigns(sumsOf(scaled).signs())).toBe('trained');
  });

  test('two values are no usual start; 16 filters of 3x3 are too few', () => {
    const two = (random: ReturnType<typeof createRandom>) => (random.uniform() < 0.5 ? -1 : 1);
    expect(readSigns(sumsOf(bankFrom(256, 9, two)).signs())).toBe('unusual');
    const few = sumsOf(
      bankFrom(16, 9, (random) => random.normal()),
      { rows: 16, columns: 1, groups: 1 },
    );
    expect(readSigns(few.signs())).toBe('too-few');
    expect(readSigns(null)).toBe('too-few');
  });
});
