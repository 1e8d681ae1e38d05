import { BINS, type CoefficientHistogram } from './results';

/** Two coefficients are counted on `size` x `size` cells of the square [-extent, extent]^2 (section 3). */
export const DENSITY = { size: 512, extent: 3.3 } as const;

/**
 * Sums neighbouring bins of a fine histogram to `bins` a component; its own must be a whole multiple of that. Counts are
 * kept exactly, the range as it is.
 */
export function coarsen(histogram: CoefficientHistogram, bins = BINS): CoefficientHistogram {
  const perBin = histogram.bins / bins;
  if (!Number.isInteger(perBin)) throw new RangeError(`${histogram.bins} bins do not sum to ${bins}.`);
  const counts = new Uint32Array(histogram.counts.length / perBin);
  for (let i = 0; i < histogram.counts.length; i++) counts[Math.floor(i / perBin)] += histogram.counts[i];
  return { range: histogram.range, bins, counts };
}
