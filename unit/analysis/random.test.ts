import { describe, expect, test } from 'vitest';
import { createRandom } from '../../src/analysis/random';
import { binomial, hypergeometric } from '../../src/analysis/random-counts';
import { mean, variance } from './support';

const DRAWS = 20_000;

function draw(next: () => number): Float64Array {
  return Float64Array.from({ length: DRAWS }, next);
}

/** Sample mean and variance within six standard errors; kurtosis at most `kurtosis`. */
function expectMoments(values: Float64Array, centre: number, spread: number, kurtosis = 4): void {
  expect(Math.abs(mean(values) - centre)).toBeLessThan(6 * Math.sqrt(spread / DRAWS));
  expect(Math.abs(variance(values) / spread - 1)).toBeLessThan(6 * Math.sqrt((kurtosis - 1) / DRAWS));
}

describe('createRandom', () => {
  test('a seed and stream name one sequence', () => {
    const take = (...key: [number, ...number[]]): number[] => {
      const random = createRandom(...key);
      return Array.from({ length: 4 }, () => random.uniform());
    };
    expect(take(1)).toEqual(take(1));
    expect(take(1, 2, 3)).toEqual(take(1, 2, 3));
    const others = [take(1), take(2), take(1, 0), take(1, 2, 3), take(1, 3, 2), take(2 ** 32 + 1)];
    expect(new Set(others.map(String)).size).toBe(others.length);
  });

  test('uniform, normal and chi-square have their moments', () => {
    const random = createRandom(5);
    const uniform = draw(() => random.uniform());
    expectMoments(uniform, 0.5, 1 / 12, 1.8);
    expect(uniform.every((value) => value >= 0 && value < 1)).toBe(true);
    expectMoments(
      draw(() => random.normal()),
      0,
      1,
    );
    for (const freedom of [1, 2, 7, 500]) {
      expectMoments(
        draw(() => random.chiSquare(freedom)),
        freedom,
        2 * freedom,
        3 + 12 / freedom,
      );
    }
  });

  test('a gamma variable needs a positive shape', () => {
    expect(() => createRandom(1).gamma(0)).toThrow(/positive shape/);
    expect(() => createRandom(1).gamma(NaN)).toThrow(/positive shape/);
  });
});

describe('binomial', () => {
  test.each([
    [10, 0.3],
    [40, 0.97],
    [100_000, 0.0001],
    [395, 0.5],
    [5000, 0.5],
  ])('of %i trials of %d has its moments and bounds', (n, p) => {
    const random = createRandom(n);
    const values = draw(() => binomial(random, n, p));
    expectMoments(values, n * p, n * p * (1 - p));
    expect(values.every((value) => Number.isInteger(value) && value >= 0 && value <= n)).toBe(true);
  });

  test('small cases follow the exact probabilities', () => {
    const random = createRandom(9);
    const frequency = [0, 0, 0, 0];
    for (let i = 0; i < DRAWS; i++) frequency[binomial(random, 3, 0.4)]++;
    [0.216, 0.432, 0.288, 0.064].forEach((p, k) => {
      expect(Math.abs(frequency[k] / DRAWS - p)).toBeLessThan(6 * Math.sqrt((p * (1 - p)) / DRAWS));
    });
  });

  test('certain outcomes', () => {
    const random = createRandom(1);
    expect([binomial(random, 0, 0.5), binomial(random, 9, 0), binomial(random, 9, 1)]).toEqual([0, 0, 9]);
  });
});

describe('hypergeometric', () => {
  test.each([
    [5, 7, 4],
    [3, 1000, 900],
    [400, 300, 350],
    [20_000, 30_000, 10_000],
  ])(
    'of %i marked and %i others has the moments and bounds of a sample of %i',
    (marked, unmarked, sample) => {
      const random = createRandom(marked);
      const total = marked + unmarked;
      const share = marked / total;
      const values = draw(() => hypergeometric(random, marked, unmarked, sample));
      expectMoments(values, sample * share, (sample * share * (1 - share) * (total - sample)) / (total - 1));
      const low = Math.max(0, sample - unmarked);
      const high = Math.min(marked, sample);
      expect(values.every((value) => Number.isInteger(value) && value >= low && value <= high)).toBe(true);
    },
  );

  test('certain outcomes', () => {
    const random = createRandom(1);
    expect(hypergeometric(random, 0, 5, 3)).toBe(0);
    expect(hypergeometric(random, 4, 0, 3)).toBe(3);
    expect(hypergeometric(random, 4, 6, 10)).toBe(4);
    expect(hypergeometric(random, 0, 0, 0)).toBe(0);
  });
});
