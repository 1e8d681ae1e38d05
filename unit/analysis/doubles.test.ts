import { describe, expect, test } from 'vitest';
import { deadChannels } from '../../src/analysis/dead-channels';
import { doubleChannels } from '../../src/analysis/double-channels';
import { chanceOfDouble, DOUBLE_COSINE, doublesByChance } from '../../src/analysis/double-chance';
import { doubleFilters } from '../../src/analysis/double-filters';
import { createRandom } from '../../src/analysis/random';
import type { FilterBank } from '../../src/domain/filters';
import { randomBank } from './support';

function cosine(bank: FilterBank, i: number, j: number): number {
  const of = (filter: number) =>
    Array.from(bank.values.subarray(filter * bank.taps, (filter + 1) * bank.taps));
  return cosineOf(of(i), of(j));
}

function cosineOf(a: number[], b: number[]): number {
  const dot = (x: number[], y: number[]) => x.reduce((sum, value, t) => sum + value * y[t], 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

/** Filters of which every third is an earlier one, scaled, turned round or not, with a little noise. */
function withCopies(count: number, taps: number, noise: number, seed: number): FilterBank {
  const bank = randomBank(count, taps, seed);
  const random = createRandom(seed, 1);
  for (let i = 3; i < count; i += 3) {
    const from = Math.floor(random.uniform() * i);
    const factor = (random.uniform() < 0.5 ? -1 : 1) * (0.5 + random.uniform());
    for (let t = 0; t < taps; t++) {
      bank.values[i * taps + t] = factor * (bank.values[from * taps + t] + noise * random.normal());
    }
  }
  return bank;
}

function peakOf({ values }: FilterBank): number {
  return (values as Float64Array).reduce((peak, value) => Math.max(peak, Math.abs(value)), 0);
}

describe('doubleFilters', () => {
  test.each([
    [300, 2, 0],
    [300, 3, 0.01],
    [300, 9, 0.01],
    [300, 9, 0.02],
    [300, 25, 0.02],
    [120, 49, 0.03],
  ])('%i filters of %i taps, noise %f: as told by comparing all pairs', (count, taps, noise) => {
    const bank = withCopies(count, taps, noise, 4);
    const list = doubleFilters(bank, 0)!;
    const expected = Array.from({ length: count }, (_, i) => i).filter((i) =>
      Array.from({ length: i }, (_, j) => j).some((j) => Math.abs(cosine(bank, i, j)) > DOUBLE_COSINE),
    );
    expect(list.pairs.map(([i]) => i)).toEqual(expected);
    expect(list.count).toBe(expected.length);
    for (const [i, j] of list.pairs) {
      expect(j).toBeLessThan(i);
      expect(Math.abs(cosine(bank, i, j))).toBeGreaterThan(DOUBLE_COSINE);
    }
    const flipped = list.pairs.filter(([i, j]) => cosine(bank, i, j) < 0).length;
    expect(list.flipped).toBe(flipped);
  });

  test('filters below the floor, zero or not finite are left out', () => {
    const values = Float64Array.of(1, 2, 2, 4, 1e-4, 2e-4, 0, 0, NaN, 1, 0, 0, -3, -6);
    expect(doubleFilters({ values, count: 7, taps: 2 }, 6)).toEqual({
      count: 2,
      flipped: 1,
      pairs: [
        [1, 0],
        [6, expect.any(Number)],
      ],
    });
  });

  test('weights of 1e200 and 1e-200 have directions too', () => {
    const values = Float64Array.of(1e200, 2e200, 0.5e200, 1e200, 1e-200, 2e-200);
    expect(doubleFilters({ values, count: 3, taps: 2 }, 0)?.count).toBe(2);
  });

  test('many alike are listed up to a limit and counted on', () => {
    const count = 5000;
    const values = Float32Array.from({ length: count * 9 }, (_, i) => 1 + (i % 9));
    const list = doubleFilters({ values, count, taps: 9 }, 9)!;
    expect(list.count).toBe(count - 1);
    expect(list.pairs.length).toBe(2000);
  });

  test('one tap has no direction', () => {
    expect(doubleFilters(randomBank(10, 1), 1)).toBeNull();
  });
});

describe('doubleChannels', () => {
  const layout = { rows: 12, columns: 8, groups: 1 };

  function channelsOf(bank: FilterBank, side: 'rows' | 'columns', channel: number): number[] {
    const filters = Array.from({ length: 96 }, (_, f) => f).filter((f) =>
      side === 'rows' ? Math.floor(f / 8) === channel : f % 8 === channel,
    );
    return filters.flatMap((f) => Array.from(bank.values.subarray(f * 9, f * 9 + 9)));
  }

  test('tells copied, scaled and turned rows and columns', () => {
    const bank = randomBank(96, 9, 2);
    const copy = (from: number, to: number, factor: number) => {
      for (let at = 0; at < 72; at++) bank.values[to * 72 + at] = factor * bank.values[from * 72 + at];
    };
    copy(1, 7, -3);
    copy(4, 9, 0.2);
    for (let row = 0; row < 12; row++) {
      for (let t = 0; t < 9; t++) bank.values[(row * 8 + 6) * 9 + t] = 2 * bank.values[row * 72 + 9 + t];
    }
    const { rows, columns } = doubleChannels(bank, layout, peakOf(bank));
    expect(rows).toEqual({
      count: 2,
      flipped: 1,
      pairs: [
        [7, 1],
        [9, 4],
      ],
    });
    expect(columns).toEqual({ count: 1, flipped: 0, pairs: [[6, 1]] });
    expect(Math.abs(cosineOf(channelsOf(bank, 'rows', 7), channelsOf(bank, 'rows', 1)))).toBeCloseTo(1, 10);
    expect(cosineOf(channelsOf(bank, 'columns', 6), channelsOf(bank, 'columns', 1))).toBeCloseTo(1, 10);
  });

  test('only channels of one group are compared, a depthwise layer has none', () => {
    const bank = randomBank(96, 9, 2);
    for (let at = 0; at < 72; at++) bank.values[11 * 72 + at] = bank.values[at];
    expect(doubleChannels(bank, layout, 5).rows?.count).toBe(1);
    expect(doubleChannels(bank, { ...layout, groups: 2 }, 5).rows?.count).toBe(0);
    const depthwise = doubleChannels(bank, { rows: 96, columns: 1, groups: 96 }, 5);
    expect(depthwise).toEqual({ rows: null, columns: null });
  });

  test('dead, zero and non-finite channels are no doubles', () => {
    const bank = randomBank(96, 9, 2);
    bank.values.fill(0, 0, 72);
    bank.values.fill(0, 72, 144);
    for (let at = 144; at < 288; at++) bank.values[at] = 1e-6;
    bank.values[300] = NaN;
    expect(doubleChannels(bank, layout, peakOf(randomBank(96, 9, 2))).rows).toEqual({
      count: 0,
      flipped: 0,
      pairs: [],
    });
  });

  test('a layer of zeros has none', () => {
    const bank = { values: new Float32Array(864), count: 96, taps: 9 };
    expect(doubleChannels(bank, layout, 0)).toEqual({ rows: null, columns: null });
  });
});

describe('chance', () => {
  test.each([2, 3, 4, 5])('of two Gaussian filters of %i taps', (taps) => {
    const limit = 0.9;
    const random = createRandom(9);
    const draws = 100_000;
    let hits = 0;
    for (let draw = 0; draw < draws; draw++) {
      const normal = () => Array.from({ length: taps }, () => random.normal());
      if (Math.abs(cosineOf(normal(), normal())) > limit) hits++;
    }
    const chance = chanceOfDouble(taps, limit);
    expect(Math.abs(hits / draws - chance)).toBeLessThan(5 * Math.sqrt(chance / draws));
  });

  test('is known in closed form for two and three taps', () => {
    expect(chanceOfDouble(2)).toBeCloseTo((2 / Math.PI) * Math.acos(DOUBLE_COSINE), 10);
    expect(chanceOfDouble(3)).toBeCloseTo(1 - DOUBLE_COSINE, 12);
    expect(chanceOfDouble(1)).toBe(1);
    expect(chanceOfDouble(1024)).toBe(0);
  });

  test('doubles expected: none of one filter or one tap, at most all but one', () => {
    expect(doublesByChance(1, 9)).toBe(0);
    expect(doublesByChance(100, 1)).toBe(0);
    expect(doublesByChance(3, 3)).toBeCloseTo(3 * 0.001 - 1e-6, 8);
    expect(doublesByChance(1e6, 2)).toBeGreaterThan(999_900);
    expect(doublesByChance(1e6, 2)).toBeLessThan(999_999);
    expect(doublesByChance(300, 9)).toBeCloseTo(((300 * 299) / 2) * chanceOfDouble(9), 12);
  });

  test('as many doubles are found among Gaussian filters as are expected by chance', () => {
    const list = doubleFilters(randomBank(4000, 3, 8), 0)!;
    const expected = doublesByChance(4000, 3);
    expect(Math.abs(list.count - expected)).toBeLessThan(5 * Math.sqrt(expected));
  });
});

describe('deadChannels', () => {
  const peaks = { rows: Float64Array.of(1, 0.005, 0.01, 0), columns: Float64Array.of(1, 0.009) };

  test('are those whose largest weight is below the threshold', () => {
    expect(deadChannels('full', peaks, 1, 0.01)).toEqual({ output: [1, 3], input: [1] });
    expect(deadChannels('full', peaks, 1, 0.001)).toEqual({ output: [3], input: [] });
  });

  test('rows of a transposed convolution are input channels', () => {
    expect(deadChannels('transposed', peaks, 1, 0.01)).toEqual({ output: [1], input: [1, 3] });
  });

  test('in a layer of zeros all are dead', () => {
    const none = { rows: new Float64Array(2), columns: new Float64Array(1) };
    expect(deadChannels('full', none, 0, 0.01)).toEqual({ output: [0, 1], input: [0] });
  });
});
