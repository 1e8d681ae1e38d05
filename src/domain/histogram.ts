import type { CoefficientHistogram } from './results';
import { BINS } from './results';

/**
 * Sums neighbouring bins of a fine histogram to `bins` bins a component.
 * @returns components x bins row-major; `histogram.bins` must be a whole multiple of `bins`.
 */
export function coarsen(histogram: CoefficientHistogram, bins = BINS): Uint32Array {
  if (histogram.bins % bins !== 0) {
    throw new RangeError(`${histogram.bins} bins do not sum to ${bins}.`);
  }
  const perBin = histogram.bins / bins;
  const coarse = new Uint32Array(histogram.counts.length / perBin);
  for (let i = 0; i < histogram.counts.length; i++) coarse[Math.floor(i / perBin)] += histogram.counts[i];
  return coarse;
}
