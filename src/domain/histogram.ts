import { BINS, type CoefficientHistogram } from './results';

/** Two coefficients are counted on `size` x `size` cells of the square [-extent, extent]^2 (section 3). */
export const DENSITY = { size: 512, extent: 3.3 } as const;

/** Adds `counts` to `total`, cell by cell. */
export function addCounts(total: Uint32Array, counts: Uint32Array): void {
  for (let i = 0; i < total.length; i++) total[i] += counts[i];
}

/**
 * Sums neighbouring bins of a fine histogram to `bins` a component; its own must be a whole multiple of that. Counts are
 * kept exactly, the range as it is.
 */
export function coarsen(histogram: CoefficientHistogram, bins = BINS): CoefficientHistogram {
  const perBin = histogram.bins / bins;
  if (!Number.isInteger(perBin)) throw new RangeError(`${histogram.bins} bins do not sum to ${bins}.`);
  return { range: histogram.range, bins, counts: sumRuns(histogram.counts, perBin) };
}

function sumRuns(counts: Uint32Array, length: number): Uint32Array {
  const sums = new Uint32Array(counts.length / length);
  for (let i = 0; i < counts.length; i++) sums[Math.floor(i / length)] += counts[i];
  return sums;
}
