import type { BasisHistogram, LayerMoments } from './results';

/**
 * What is measured of one layer's filters, once. Statistics merge: those of disjoint sets of filters give those of their
 * union without another look at the filters, so that bases, groups, drift and verdicts over any selection of layers and
 * models are derived from them.
 */
export interface LayerStatistics {
  /** Counts, peak, norms, and the moments of raw, clean and scaled filters; the moments of large kernels are not kept. */
  moments: LayerMoments | LayerCounts;
  /** On the basis of the layer's kernel size in its model; null for filters that no basis is made of. */
  histogram: PackedHistogram | null;
  /** Null where it is not defined or not measured. */
  orthogonality: number | null;
}

/** What is left of moments where they would take more memory than the filters. */
export type LayerCounts = Omit<LayerMoments, 'raw' | 'clean' | 'scaled'>;

/** A histogram in as little memory as its filled bins take. */
export interface PackedHistogram extends Omit<BasisHistogram, 'counts'> {
  /** Length of the unpacked counts. */
  length: number;
  /** Rising positions of the filled bins; null where `counts` holds every bin. */
  filled: Uint32Array | null;
  counts: Uint32Array;
}

/** Whether the moments themselves were kept. */
export function hasMoments(moments: LayerMoments | LayerCounts): moments is LayerMoments {
  return 'raw' in moments;
}

export function packHistogram({ basisId, range, bins, counts }: BasisHistogram): PackedHistogram {
  const filledCount = counts.reduce((sum, count) => sum + (count > 0 ? 1 : 0), 0);
  const head = { basisId, range, bins, length: counts.length };
  if (2 * filledCount >= counts.length) return { ...head, filled: null, counts };
  const filled = new Uint32Array(filledCount);
  let at = 0;
  counts.forEach((count, bin) => {
    if (count > 0) filled[at++] = bin;
  });
  return { ...head, filled, counts: Uint32Array.from(filled, (bin) => counts[bin]) };
}

export function unpackHistogram(packed: PackedHistogram): BasisHistogram {
  const { basisId, range, bins, length, filled } = packed;
  if (!filled) return { basisId, range, bins, counts: packed.counts };
  const counts = new Uint32Array(length);
  filled.forEach((bin, i) => (counts[bin] = packed.counts[i]));
  return { basisId, range, bins, counts };
}
