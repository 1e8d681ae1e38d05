import type { DriftNull } from '../domain/results';
import { driftOf, probabilities, type Probabilities } from './drift';
import { binWidth } from './histogram';
import { CHANCE_LEVEL, quantileOfSorted, TAIL } from './quantile';
import { createRandom, type Random } from './random';
import { binomial, hypergeometric } from './random-counts';

/** A group of filters as counts (d x bins row-major) on the common range, each component counting `size` filters. */
export interface DriftGroup {
  counts: ArrayLike<number>;
  size: number;
}

export interface DriftNullOptions {
  taps: number;
  bins: number;
  range: readonly [number, number];
  /** d: weights of the components, as in `drift`. */
  weights: ArrayLike<number>;
  draws: number;
  seed: number;
  signal?: AbortSignal;
}

/** Milliseconds of work before other events of the thread get their turn. */
const TURN = 30;

/**
 * What drift means at these group sizes (section 5), for every two groups, matrices groups x groups row-major,
 * symmetric with a zero diagonal:
 * - null: drift between two random halves of the two groups' pooled filters at the same sizes, mean and 95th
 *   percentile. Halves are drawn bin by bin without replacement, each component on its own; since drift is a sum over
 *   components, the mean is exact, and only the spread (hence the percentile) neglects that components of one filter
 *   go together.
 * - interval: 95 % basic bootstrap interval of the drift D between what the groups were drawn from,
 *   [2 D - q97.5, 2 D - q2.5] and not below 0, where q are percentiles of the drift when both groups are drawn anew with
 *   replacement (multinomial, components again on their own). Small groups bias D upward, and drawing them anew does so
 *   once more: the percentiles themselves would lie above D; reflected, they show D without the bias, and may lie below it.
 *
 * Counts of variance above 100 are drawn from the normal approximation (`random-counts`). The same seed gives the same
 * numbers. A pair with an empty group is NaN. Lets the thread breathe and heeds `signal` between draws.
 */
export async function driftNull(
  groups: readonly DriftGroup[],
  options: DriftNullOptions,
): Promise<Omit<DriftNull, 'key'>> {
  const { draws, seed, signal } = options;
  const g = groups.length;
  const [nullMean, null95, low, high] = Array.from({ length: 4 }, () => new Float64Array(g * g));
  const set = (matrix: Float64Array, i: number, j: number, value: number): void => {
    matrix[i * g + j] = value;
    matrix[j * g + i] = value;
  };
  const breathe = breather(signal);
  for (let i = 0; i < g; i++) {
    for (let j = i + 1; j < g; j++) {
      const values = nullDraws(groups[i], groups[j], options, createRandom(seed, 1, i, j));
      set(nullMean, i, j, values.reduce((sum, value) => sum + value, 0) / draws);
      set(null95, i, j, quantileOfSorted(values.sort(), CHANCE_LEVEL));
      await breathe();
    }
  }
  const intervals = await bootstrapDraws(groups, options, breathe);
  const { taps, bins, range, weights } = options;
  const own = groups.map(({ counts }) => probabilities(counts, taps, bins, binWidth(range, bins)));
  const reflect = (drift: number, quantile: number) => Math.max(0, 2 * drift - quantile);
  let pair = 0;
  for (let i = 0; i < g; i++) {
    for (let j = i + 1; j < g; j++, pair++) {
      const values = intervals[pair].sort();
      const drift = driftOf(own[i], own[j], weights).total;
      set(low, i, j, reflect(drift, quantileOfSorted(values, 1 - TAIL)));
      set(high, i, j, reflect(drift, quantileOfSorted(values, TAIL)));
    }
  }
  return { draws, seed, nullMean, null95, low, high };
}

/** Drift between random halves of a and b together, once a draw. */
function nullDraws(a: DriftGroup, b: DriftGroup, options: DriftNullOptions, random: Random): Float64Array {
  const { taps, bins, range, weights, draws } = options;
  const width = binWidth(range, bins);
  const pooled = Float64Array.from({ length: taps * bins }, (_, k) => a.counts[k] + b.counts[k]);
  const first = new Float64Array(taps * bins);
  const second = new Float64Array(taps * bins);
  const p = emptyProbabilities(taps * bins);
  const q = emptyProbabilities(taps * bins);
  return Float64Array.from({ length: draws }, () => {
    for (let c = 0; c < taps; c++) split(random, pooled, c * bins, bins, a.size, first, second);
    return driftOf(
      probabilities(first, taps, bins, width, p),
      probabilities(second, taps, bins, width, q),
      weights,
    ).total;
  });
}

/** Draws `size` of the filters counted in pooled[from ... from + bins) into `first`, leaves the rest in `second`. */
function split(
  random: Random,
  pooled: Float64Array,
  from: number,
  bins: number,
  size: number,
  first: Float64Array,
  second: Float64Array,
): void {
  let left = 0;
  for (let k = from; k < from + bins; k++) left += pooled[k];
  let wanted = Math.min(size, left);
  for (let k = from; k < from + bins; k++) {
    left -= pooled[k];
    first[k] = hypergeometric(random, pooled[k], left, wanted);
    second[k] = pooled[k] - first[k];
    wanted -= first[k];
  }
}

/** Per pair (i < j in order) the drift between groups drawn anew, once a draw; a draw serves all pairs of a group. */
async function bootstrapDraws(
  groups: readonly DriftGroup[],
  { taps, bins, range, weights, draws, seed }: DriftNullOptions,
  breathe: () => Promise<void>,
): Promise<Float64Array[]> {
  const g = groups.length;
  const width = binWidth(range, bins);
  const randoms = groups.map((_, i) => createRandom(seed, 2, i));
  const drawn = groups.map(() => emptyProbabilities(taps * bins));
  const counts = new Float64Array(taps * bins);
  const values = Array.from({ length: (g * (g - 1)) / 2 }, () => new Float64Array(draws));
  for (let draw = 0; draw < draws; draw++) {
    groups.forEach((group, i) => {
      for (let c = 0; c < taps; c++) resample(randoms[i], group.counts, c * bins, bins, counts);
      probabilities(counts, taps, bins, width, drawn[i]);
    });
    let pair = 0;
    for (let i = 0; i < g; i++) {
      for (let j = i + 1; j < g; j++, pair++) values[pair][draw] = driftOf(drawn[i], drawn[j], weights).total;
    }
    await breathe();
  }
  return values;
}

/** As many filters as counted in counts[from ... from + bins), drawn with replacement. */
function resample(
  random: Random,
  counts: ArrayLike<number>,
  from: number,
  bins: number,
  into: Float64Array,
): void {
  let mass = 0;
  for (let k = from; k < from + bins; k++) mass += counts[k];
  let wanted = mass;
  for (let k = from; k < from + bins; k++) {
    into[k] = mass > 0 ? binomial(random, wanted, counts[k] / mass) : 0;
    wanted -= into[k];
    mass -= counts[k];
  }
}

function emptyProbabilities(length: number): Probabilities {
  return { p: new Float64Array(length), log: new Float64Array(length) };
}

/** Gives the thread's other events a turn when `TURN` has passed, and throws once the signal is aborted. */
function breather(signal?: AbortSignal): () => Promise<void> {
  signal?.throwIfAborted();
  let since = performance.now();
  return async () => {
    if (performance.now() - since < TURN) return;
    await new Promise((resolve) => setTimeout(resolve));
    signal?.throwIfAborted();
    since = performance.now();
  };
}
