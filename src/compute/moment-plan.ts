import { mergeMoments, momentsFromShiftedSums } from '../analysis/moments';
import type { FilterBank } from '../domain/filters';
import type { LayerMoments, Moments } from '../domain/results';
import type { MomentsOptions } from './backend';
import type { Floats } from './job';
import { momentsWidth } from './kernels';

/** Filters looked at for the shift. */
const SAMPLE = 1024;

/** What the peaks of a layer's filters decide before its moments are taken. */
export interface MomentPlan {
  filterCount: number;
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
  for (const p of peaks) {
    if (Number.isNaN(p)) continue;
    filterCount++;
    if (p > peak) peak = p;
  }
  const reference = layerPeak ?? peak;
  const limit = sparsityEpsilon * reference;
  let sparseCount = 0;
  if (reference === 0) sparseCount = filterCount;
  else for (const p of peaks) if (p < limit) sparseCount++;
  const shifts = chooseShifts(bank, peaks);
  return {
    filterCount,
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
  const step = Math.max(1, Math.floor(count / SAMPLE));
  let first = -1;
  let taken = 0;
  for (let i = 0; i < count; i++) {
    // Sparse sampling starts at the first finite filter; others that are not finite are passed over.
    if (Number.isNaN(peaks[i]!) || (first >= 0 && (i - first) % step !== 0)) continue;
    if (first < 0) first = i;
    taken++;
    const scale = peaks[i]! || 1;
    const firstScale = peaks[first]! || 1;
    for (let j = 0; j < taps; j++) {
      const value = values[i * taps + j]!;
      const base = values[first * taps + j]!;
      shifts[j]! += value - base;
      shifts[taps + j]! += value / scale - base / firstScale;
    }
  }
  for (let j = 0; j < taps && taken > 0; j++) {
    const base = values[first * taps + j]!;
    shifts[j] = base + shifts[j]! / taken;
    shifts[taps + j] = base / (peaks[first]! || 1) + shifts[taps + j]! / taken;
  }
  return shifts;
}

/** Joins FilterMoments partials of all chunks (each [blocks, momentsWidth]) in float64. */
export function joinMoments(
  { shifts, filterCount, peak, sparseCount, sparsityEpsilon }: MomentPlan,
  filterPeaks: Floats,
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
    nonFiniteCount: filterPeaks.length - filterCount,
    peak,
    normL1: total[width - 2]!,
    normL2: Math.sqrt(total[width - 1]!),
    filterPeaks,
    sparseCount,
    sparsityEpsilon,
    raw: mergeMoments(clean, sparse),
    clean,
    scaled: set(2, shifts.subarray(taps)),
  };
}
