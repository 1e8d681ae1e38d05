import type { BasisHistogram, CoefficientHistogram } from '../domain/results';

/** The interval that is binned: [lo - 0.5, hi + 0.5] where lo = hi, as numpy.histogram does; else the range itself. */
export function usableRange([low, high]: readonly [number, number]): [number, number] {
  return low === high ? [low - 0.5, high + 0.5] : [low, high];
}

/** bins + 1 rising edges over the usable range, as numpy.linspace gives them. */
export function histogramEdges(range: readonly [number, number], bins: number): Float64Array {
  const [low, high] = usableRange(range);
  const step = (high - low) / bins;
  return Float64Array.from({ length: bins + 1 }, (_, k) => (k === bins ? high : k * step + low));
}

/** Width of one bin over the usable range. */
export function binWidth(range: readonly [number, number], bins: number): number {
  const [low, high] = usableRange(range);
  return (high - low) / bins;
}

/**
 * The bin of a value by numpy.histogram's rule: bin k is [edge k, edge k + 1), the last one closed; -1 for values
 * outside and for NaN. `edges` as `histogramEdges` gives them.
 */
export function binOf(value: number, edges: Float64Array): number {
  const bins = edges.length - 1;
  const low = edges[0];
  const high = edges[bins];
  if (!(value >= low && value <= high)) return -1;
  let k = Math.min(bins - 1, Math.floor(((value - low) / (high - low)) * bins));
  if (value < edges[k]) k--;
  else if (k < bins - 1 && value >= edges[k + 1]) k++;
  return k;
}

/**
 * Counts of coefficients (n x d row-major) per component over `range` in float64; rows of NaN are not counted, nor are
 * values outside the range.
 */
export function histogramReference(
  coefficients: ArrayLike<number>,
  d: number,
  range: readonly [number, number],
  bins: number,
): CoefficientHistogram {
  const edges = histogramEdges(range, bins);
  const counts = new Uint32Array(d * bins);
  for (let k = 0; k < coefficients.length; k++) {
    const bin = binOf(coefficients[k], edges);
    if (bin >= 0) counts[(k % d) * bins + bin]++;
  }
  return { range: [range[0], range[1]], bins, counts };
}

/**
 * Sum of two histograms of the same basis, range and bins; neither is changed.
 * @throws RangeError where they are of different ones
 */
export function addHistograms<Histogram extends CoefficientHistogram>(a: Histogram, b: Histogram): Histogram {
  checkAlike(a, b);
  return { ...a, counts: a.counts.map((count, k) => count + b.counts[k]) };
}

/** @throws RangeError where two histograms cannot be added or held against each other */
export function checkAlike(
  a: CoefficientHistogram & Partial<BasisHistogram>,
  b: CoefficientHistogram & Partial<BasisHistogram>,
): void {
  const isAlike = a.bins === b.bins && a.counts.length === b.counts.length;
  if (!isAlike || a.range[0] !== b.range[0] || a.range[1] !== b.range[1]) {
    throw new RangeError('Histograms of different ranges or bins cannot be added.');
  }
  if (a.basisId !== b.basisId) throw new RangeError('Histograms of different bases cannot be added.');
}

/** Bins of one component (a view, not a copy). */
export function componentCounts({ bins, counts }: CoefficientHistogram, component: number): Uint32Array {
  return counts.subarray(component * bins, (component + 1) * bins);
}

/**
 * Quantile q of one component's values as its counts place them: linear between order statistics (numpy's default),
 * the values of a bin spread evenly within it. Off by at most one bin width; NaN for no values.
 */
export function histogramQuantile(
  counts: ArrayLike<number>,
  range: readonly [number, number],
  q: number,
): number {
  let total = 0;
  for (let k = 0; k < counts.length; k++) total += counts[k];
  if (total === 0) return NaN;
  const position = q * (total - 1);
  const below = Math.floor(position);
  const first = orderStatistic(counts, below);
  const second = below + 1 < total ? orderStatistic(counts, below + 1) : first;
  const [low] = usableRange(range);
  return low + (first + (position - below) * (second - first)) * binWidth(range, counts.length);
}

/** Position, in bins, of the value of a rank from 0. */
function orderStatistic(counts: ArrayLike<number>, rank: number): number {
  let below = 0;
  let k = 0;
  while (below + counts[k] <= rank) below += counts[k++];
  return k + (rank - below + 0.5) / counts[k];
}
