import { binWidth, componentCounts } from '../../analysis/histogram';
import { kdeFromHistogram } from '../../analysis/kde';
import type { ComponentDistribution } from '../../charts/distribution';
import { formatShare } from '../../charts/format-number';
import type { RidgeRow } from '../../charts/ridge-plot';
import type { ChartTable, Curve } from '../../charts/types';
import { coarsen } from '../../domain/histogram';
import { BINS, type CoefficientHistogram, type KernelSizeResult } from '../../domain/results';

/** Name of component i and of the coefficient on it. */
export function componentName(i: number) {
  return `v${i}`;
}

export function coefficientName(i: number) {
  return `c${i}`;
}

export function componentNames(count: number): string[] {
  return Array.from({ length: count }, (_, i) => coefficientName(i));
}

/** KDE of one component from its fine counts; null where there is no spread to estimate from. */
function componentCurve(histogram: CoefficientHistogram, component: number): Curve | null {
  const counts = componentCounts(histogram, component);
  const filled = counts.reduce((n, count) => n + Number(count > 0), 0);
  if (filled < 2) return null;
  const { x, density } = kdeFromHistogram(counts, histogram.range);
  return { x, y: density };
}

/** The coefficients of `set` by component, held against `reference` on the same bins. */
export function distributions(
  set: CoefficientHistogram,
  explainedVarianceRatio: Float64Array,
  reference: CoefficientHistogram | null,
): ComponentDistribution[] {
  const counts = coarsen(set);
  const against = reference && coarsen(reference);
  return Array.from({ length: explainedVarianceRatio.length }, (_, i) => {
    let curve: Curve | null | undefined;
    return {
      label: coefficientName(i),
      note: `EVR ${formatShare(explainedVarianceRatio[i])}`,
      counts: componentCounts(counts, i),
      // Estimated when drawn: of many components only the first are.
      get curve() {
        return (curve ??= componentCurve(set, i));
      },
      reference: against && componentCounts(against, i),
    };
  });
}

/** One row a bin: its edges, then the counts of each component. */
export function histogramTable(histogram: CoefficientHistogram): ChartTable {
  const { range, counts } = coarsen(histogram);
  const width = binWidth(range, BINS);
  const components = counts.length / BINS;
  return {
    columns: ['from', 'to', ...componentNames(components)],
    rows: Array.from({ length: BINS }, (_, bin) => [
      range[0] + bin * width,
      range[0] + (bin + 1) * width,
      ...Array.from({ length: components }, (_, i) => counts[i * BINS + bin]),
    ]),
  };
}

const DECILES = ['0–.1', '.1–.2', '.2–.3', '.3–.4', '.4–.5', '.5–.6', '.6–.7', '.7–.8', '.8–.9', '.9–1'];

export function decileLabel(decile: number): string {
  return DECILES[decile] ?? String(decile);
}

/** One row per depth decile with filters, its first `components` curves. */
export function decileRows({ depthDeciles }: KernelSizeResult, components: number): RidgeRow[] {
  return depthDeciles.keys.map((decile, row) => ({
    label: decileLabel(decile),
    filterCount: depthDeciles.filterCounts[row],
    curves: Array.from({ length: components }, (_, i) => componentCurve(depthDeciles.histograms[row], i)),
  }));
}

/** Whether coefficients of the size have a range to bin them on. */
export function hasHistogram(size: KernelSizeResult): boolean {
  return size.histogram.range.every(Number.isFinite) && size.histogram.counts.length > 0;
}
