import { binWidth } from './histogram';

/** What empty bins are set to, as a density, before normalising: float32 eps ([DB], section 5). */
export const EMPTY_BIN_DENSITY = 2 ** -23;

export interface Drift {
  /** sum_i weights_i * perComponent_i */
  total: number;
  /** d: symmetric Kullback-Leibler divergence of each component, natural log. */
  perComponent: Float64Array;
}

/**
 * Drift D(p, q) = sum_i w_i [ sum P ln(P/Q) + sum Q ln(Q/P) ] (section 5, [DB]) between two groups of filters. Zero for
 * equal distributions whatever the group sizes; symmetric; NaN where a group holds no filter.
 * @param countsA, countsB d x bins row-major counts of each component over the common `range`
 * @param weights d: the basis's explained variance ratios, or 1/d each ([M])
 */
export function drift(
  countsA: ArrayLike<number>,
  countsB: ArrayLike<number>,
  d: number,
  bins: number,
  range: readonly [number, number],
  weights: ArrayLike<number>,
): Drift {
  const width = binWidth(range, bins);
  return driftOf(probabilities(countsA, d, bins, width), probabilities(countsB, d, bins, width), weights);
}

/** `drift` between every two of `groups`: groups x groups row-major, symmetric with a zero diagonal. */
export function driftMatrix(
  groups: readonly ArrayLike<number>[],
  d: number,
  bins: number,
  range: readonly [number, number],
  weights: ArrayLike<number>,
): Float64Array {
  const g = groups.length;
  const width = binWidth(range, bins);
  const prepared = groups.map((counts) => probabilities(counts, d, bins, width));
  const matrix = new Float64Array(g * g);
  for (let i = 0; i < g; i++) {
    for (let j = i; j < g; j++) {
      const { total } = driftOf(prepared[i], prepared[j], weights);
      matrix[i * g + j] = total;
      matrix[j * g + i] = total;
    }
  }
  return matrix;
}

/** Probabilities of the bins and their natural logarithms, each d x bins row-major. */
export interface Probabilities {
  p: Float64Array;
  log: Float64Array;
}

/** Counts as densities over bins of `width`, empty bins raised to `EMPTY_BIN_DENSITY`, each component then normalised to sum 1. */
export function probabilities(
  counts: ArrayLike<number>,
  d: number,
  bins: number,
  width: number,
  into: Probabilities = { p: new Float64Array(d * bins), log: new Float64Array(d * bins) },
): Probabilities {
  const { p, log } = into;
  for (let c = 0; c < d; c++) {
    const from = c * bins;
    let count = 0;
    for (let k = from; k < from + bins; k++) count += counts[k];
    let sum = 0;
    for (let k = from; k < from + bins; k++) {
      p[k] = count === 0 ? NaN : counts[k] === 0 ? EMPTY_BIN_DENSITY : counts[k] / (count * width);
      sum += p[k];
    }
    for (let k = from; k < from + bins; k++) {
      p[k] /= sum;
      log[k] = Math.log(p[k]);
    }
  }
  return into;
}

/** `drift` from prepared probabilities: P ln(P/Q) + Q ln(Q/P) = (P - Q)(ln P - ln Q). */
export function driftOf(a: Probabilities, b: Probabilities, weights: ArrayLike<number>): Drift {
  const d = weights.length;
  const bins = a.p.length / d;
  const perComponent = new Float64Array(d);
  let total = 0;
  for (let c = 0; c < d; c++) {
    let sum = 0;
    for (let k = c * bins; k < (c + 1) * bins; k++) sum += (a.p[k] - b.p[k]) * (a.log[k] - b.log[k]);
    perComponent[c] = sum;
    total += weights[c] * sum;
  }
  return { total, perComponent };
}

/**
 * Depth decile of a depth fraction in [0, 1]: 0 for [0, .1], 1 for (.1, .2], ... 9 for (.9, 1] (section 1, [DB]).
 * The tenfold is rounded to nine digits first, so that 0.3 lies in decile 2 although 0.3 * 10 may exceed 3.
 */
export function decileOf(depthFraction: number): number {
  return Math.max(0, Math.ceil(Number((depthFraction * 10).toFixed(9))) - 1);
}
