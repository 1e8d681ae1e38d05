/** Filters and channels whose |cos| exceeds this are doubles. */
export const DOUBLE_COSINE = 0.999;

/**
 * Probability that two independent Gaussian vectors of d taps have |cos| > c: the regularised incomplete beta function
 * I_{1 - c^2}((d - 1) / 2, 1 / 2), by its power series in 1 - c^2. 1 for d = 1.
 */
export function chanceOfDouble(taps: number, cosine = DOUBLE_COSINE): number {
  if (taps < 2) return 1;
  const x = 1 - cosine * cosine;
  const a = (taps - 1) / 2;
  // I_x(a, 1/2) = x^a / B(a, 1/2) sum_n (1/2)_n / n! x^n / (a + n)
  let term = 1;
  let sum = 0;
  for (let n = 0; n < 200 && term > 1e-18; n++) {
    sum += term / (a + n);
    term *= ((0.5 + n) / (n + 1)) * x;
  }
  return Math.min(1, (x ** a * sum) / betaHalf(a));
}

/** B(a, 1/2) for a = 1/2, 1, 3/2, ...: B(a + 1, 1/2) = B(a, 1/2) a / (a + 1/2). */
function betaHalf(a: number): number {
  let at = a % 1 === 0 ? 1 : 0.5;
  let beta = at === 1 ? 2 : Math.PI;
  for (; at < a; at++) beta *= at / (at + 0.5);
  return beta;
}

/**
 * Doubles expected among n Gaussian filters: filter i repeats one of the i before it with probability 1 - (1 - p)^i, in sum
 * n - (1 - (1 - p)^n) / p. 0 for one tap, whose filters are not compared.
 */
export function doublesByChance(n: number, taps: number): number {
  if (n < 2 || taps < 2) return 0;
  const chance = chanceOfDouble(taps);
  const pairs = (n * (n - 1)) / 2;
  // The difference of nearly equal numbers is left to its first term.
  if (pairs * chance < 1e-3) return pairs * chance;
  return n + Math.expm1(n * Math.log1p(-chance)) / chance;
}
