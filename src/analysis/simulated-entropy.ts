import { implicitQl } from './eigen-tridiagonal';
import type { EntropyNull } from '../domain/results';
import { varianceEntropy } from './entropy';
import { createRandom, type Random } from './random';
import { NORMAL_TAIL, quantileOfSorted, TAIL } from './quantile';

const SEED = 1;
/** Two standard errors of the threshold are to be below this. */
const ERROR = 0.002;
/** Draws between two looks at the error: fewer where one costs more. */
const BATCH = 1000;
const BATCH_WORK = 4e6;
const MOST_DRAWS = 40_000;
/** Eigenvalues squared that a null may cost beyond its first draws: some hundred milliseconds. */
const WORK = 4e7;
/** The fewest draws, where one costs most; from these few the quantiles of a normal distribution are taken. */
const FEWEST = 40;
const ENOUGH_FOR_QUANTILES = 400;
/** Error of the 2.5 % quantile of a normal distribution, in deviations over root draws. */
const NORMAL_ERROR = 2.67;

/**
 * Variance entropy H of n independent standard Gaussian filters of d taps, the null for kernel sizes without a
 * published threshold [ours]. The scatter about the mean is Wishart with n - 1 degrees of freedom; its Bartlett factor,
 * reduced to a bidiagonal of independent chi variables (Dumitriu & Edelman 2002), has the same eigenvalues, so that a
 * draw costs O(min(n - 1, d)^2) however many filters there are. Drawn until two standard errors of `low` are below .002;
 * seeded: same arguments, same numbers. n < 3 or d < 2: H is 0.
 */
export function simulatedEntropy(n: number, taps: number, seed = SEED): EntropyNull {
  if (n < 3 || taps < 2) return { mean: 0, low: 0, high: 0, draws: 0, error: 0 };
  const random = createRandom(seed);
  const cost = Math.min(n - 1, taps) ** 2;
  const size = Math.min(BATCH, Math.max(FEWEST, Math.floor(BATCH_WORK / cost)));
  const most = Math.min(MOST_DRAWS, Math.max(FEWEST, Math.floor(WORK / cost)));
  const entropies: number[] = [];
  for (;;) {
    const batch = Math.min(size, most - entropies.length);
    for (let i = 0; i < batch; i++) entropies.push(varianceEntropy(wishartEigenvalues(n - 1, taps, random)));
    const found = nullOf(Float64Array.from(entropies).sort());
    if (found.error < ERROR || entropies.length >= most) return found;
  }
}

function nullOf(sorted: Float64Array): EntropyNull {
  const draws = sorted.length;
  const mean = sorted.reduce((sum, value) => sum + value, 0) / draws;
  if (draws < ENOUGH_FOR_QUANTILES) {
    const squares = sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    const deviation = Math.sqrt(squares / (draws - 1));
    const tail = NORMAL_TAIL * deviation;
    const error = (2 * NORMAL_ERROR * deviation) / Math.sqrt(draws);
    return { mean, low: mean - tail, high: mean + tail, draws, error };
  }
  const at = (q: number) => quantileOfSorted(sorted, q);
  // Root of p (1 - p) / draws over the density there, which the distance of two near quantiles tells.
  const width = TAIL / 2;
  const density = (2 * width) / (at(TAIL + width) - at(TAIL - width));
  const error = (2 * Math.sqrt((TAIL * (1 - TAIL)) / draws)) / density;
  return { mean, low: at(TAIL), high: at(1 - TAIL), draws, error };
}

/**
 * The min(freedom, d) eigenvalues that are not zero of a d x d Wishart matrix of identity scale, unsorted. B has chi
 * variables of freedom larger, larger - 1, ... on its diagonal and smaller - 1, ..., 1 below it; B B^T is tridiagonal.
 */
export function wishartEigenvalues(freedom: number, d: number, random: Random): Float64Array {
  const smaller = Math.min(freedom, d);
  const larger = Math.max(freedom, d);
  const diagonal = new Float64Array(smaller);
  const subdiagonal = new Float64Array(smaller);
  let below = 0;
  for (let i = 0; i < smaller; i++) {
    const square = random.chiSquare(larger - i);
    diagonal[i] = square + below;
    if (i + 1 === smaller) break;
    below = random.chiSquare(smaller - 1 - i);
    subdiagonal[i + 1] = Math.sqrt(square * below);
  }
  implicitQl(diagonal, subdiagonal);
  return diagonal;
}
