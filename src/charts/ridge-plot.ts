import { scaleLinear, type ScaleLinear } from 'd3-scale';
import { area, line } from 'd3-shape';
import { horizontalTicks, shorten, textWidth, usableDomain, type Tick } from './axis';
import { tickFormatter } from './format-number';
import type { Curve } from './types';

/** One group of filters: a row of the ridge plot. */
export interface RidgeRow {
  label: string;
  filterCount: number;
  /** Density by component, in the order of `columns`, as a curve or the outline of bars; null where there is none. */
  curves: (Curve | null)[];
}

export interface Ridge {
  row: number;
  column: number;
  baseline: number;
  left: number;
  right: number;
  area: string;
  line: string;
}

/** Columns side by side; where they do not fit, several blocks below each other. */
export interface RidgeBlock {
  top: number;
  bottom: number;
  columns: { column: number; label: string; left: number; right: number; ticks: Tick[] }[];
  rows: { row: number; baseline: number; label: string; count: string }[];
  /** Drawn in order: the first row behind. */
  ridges: Ridge[];
}

export interface RidgeLayout {
  height: number;
  left: number;
  /** Of the row labels. */
  title: string;
  /** Of the x axes, below the row labels. */
  xTitle: string;
  blocks: RidgeBlock[];
}

const ROW = 34;
/** Height of a ridge over the distance of rows. */
const OVERLAP = 1.5;
const NARROWEST = 78;
const GAP = 8;

export function layoutRidges(
  width: number,
  rows: readonly RidgeRow[],
  columns: readonly string[],
  range: readonly [number, number],
  rowTitle = '',
): RidgeLayout {
  const labels = rows.map((row) => shorten(row.label, 110));
  const counts = rows.map((row) => `n ${row.filterCount.toLocaleString('en')}`);
  const title = shorten(rowTitle, 110);
  const xTitle = 'coefficient';
  const left =
    Math.ceil(Math.max(20, ...[title, xTitle, ...labels, ...counts].map((text) => textWidth(text)))) + 8;
  const across = Math.max(1, Math.min(columns.length, Math.floor((width - left) / NARROWEST)));
  const columnWidth = Math.max(20, (width - left) / across);
  const blockHeight = 20 + ROW * OVERLAP + ROW * Math.max(0, rows.length - 1) + 34;
  const blocks: RidgeBlock[] = [];
  for (let first = 0; first < columns.length; first += across) {
    const top = blocks.length * blockHeight + 20;
    const baselineOf = (row: number) => top + ROW * OVERLAP + ROW * row;
    const shown = columns.slice(first, first + across).map((label, i) => {
      const from = left + i * columnWidth;
      const to = from + columnWidth - GAP;
      const x = scaleLinear(usableDomain(...range), [from, to]);
      const ticks = ridgeTicks(x);
      return { column: first + i, label, left: from, right: to, ticks };
    });
    blocks.push({
      top,
      bottom: baselineOf(Math.max(0, rows.length - 1)),
      columns: shown,
      rows: rows.map((_, row) => ({
        row,
        baseline: baselineOf(row),
        label: labels[row],
        count: counts[row],
      })),
      ridges: rows.flatMap((group, row) =>
        shown.map(({ column, left: from, right: to }) => ({
          row,
          column,
          baseline: baselineOf(row),
          left: from,
          right: to,
          ...ridgePaths(group.curves[column] ?? null, range, from, to, baselineOf(row)),
        })),
      ),
    });
  }
  return { height: blocks.length * blockHeight, left, title, xTitle, blocks };
}

/** Round ticks; where only one fits, the outermost of finer ones, so that the axis has a scale. */
function ridgeTicks(x: ScaleLinear<number, number>): Tick[] {
  const [from, to] = x.range() as [number, number];
  // Labels of neighbouring columns must not run into each other.
  const keepsIn = ({ position, label }: Tick) => {
    const half = textWidth(label) / 2;
    return position - half >= from - GAP && position + half <= to + GAP / 2;
  };
  const ticks = horizontalTicks(x, 14).filter(keepsIn);
  if (ticks.length > 1) return ticks;
  const values = x.ticks(4);
  const print = tickFormatter(values);
  const [low, ...others] = values.map((value) => ({ value, position: x(value), label: print(value) }));
  const high = others.at(-1);
  if (!low || !high || !keepsIn(low) || !keepsIn(high)) return ticks;
  const apart = high.position - low.position >= (textWidth(low.label) + textWidth(high.label)) / 2 + 6;
  return apart ? [low, high] : ticks;
}

/** The density on its own height (free y), clipped to the range. */
function ridgePaths(
  curve: Curve | null,
  range: readonly [number, number],
  from: number,
  to: number,
  baseline: number,
): { area: string; line: string } {
  if (!curve) return { area: '', line: '' };
  const [low, high] = usableDomain(...range);
  const points = Array.from(curve.x, (x, i) => [x, curve.y[i]] as const).filter(
    ([x, y]) => x >= low && x <= high && Number.isFinite(y),
  );
  const highest = Math.max(0, ...points.map(([, y]) => y));
  if (highest === 0) return { area: '', line: '' };
  const x = scaleLinear([low, high], [from, to]);
  const y = (density: number) => baseline - (density / highest) * ROW * OVERLAP * 0.95;
  return {
    area: area<readonly [number, number]>(
      (p) => x(p[0]),
      () => baseline,
      (p) => y(p[1]),
    ).digits(1)(points)!,
    line: line<readonly [number, number]>(
      (p) => x(p[0]),
      (p) => y(p[1]),
    ).digits(1)(points)!,
  };
}
