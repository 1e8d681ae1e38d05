import { mergeMoments, momentsFromShiftedSums } from '../analysis/moments';
import type { FilterBank } from '../domain/filters';
import type { LayerMoments, Moments } from '../domain/results';
import type { MomentsOptions } from './backend';
import type { Floats } from './job';
import { momentsWidth } from './kernels';
import { scaleFilter } from './scale-filter';

/** Filters looked at for the shift. */
const SAMPLE = 1024;

/**
 * Where more filters than this are sparse for each that is not, float32 sums about the mean of those that are not would lose
 * too much of the sparse ones.
 */
const MOST_SPARSE = 16;

/** What the peaks of a layer's filters decide before its moments are taken. */
export interface MomentPlan {
  filterCount: number;
  nonFiniteCount: number;
  peak: number;
  sparseCount: number;
  sparsityEpsilon: number;
  threshold: number;
  shifts: Floats;
}

export function planMoments(
  bank: FilterBank,
  peaks: Floats,
  { sparsityEpsilon, layerPeak }: MomentsOptions,
  float64: boolean,
): MomentPlan {
  const { filterCount, peak } = tally(peaks);
  const reference = layerPeak ?? peak;
  const limit = reference === 0 ? Infinity : sparsityEpsilon * reference;
  const sparseCount = countBelow(peaks, limit);
  const clean = filterCount - sparseCount;
  const aboutClean = clean > 0 && (float64 || sparseCount <= MOST_SPARSE * clean);
  const shifts = chooseShifts(bank, peaks, aboutClean ? limit : 0);
  return {
    filterCount,
    nonFiniteCount: peaks.length - filterCount,
    peak,
    sparseCount,
    sparsityEpsilon,
    threshold: sparseThreshold(reference, sparsityEpsilon, float64),
    shifts: float64 ? shifts : Float32Array.from(shifts),
  };
}

/** How many filters are finite, and the largest of their peaks. */
function tally(peaks: Floats): { filterCount: number; peak: number } {
  let filterCount = 0;
  let peak = 0;
  for (let i = 0; i < peaks.length; i++) {
    const own = peaks[i];
    if (own >= 0) filterCount++;
    if (own > peak) peak = own;
  }
  return { filterCount, peak };
}

function countBelow(peaks: Floats, limit: number): number {
  let count = 0;
  for (let i = 0; i < peaks.length; i++) if (peaks[i] < limit) count++;
  return count;
}

/**
 * The threshold below which a peak is sparse. Rounded up to float32 where peaks are float32: then comparing there gives
 * what comparing with the exact product in float64 gives. All filters of an all-zero layer are sparse.
 */
function sparseThreshold(layerPeak: number, epsilon: number, float64: boolean): number {
  if (layerPeak === 0) return 1;
  const exact = epsilon * layerPeak;
  return float64 ? exact : roundUpToFloat32(exact);
}

/** Smallest float32 that is not below a value >= 0. */
function roundUpToFloat32(value: number): number {
  const nearest = Math.fround(value);
  if (nearest >= value) return nearest;
  const bits = new Uint32Array(Float32Array.of(nearest).buffer);
  return new Float32Array(Uint32Array.of(bits[0] + 1).buffer)[0];
}

/**
 * Two rows of `taps`: a vector near the mean of the raw filters of peak >= `least`, then of all scaled filters. About their own
 * mean the filters that are not sparse show no variance where they are equal, whatever the sparse ones are.
 */
function chooseShifts(bank: FilterBank, peaks: Floats, least: number): Float64Array {
  const { taps } = bank;
  const shifts = new Float64Array(2 * taps);
  sampleMean(bank, peaks, least, false, shifts.subarray(0, taps));
  sampleMean(bank, peaks, 0, true, shifts.subarray(taps));
  return shifts;
}

/**
 * Mean over an even sample of the filters of peak >= `least`, raw or scaled; `mean` stays zero where there is none.
 * Taken as first filter + mean difference from it, so that equal filters get exactly that filter.
 */
function sampleMean(
  { values, count, taps }: FilterBank,
  peaks: Floats,
  least: number,
  isScaled: boolean,
  mean: Float64Array,
): void {
  const first = firstFrom(peaks, least);
  if (first < 0) return;
  const base = new Float64Array(taps);
  const own = new Float64Array(taps);
  const read = (i: number, out: Float64Array) => {
    if (isScaled) scaleFilter(values, i * taps, peaks[i], out);
    else copyFilter(values, i * taps, out);
  };
  read(first, base);
  const step = Math.max(1, Math.floor(count / SAMPLE));
  let taken = 0;
  for (let i = first; i < count; i += step) {
    if (!(peaks[i] >= least)) continue;
    taken++;
    read(i, own);
    addDifference(mean, own, base);
  }
  for (let j = 0; j < taps; j++) mean[j] = base[j] + mean[j] / taken;
}

function firstFrom(peaks: Floats, least: number): number {
  for (let i = 0; i < peaks.length; i++) if (peaks[i] >= least) return i;
  return -1;
}

function copyFilter(values: Floats, at: number, out: Float64Array): void {
  for (let j = 0; j < out.length; j++) out[j] = values[at + j];
}

function addDifference(sum: Float64Array, a: Float64Array, b: Float64Array): void {
  for (let j = 0; j < sum.length; j++) sum[j] += a[j] - b[j];
}

/** Joins FilterMoments partials of all chunks (each [blocks, momentsWidth]) in float64. */
export function joinMoments(
  { shifts, filterCount, nonFiniteCount, peak, sparseCount, sparsityEpsilon }: MomentPlan,
  partials: readonly Floats[],
  taps: number,
): LayerMoments {
  const width = momentsWidth(taps);
  const total = new Float64Array(width);
  for (const partial of partials) {
    for (let at = 0; at < partial.length; at += width) {
      for (let k = 0; k < width; k++) total[k] += partial[at + k];
    }
  }
  const setWidth = (width - 2) / 3;
  const set = (index: number, shift: Floats): Moments => {
    const own = total.subarray(index * setWidth, (index + 1) * setWidth);
    return momentsFromShiftedSums(own[0], own.subarray(1, 1 + taps), own.subarray(1 + taps), shift);
  };
  const clean = set(0, shifts.subarray(0, taps));
  const sparse = set(1, shifts.subarray(0, taps));
  return {
    filterCount,
    nonFiniteCount,
    peak,
    normL1: total[width - 2],
    normL2: Math.sqrt(total[width - 1]),
    sparseCount,
    sparsityEpsilon,
    raw: mergeMoments(clean, sparse),
    clean,
    scaled: set(2, shifts.subarray(taps)),
  };
}
