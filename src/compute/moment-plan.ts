import { mergeMoments, momentsFromShiftedSums } from '../analysis/moments';
import type { FilterBank } from '../domain/filters';
import type { LayerMoments, Moments } from '../domain/results';
import type { MomentsOptions } from './backend';
import type { Floats } from './job';
import { momentsWidth } from './kernels';
import { scaleFilter } from './scale-filter';

/** Filters looked at for the shift. */
const SAMPLE = 1024;

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
  let filterCount = 0;
  let peak = 0;
  for (let i = 0; i < peaks.length; i++) {
    const own = peaks[i]!;
    if (own >= 0) filterCount++;
    if (own > peak) peak = own;
  }
  const reference = layerPeak ?? peak;
  const limit = reference === 0 ? Infinity : sparsityEpsilon * reference;
  let sparseCount = 0;
  for (let i = 0; i < peaks.length; i++) if (peaks[i]! < limit) sparseCount++;
  const shifts = chooseShifts(bank, peaks);
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
  return new Float32Array(Uint32Array.of(bits[0]! + 1).buffer)[0]!;
}

/**
 * Two rows of `taps`: a vector near the mean of the raw, then of the scaled filters, from an even sample. Taken as first
 * filter + mean difference from it, so that a bank of equal filters gets exactly that filter.
 */
function chooseShifts({ values, count, taps }: FilterBank, peaks: Floats): Float64Array {
  const shifts = new Float64Array(2 * taps);
  const first = peaks.findIndex((peak) => !Number.isNaN(peak));
  if (first < 0) return shifts;
  const raw = shifts.subarray(0, taps);
  const scaled = shifts.subarray(taps);
  const base = values.subarray(first * taps, (first + 1) * taps);
  const scaledBase = new Float64Array(taps);
  scaleFilter(values, first * taps, peaks[first]!, scaledBase);
  const own = new Float64Array(taps);
  const step = Math.max(1, Math.floor(count / SAMPLE));
  let taken = 0;
  for (let i = first; i < count; i += step) {
    if (Number.isNaN(peaks[i]!)) continue;
    taken++;
    scaleFilter(values, i * taps, peaks[i]!, own);
    for (let j = 0; j < taps; j++) {
      raw[j]! += values[i * taps + j]! - base[j]!;
      scaled[j]! += own[j]! - scaledBase[j]!;
    }
  }
  for (let j = 0; j < taps; j++) {
    raw[j] = base[j]! + raw[j]! / taken;
    scaled[j] = scaledBase[j]! + scaled[j]! / taken;
  }
  return shifts;
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
      for (let k = 0; k < width; k++) total[k]! += partial[at + k]!;
    }
  }
  const setWidth = (width - 2) / 3;
  const set = (index: number, shift: Floats): Moments => {
    const own = total.subarray(index * setWidth, (index + 1) * setWidth);
    return momentsFromShiftedSums(own[0]!, own.subarray(1, 1 + taps), own.subarray(1 + taps), shift);
  };
  const clean = set(0, shifts.subarray(0, taps));
  const sparse = set(1, shifts.subarray(0, taps));
  return {
    filterCount,
    nonFiniteCount,
    peak,
    normL1: total[width - 2]!,
    normL2: Math.sqrt(total[width - 1]!),
    sparseCount,
    sparsityEpsilon,
    raw: mergeMoments(clean, sparse),
    clean,
    scaled: set(2, shifts.subarray(taps)),
  };
}
