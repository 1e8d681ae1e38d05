import type { Weights } from '../domain/filters';
import { formatValue } from './format-number';

/** What the ends of the diverging scale stand for. */
export interface KernelScale {
  /** Weights at the ends; of a scale a kernel, the largest of them. */
  peak: number;
  /** Largest |w| of each item where each has a scale of its own; 0 for one of zeros. */
  peaks: Float64Array | null;
  /** Weights beyond the ends, drawn as the ends. */
  clipped: number;
}

/** One scale to the largest |w|: nothing is clipped. */
export function scaleOf(peak: number): KernelScale {
  return { peak, peaks: null, clipped: 0 };
}

/** Each item of `width` weights to its own largest finite |w|. */
export function scalePerItem(values: Weights, width: number, peak: number): KernelScale {
  const peaks = new Float64Array(Math.floor(values.length / width));
  for (let item = 0; item < peaks.length; item++) {
    const end = (item + 1) * width;
    for (let i = item * width; i < end; i++) {
      const size = Math.abs(values[i]);
      if (size > peaks[item] && size < Infinity) peaks[item] = size;
    }
  }
  return { peak, peaks, clipped: 0 };
}

/** Steps of the layer's largest |w| that a percentile is told to. */
const STEPS = 2 ** 16;

/**
 * Clips at a percentile (0 to 1) of |w|, rounded up to 2^-16 of the largest: the weights beyond, at most 1 - percentile of
 * them, are counted. Weights that are not finite count for nothing. Where there is none, the ends are `peak`.
 */
export function scaleAtPercentile(values: Weights, percentile: number, peak: number): KernelScale {
  if (!(peak > 0)) return scaleOf(peak);
  const counts = new Uint32Array(STEPS);
  let total = 0;
  for (let i = 0; i < values.length; i++) {
    const share = Math.abs(values[i]) / peak;
    if (!(share <= 1)) continue;
    // The step ends at its upper edge: a weight on an edge belongs below it.
    counts[Math.max(0, Math.ceil(share * STEPS) - 1)]++;
    total++;
  }
  if (total === 0) return scaleOf(peak);
  let step = 0;
  let within = counts[0];
  while (within < percentile * total) within += counts[++step];
  return { peak: ((step + 1) / STEPS) * peak, peaks: null, clipped: total - within };
}

/** The ends of an item's scale. */
export function peakOfItem({ peak, peaks }: KernelScale, item: number): number {
  return peaks ? (peaks[item] ?? 0) : peak;
}

/** The names of the ends, as a colour bar takes them. */
export function scaleEnds({ peak, peaks, clipped }: KernelScale): { low?: string; high?: string } {
  if (peaks) return { low: '\u2212own max |w|', high: 'own max |w|' };
  return clipped > 0 ? { low: `≤ ${formatValue(-peak)}`, high: `≥ ${formatValue(peak)}` } : {};
}
