import { binWidth, componentCounts, histogramEdges, usableRange } from '../../analysis/histogram';
import { isSpiky, kdeFromHistogram } from '../../analysis/kde';
import { densityOf, type ComponentDistribution } from '../../charts/distribution';
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

/**
 * KDE of one component from its fine counts; null where there is no spread to estimate from, and where the estimate would
 * hide what the bars show.
 */
function componentCurve(histogram: CoefficientHistogram, component: number): Curve | null {
  const counts = componentCounts(histogram, component);
  const filled = counts.reduce((n, count) => n + Number(count > 0), 0);
  if (filled < 2) return null;
  const estimate = kdeFromHistogram(counts, histogram.range);
  const bars = componentCounts(coarsen(histogram), component);
  return isSpiky(bars, histogram.range, estimate) ? null : { x: estimate.x, y: estimate.density };
}

/** The bars of one component as an outline: where there is no curve to draw. Null without filters. */
function componentSteps(histogram: CoefficientHistogram, component: number): Curve | null {
  const density = densityOf(componentCounts(coarsen(histogram), component), histogram.range);
  if (density.every((value) => value === 0)) return null;
  const edges = histogramEdges(usableRange(histogram.range), density.length);
  return {
    x: Array.from(density).flatMap((_, bin) => [edges[bin]!, edges[bin + 1]!]),
    y: Array.from(density).flatMap((value) => [value, value]),
  };
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

export interface DecileRow extends RidgeRow {
  /** By component, whether the outline of bars stands for a curve that would mislead. */
  bars: boolean[];
}

/** One row per depth decile with filters, its first `components` components. */
export function decileRows({ depthDeciles }: KernelSizeResult, components: number): DecileRow[] {
  return depthDeciles.keys.map((decile, row) => {
    const histogram = depthDeciles.histograms[row];
    const estimates = Array.from({ length: components }, (_, i) => componentCurve(histogram, i));
    return {
      label: decileLabel(decile),
      filterCount: depthDeciles.filterCounts[row],
      curves: estimates.map((estimate, i) => estimate ?? componentSteps(histogram, i)),
      bars: estimates.map((estimate) => estimate === null),
    };
  });
}

/** Whether coefficients of the size have a range to bin them on. */
export function hasHistogram(size: KernelSizeResult): boolean {
  return size.histogram.range.every(Number.isFinite) && size.histogram.counts.length > 0;
}
