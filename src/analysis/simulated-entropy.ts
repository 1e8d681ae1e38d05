import { implicitQl } from './eigen-tridiagonal';
import { varianceEntropy } from './entropy';
import { createRandom, type Random } from './random';
import { quantileOfSorted, TAIL } from './quantile';

/** Variance entropy of random layers. */
export interface EntropyNull {
  mean: number;
  /** 2.5 % and 97.5 % quantile over the draws. */
  low: number;
  high: number;
  draws: number;
}

/**
 * Variance entropy H of n independent standard Gaussian filters of d taps, the null for kernel sizes without a
 * published threshold. The scatter about the mean is Wishart with n - 1 degrees of freedom; its Bartlett factor,
 * reduced to a bidiagonal of independent chi variables (Dumitriu & Edelman 2002), has the same eigenvalues, so that a
 * draw costs O(min(n - 1, d)^2) however many filters there are. Seeded: same arguments, same numbers.
 * n < 2: H is 0.
 */
export function simulatedEntropy(n: number, taps: number, draws: number, seed: number): EntropyNull {
  if (n < 2 || draws < 1) return { mean: 0, low: 0, high: 0, draws: 0 };
  const random = createRandom(seed);
  const entropies = Float64Array.from({ length: draws }, () =>
    varianceEntropy(wishartEigenvalues(n - 1, taps, random)),
  );
  entropies.sort();
  return {
    mean: entropies.reduce((sum, value) => sum + value, 0) / draws,
    low: quantileOfSorted(entropies, TAIL),
    high: quantileOfSorted(entropies, 1 - TAIL),
    draws,
  };
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
