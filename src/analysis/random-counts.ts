import type { Random } from './random';

/** Above this variance a count is drawn from the normal distribution of its mean and variance, rounded. */
const NORMAL_VARIANCE = 100;

/**
 * Number of successes in `n` trials of probability `p`. Exact (inversion outward from the mode) up to a variance of
 * 100, the rounded normal approximation above.
 */
export function binomial(random: Random, n: number, p: number): number {
  if (n <= 0 || p <= 0) return 0;
  if (p >= 1) return n;
  const q = 1 - p;
  const variance = n * p * q;
  if (variance > NORMAL_VARIANCE) return roundedNormal(random, n * p, variance, 0, n);
  const mode = Math.min(n, Math.floor((n + 1) * p));
  const odds = p / q;
  const atMode = Math.exp(logChoose(n, mode) + mode * Math.log(p) + (n - mode) * Math.log1p(-p));
  return outwardFromMode(random, mode, atMode, 0, n, (k) => ((n - k) / (k + 1)) * odds);
}

/**
 * Number of marked items in `sample` drawn without replacement from `marked` + `unmarked`. Exact (inversion outward from
 * the mode) up to a variance of 100, the rounded normal approximation above.
 */
export function hypergeometric(random: Random, marked: number, unmarked: number, sample: number): number {
  const total = marked + unmarked;
  const low = Math.max(0, sample - unmarked);
  const high = Math.min(marked, sample);
  if (low >= high) return low;
  const share = marked / total;
  const variance = sample * share * (1 - share) * ((total - sample) / (total - 1));
  if (variance > NORMAL_VARIANCE) return roundedNormal(random, sample * share, variance, low, high);
  const mode = Math.min(high, Math.max(low, Math.floor(((sample + 1) * (marked + 1)) / (total + 2))));
  const atMode = Math.exp(
    logChoose(marked, mode) + logChoose(unmarked, sample - mode) - logChoose(total, sample),
  );
  const excess = unmarked - sample;
  return outwardFromMode(
    random,
    mode,
    atMode,
    low,
    high,
    (k) => ((marked - k) * (sample - k)) / ((k + 1) * (excess + k + 1)),
  );
}

/** Inversion over the values ordered mode, mode + 1, mode - 1, ...; `ratio(k)` is P(k + 1) / P(k). */
function outwardFromMode(
  random: Random,
  mode: number,
  atMode: number,
  low: number,
  high: number,
  ratio: (k: number) => number,
): number {
  let u = random.uniform() - atMode;
  if (u < 0) return mode;
  let up = mode;
  let down = mode;
  let above = atMode;
  let below = atMode;
  while (up < high || down > low) {
    if (up < high) {
      above *= ratio(up);
      up++;
      u -= above;
      if (u < 0) return up;
    }
    if (down > low) {
      down--;
      below /= ratio(down);
      u -= below;
      if (u < 0) return down;
    }
    // What is left is rounding of the probabilities, not mass.
    if (above + below < 1e-18) break;
  }
  return mode;
}

function roundedNormal(random: Random, mean: number, variance: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, Math.round(mean + random.normal() * Math.sqrt(variance))));
}

const LOG_FACTORIALS = new Float64Array(1024);
for (let k = 2; k < LOG_FACTORIALS.length; k++) LOG_FACTORIALS[k] = LOG_FACTORIALS[k - 1] + Math.log(k);

/** ln k!, from a table or Stirling's series (error below 1e-16 there). */
function logFactorial(k: number): number {
  if (k < LOG_FACTORIALS.length) return LOG_FACTORIALS[k];
  const inverse = 1 / k;
  return (
    (k + 0.5) * Math.log(k) - k + 0.5 * Math.log(2 * Math.PI) + inverse * (1 / 12 - (inverse * inverse) / 360)
  );
}

function logChoose(n: number, k: number): number {
  return logFactorial(n) - logFactorial(k) - logFactorial(n - k);
}
