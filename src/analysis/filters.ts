import type { FilterBank } from '../domain/filters';
import type { LayerMoments } from '../domain/results';
import { momentsOf } from './moments';

/** max |w| of each filter in order, exact in the bank's own precision; NaN for a filter holding NaN or Inf. */
export function filterPeaks({ values, count, taps }: FilterBank): Float32Array | Float64Array {
  const peaks = values instanceof Float32Array ? new Float32Array(count) : new Float64Array(count);
  for (let i = 0; i < count; i++) {
    let peak = 0;
    for (let at = i * taps; at < (i + 1) * taps; at++) {
      const magnitude = Math.abs(values[at]);
      if (!(magnitude <= Number.MAX_VALUE)) {
        peak = NaN;
        break;
      }
      if (magnitude > peak) peak = magnitude;
    }
    peaks[i] = peak;
  }
  return peaks;
}

/**
 * Scaled filters f / max|f| in float64 (section 2 of the definitions, [DB]); all-zero filters stay zero, filters
 * holding NaN or Inf become NaN throughout.
 */
export function scaleFilters(
  bank: FilterBank,
  peaks: ArrayLike<number> = filterPeaks(bank),
): { values: Float64Array; count: number; taps: number } {
  const { values, count, taps } = bank;
  const scaled = new Float64Array(count * taps);
  for (let i = 0; i < count; i++) {
    const peak = peaks[i];
    if (peak === 0) continue;
    for (let at = i * taps; at < (i + 1) * taps; at++) scaled[at] = peak > 0 ? values[at] / peak : NaN;
  }
  return { values: scaled, count, taps };
}

/** Largest of the finite peaks; 0 where there is none. */
export function layerPeak(peaks: ArrayLike<number>): number {
  let top = 0;
  for (let i = 0; i < peaks.length; i++) if (peaks[i] > top) top = peaks[i];
  return top;
}

/**
 * Float64 reference of `ComputeBackend.layerMoments`. A filter is sparse where max|w| < sparsityEpsilon * layer peak,
 * compared in float64; in a layer whose peak is 0 every filter is. Filters holding NaN or Inf are counted and left out.
 * `options.layerPeak` is the peak of the whole layer where the bank is one chunk of it.
 */
export function layerMomentsReference(
  bank: FilterBank,
  options: { sparsityEpsilon: number; layerPeak?: number },
): LayerMoments {
  const { values, count, taps } = bank;
  const peaks = filterPeaks(bank);
  const peak = layerPeak(peaks);
  const against = options.layerPeak ?? peak;
  const isSparse = (i: number): boolean => isSparsePeak(peaks[i], against, options.sparsityEpsilon);

  let filterCount = 0;
  let sparseCount = 0;
  let normL1 = 0;
  let squares = 0;
  for (let i = 0; i < count; i++) {
    if (!Number.isFinite(peaks[i])) continue;
    filterCount++;
    if (isSparse(i)) sparseCount++;
    let rowL1 = 0;
    let rowSquares = 0;
    for (let at = i * taps; at < (i + 1) * taps; at++) {
      rowL1 += Math.abs(values[at]);
      rowSquares += values[at] * values[at];
    }
    normL1 += rowL1;
    squares += rowSquares;
  }
  const isFinite = (i: number): boolean => Number.isFinite(peaks[i]);
  return {
    filterCount,
    nonFiniteCount: count - filterCount,
    peak,
    normL1,
    normL2: Math.sqrt(squares),
    sparseCount,
    sparsityEpsilon: options.sparsityEpsilon,
    raw: momentsOf(values, count, taps, isFinite),
    clean: momentsOf(values, count, taps, (i) => isFinite(i) && !isSparse(i)),
    scaled: momentsOf(scaleFilters(bank, peaks).values, count, taps, isFinite),
  };
}

/** The sparse rule of section 4 for one finite filter: max|w| < epsilon * layer peak; always where that peak is 0. */
function isSparsePeak(peak: number, layer: number, epsilon: number): boolean {
  return layer === 0 || peak < epsilon * layer;
}
