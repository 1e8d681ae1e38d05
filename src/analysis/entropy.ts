import { kernelKey, tapCount } from '../domain/model';

/**
 * Total variance (sum of covariance eigenvalues) at or below this counts as zero: that of filters which are all equal
 * but for the rounding of their mean. Every tap then lies within 2^-48 of the layer's peak, 16 units in the last place of
 * float64; two float32 weights that differ at all differ by 2^-24 of the peak or, near zero, are held exactly.
 * @param peak max |w| over the filters
 */
export function varianceFloor(peak: number, taps: number): number {
  return taps * (peak * 2 ** -48) ** 2;
}

/**
 * Share of the total variance of each principal component, in the order given: eigenvalues of the covariance, negative
 * ones (rounding) as 0. Zeros where the total is at or below `floor`; NaN where an eigenvalue is not finite.
 */
export function varianceShares(eigenvalues: ArrayLike<number>, floor = 0): Float64Array {
  const shares = Float64Array.from(eigenvalues, (value) => (value < 0 ? 0 : value));
  const total = shares.reduce((sum, value) => sum + value, 0);
  if (!Number.isFinite(total)) return shares.fill(NaN);
  return total <= floor ? shares.fill(0) : shares.map((value) => value / total);
}

/**
 * Variance entropy H = -sum p log10 p of the shares of variance (section 4, [DB, Q]); between 0 and log10 d.
 * 0 log 0 = 0; 0 where the variance is zero (see `varianceFloor`) or n < 2 (whose covariance is zero).
 */
export function varianceEntropy(eigenvalues: ArrayLike<number>, floor = 0): number {
  let entropy = 0;
  for (const share of varianceShares(eigenvalues, floor)) {
    if (share !== 0) entropy -= share * Math.log10(share);
  }
  // A single component of share 1 leaves -0.
  return entropy + 0;
}

/** The largest H that n filters of d taps can reach: centring leaves n - 1 directions. 0 for n < 3. */
export function maximumEntropy(n: number, taps: number): number {
  return Math.log10(Math.max(1, Math.min(n - 1, taps)));
}

/** Logistic fit of the entropy of n random 3x3 filters in log2 n; torchconvquality 0.4.0 and the CVPR 2022 paper [DB, Q]. */
const RANDOM_THRESHOLD = { L: 1.2618047, x0: 2.30436435, k: 0.88767525, b: -0.31050834 } as const;

const [L, k, x0, b] = (['L', 'k', 'x0', 'b'] as const).map((name) =>
  Math.abs(RANDOM_THRESHOLD[name]).toPrecision(4),
);
/** The fit as it is printed. */
export const RANDOM_THRESHOLD_FORMULA = `T_H(n) = ${L} / (1 + e^(−${k} (log₂ n − ${x0}))) − ${b}`;

/** Fewer filters than this the fit does not cover. */
const LEAST_FILTERS = 9;
/** Where T_H is defined, as it is printed. */
export const RANDOM_THRESHOLD_SCOPE = `3x3 kernels and ${LEAST_FILTERS} filters or more`;
/** H / T_H of trained layers, roughly [DB, Q]. */
export const USUAL_RATIO = 0.9;
/** How sentences say what is usual. */
export function usualText(): string {
  return `about ${USUAL_RATIO * 100} % is usual in trained layers`;
}

/**
 * H below this is low in diversity: the published limit for 3x3 kernels [DB], and as large a part of the largest possible H for others
 * [ours]. Null where so few filters cannot reach the published one.
 * @param published the limit for 3x3 kernels, of at most log10 9
 */
export function lowDiversityLimit(published: number, n: number, kernel: readonly number[]): number | null {
  const reach = maximumEntropy(n, tapCount(kernel));
  if (kernelKey(kernel) === '3x3') return reach >= published ? published : null;
  return reach > 0 ? (published / Math.log10(9)) * reach : null;
}

/**
 * Random threshold T_H(n) = L / (1 + e^(-k (log2 n - x0))) + b: the variance entropy that n random 3x3 filters reach.
 * null for other kernel sizes (see `simulatedEntropy`) and for n < 9, where the fit does not hold.
 */
export function randomThreshold(n: number, kernel: readonly number[]): number | null {
  if (kernel.length !== 2 || kernel[0] !== 3 || kernel[1] !== 3 || n < LEAST_FILTERS) return null;
  const { L, x0, k, b } = RANDOM_THRESHOLD;
  return L / (1 + Math.exp(-k * (Math.log2(n) - x0))) + b;
}
