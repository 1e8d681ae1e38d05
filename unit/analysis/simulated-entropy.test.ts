import { expect, test } from 'vitest';
import { createRandom } from '../../src/analysis/random';
import { simulatedEntropy, wishartEigenvalues } from '../../src/analysis/simulated-entropy';
import golden from '../golden/analysis/random-entropy.json';
import { mean, variance } from './support';

test.each(golden)(
  '$n filters of $taps taps: as layers really drawn',
  ({ n, taps, mean: expected, sd, low, high }) => {
    const found = simulatedEntropy(n, taps);
    // Five standard errors of the difference of two sample means; quantiles have about three times the error.
    const error = sd * Math.sqrt(1 / found.draws + 1 / 2000);
    expect(Math.abs(found.mean - expected)).toBeLessThan(5 * error);
    expect(Math.abs(found.low - low)).toBeLessThan(15 * error);
    expect(Math.abs(found.high - high)).toBeLessThan(15 * error);
  },
);

test.each([
  [3, 9],
  [8, 9],
  [8, 25],
  [64, 25],
  [200, 49],
  [5000, 121],
  [258, 256],
])('%i filters of %i taps: the threshold is known to .002, and another seed gives it', (n, taps) => {
  const found = simulatedEntropy(n, taps);
  const other = simulatedEntropy(n, taps, 2);
  expect(found.error).toBeLessThan(0.002);
  // Two standard errors each: five of the difference.
  expect(Math.abs(found.low - other.low)).toBeLessThan((5 / 2) * Math.hypot(found.error, other.error));
});

test('the same seed gives the same numbers, another seed others', () => {
  expect(simulatedEntropy(40, 25, 3)).toEqual(simulatedEntropy(40, 25, 3));
  expect(simulatedEntropy(40, 25, 3).mean).not.toBe(simulatedEntropy(40, 25, 4).mean);
});

test('few filters: no entropy for n < 3 or a single tap', () => {
  for (const n of [0, 1, 2]) expect(simulatedEntropy(n, 9)).toMatchObject({ high: 0, draws: 0 });
  expect(simulatedEntropy(100, 1).high).toBe(0);
});

test('many filters come near log10 d, at a cost that does not grow with n', () => {
  const { low, high } = simulatedEntropy(1e9, 25);
  expect(low).toBeGreaterThan(Math.log10(25) - 1e-6);
  expect(high).toBeLessThanOrEqual(Math.log10(25));
});

test('kernels of a thousand taps cost few draws', () => {
  const found = simulatedEntropy(2000, 1024);
  expect(found.draws).toBe(40);
  expect(found.low).toBeLessThan(found.mean);
  expect(found.high).toBeLessThan(Math.log10(1024));
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
