import { binWidth, histogramQuantile, usableRange } from './histogram';

export interface KdeOptions {
  /** Standard deviation (n - 1) where it is known more exactly than from the counts, e.g. from a basis's variance. */
  sd?: number;
  /** Points of the curve; default 256. */
  gridSize?: number;
  /** Where the curve is drawn; default the range widened by a twentieth on both sides. */
  domain?: readonly [number, number];
}

export interface Kde {
  /** gridSize rising positions over the domain. */
  x: Float64Array;
  /** Density at `x`: integrates to 1 over the whole line (over the domain where it holds all the mass); zeros for n = 0. */
  density: Float64Array;
  bandwidth: number;
}

/** Interquartile range of a normal distribution of standard deviation 1. */
const NORMAL_IQR = 1.34898;
/** Silverman's bandwidth as it is printed. */
export const BANDWIDTH_FORMULA = `h = min(s, IQR/${NORMAL_IQR.toPrecision(4)}) (3n/4)^(−1/5)`;

/** Beyond this many bandwidths a Gaussian's mass is below 6e-7. */
const REACH = 5;

/**
 * Gaussian kernel density estimate of one component (section 3, [DB]) from its fine histogram: every value counts at
 * its bin's centre, the kernel is cut at five bandwidths. Silverman's bandwidth h = s (3n/4)^(-1/5) with
 * s = min(standard deviation, IQR / 1.34898), the standard deviation alone where the IQR is 0; never less than a bin
 * or a step of the curve, so that n = 1 and values all equal give a narrow peak of area 1. n = 0: density 0.
 * Against the estimate from the values themselves the error is of order (bin / h)^2.
 */
export function kdeFromHistogram(
  counts: ArrayLike<number>,
  range: readonly [number, number],
  options: KdeOptions = {},
): Kde {
  const [low, high] = usableRange(range);
  const margin = (high - low) / 20;
  const { gridSize = 256, domain = [low - margin, high + margin] } = options;
  const width = binWidth(range, counts.length);
  const step = (domain[1] - domain[0]) / (gridSize - 1);
  const x = Float64Array.from({ length: gridSize }, (_, i) => domain[0] + i * step);
  const density = new Float64Array(gridSize);

  const { n, sd } = spread(counts, range);
  const bandwidth = Math.max(silvermanBandwidth(counts, range, n, options.sd ?? sd), width, step);
  if (n === 0) return { x, density, bandwidth };

  // exp(-(t - k r)^2 / 2) = exp(-t^2 / 2) exp(t r)^k exp(-(k r)^2 / 2): the last factor is tabled, the second a power.
  const r = width / bandwidth;
  const table = Float64Array.from({ length: Math.floor(REACH / r) + 2 }, (_, k) =>
    Math.exp(-0.5 * (k * r) ** 2),
  );
  for (let i = 0; i < gridSize; i++) {
    const position = (x[i] - low) / width - 0.5;
    const nearest = Math.round(position);
    const t = (position - nearest) * r;
    const sum =
      (counts[nearest] ?? 0) +
      oneSide(counts, nearest, 1, table, Math.exp(t * r)) +
      oneSide(counts, nearest, -1, table, Math.exp(-t * r));
    density[i] = (sum * Math.exp(-0.5 * t * t)) / (n * bandwidth * Math.sqrt(2 * Math.PI));
  }
  return { x, density, bandwidth };
}

/** Sum over the bins to one side of `nearest` of count * table[k] * factor^k, as far as table and counts reach. */
function oneSide(
  counts: ArrayLike<number>,
  nearest: number,
  direction: 1 | -1,
  table: Float64Array,
  factor: number,
): number {
  const room = direction === 1 ? counts.length - 1 - nearest : nearest;
  const last = Math.min(table.length - 1, room);
  const first = Math.max(1, direction === 1 ? -nearest : nearest - counts.length + 1);
  let power = factor ** (first - 1);
  let sum = 0;
  for (let k = first; k <= last; k++) {
    power *= factor;
    sum += counts[nearest + direction * k] * table[k] * power;
  }
  return sum;
}

/** Number of values and their standard deviation (n - 1; 0 for n < 2), each at its bin's centre. */
function spread(counts: ArrayLike<number>, range: readonly [number, number]): { n: number; sd: number } {
  let n = 0;
  let sum = 0;
  for (let k = 0; k < counts.length; k++) {
    n += counts[k];
    sum += counts[k] * k;
  }
  if (n < 2) return { n, sd: 0 };
  let squares = 0;
  for (let k = 0; k < counts.length; k++) squares += counts[k] * (k - sum / n) ** 2;
  return { n, sd: Math.sqrt(squares / (n - 1)) * binWidth(range, counts.length) };
}

function silvermanBandwidth(
  counts: ArrayLike<number>,
  range: readonly [number, number],
  n: number,
  sd: number,
): number {
  if (n === 0) return 0;
  const iqr = histogramQuantile(counts, range, 0.75) - histogramQuantile(counts, range, 0.25);
  // Within one bin the quantiles are only the spread assumed there.
  const isFlat = iqr < binWidth(range, counts.length);
  return (isFlat ? sd : Math.min(sd, iqr / NORMAL_IQR)) * (0.75 * n) ** -0.2;
}

/** Share of the values that may lie above an estimate before it misleads, beyond what chance puts there. */
export const SPIKY_SHARE = 0.1;

/**
 * Whether a density estimate hides what a histogram of the same values shows (our rule): the share of the values that lies
 * above the curve, sum of max(0, count / n - the curve's mass in the bin), is more than `SPIKY_SHARE` + sqrt(m / (2 pi n)),
 * where the second term bounds what n values drawn from the curve itself put above it on m bins, on average. `curve` is
 * sampled at rising x, several times a bin; n = 0: false.
 */
export function isSpiky(
  counts: ArrayLike<number>,
  range: readonly [number, number],
  curve: { x: ArrayLike<number>; density: ArrayLike<number> },
): boolean {
  const bins = counts.length;
  const [low] = usableRange(range);
  const width = binWidth(range, bins);
  const sums = new Float64Array(bins);
  const samples = new Float64Array(bins);
  for (let i = 0; i < curve.x.length; i++) {
    const bin = Math.floor((curve.x[i] - low) / width);
    if (bin < 0 || bin >= bins) continue;
    sums[bin] += curve.density[i];
    samples[bin]++;
  }
  let n = 0;
  for (let k = 0; k < bins; k++) n += counts[k];
  if (n === 0) return false;
  let above = 0;
  for (let k = 0; k < bins; k++) {
    const expected = samples[k] > 0 ? (sums[k] / samples[k]) * width : 0;
    above += Math.max(0, counts[k] / n - expected);
  }
  return above > SPIKY_SHARE + Math.sqrt(bins / (2 * Math.PI * n));
}
