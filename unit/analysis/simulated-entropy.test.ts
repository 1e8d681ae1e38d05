import { expect, test } from 'vitest';
import { createRandom } from '../../src/analysis/random';
import { simulatedEntropy, wishartEigenvalues } from '../../src/analysis/simulated-entropy';
import golden from '../golden/analysis/random-entropy.json';
import { mean, variance } from './support';

test.each(golden)(
  '$n filters of $taps taps: as layers really drawn',
  ({ n, taps, mean: expected, sd, low, high }) => {
    const draws = 2000;
    const found = simulatedEntropy(n, taps, draws, 7);
    // Five standard errors of the difference of two sample means; quantiles have about three times the error.
    expect(Math.abs(found.mean - expected)).toBeLessThan(5 * sd * Math.sqrt(2 / draws));
    expect(Math.abs(found.low - low)).toBeLessThan(15 * sd * Math.sqrt(2 / draws));
    expect(Math.abs(found.high - high)).toBeLessThan(15 * sd * Math.sqrt(2 / draws));
  },
);

test('the same seed gives the same numbers, another seed others', () => {
  expect(simulatedEntropy(40, 25, 50, 3)).toEqual(simulatedEntropy(40, 25, 50, 3));
  expect(simulatedEntropy(40, 25, 50, 3).mean).not.toBe(simulatedEntropy(40, 25, 50, 4).mean);
});

test('few filters: no entropy for n < 3 or a single tap', () => {
  for (const n of [0, 1, 2]) expect(simulatedEntropy(n, 9, 20, 1).high).toBe(0);
  expect(simulatedEntropy(100, 1, 20, 1).high).toBe(0);
});

test('many filters come near log10 d, at a cost that does not grow with n', () => {
  const { low, high } = simulatedEntropy(1e9, 25, 50, 1);
  expect(low).toBeGreaterThan(Math.log10(25) - 1e-6);
  expect(high).toBeLessThanOrEqual(Math.log10(25));
});

test('Wishart eigenvalues have the mean trace and mean squared trace of the distribution', () => {
  const [freedom, d] = [12, 5];
  const random = createRandom(2);
  const draws = Array.from({ length: 4000 }, () => wishartEigenvalues(freedom, d, random));
  const traces = draws.map((values) => values.reduce((sum, value) => sum + value, 0));
  const squares = draws.map((values) => values.reduce((sum, value) => sum + value * value, 0));
  expect(mean(traces)).toBeCloseTo(freedom * d, 0);
  // E tr S^2 = freedom d (freedom + d + 1)
  const error = Math.sqrt(variance(squares) / draws.length);
  expect(Math.abs(mean(squares) - freedom * d * (freedom + d + 1))).toBeLessThan(5 * error);
});
