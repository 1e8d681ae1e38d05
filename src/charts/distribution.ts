import { max, sum } from 'd3-array';
import { scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import { horizontalTicks, shorten, textWidth, usableDomain, verticalTicks, type Tick } from './axis';
import type { PinMark } from './pin-letter';
import type { Curve } from './types';

/** Coefficients of one component: the shown set of filters and, as an outline, the set it is held against. */
export interface ComponentDistribution {
  /** e.g. `c0` */
  label: string;
  /** e.g. `EVR 31.2 %` */
  note?: string;
  /** Exact counts on equal bins over the common range. */
  counts: Uint32Array;
  /** Density estimate; null where there is none (n < 2, no spread) or it would hide what the bars show. */
  curve: Curve | null;
  /** Counts of the reference on the same bins; drawn as density. */
  reference?: Uint32Array | null;
}

export interface DistributionPanel {
  component: ComponentDistribution;
  left: number;
  right: number;
  top: number;
  bottom: number;
  bars: string;
  outline: string;
  curve: string;
  xTicks: Tick[];
  yTicks: Tick[];
  /** Pinned filters within the range: where they lie, and the letters at one place. */
  marks: { x: number; letters: string }[];
}

export interface DistributionLayout {
  columns: number;
  height: number;
  panels: DistributionPanel[];
}

/** Where the entries of the legend stand: side by side, or below each other where they would touch. */
export function layoutLegend(
  width: number,
  entries: readonly string[],
): { height: number; places: { text: string; x: number; y: number }[] } {
  const LINE = 18;
  const SWATCH = 19;
  let x = 0;
  let y = 0;
  const places = entries.map((entry) => {
    const text = shorten(entry, width - SWATCH);
    const length = SWATCH + textWidth(text) + 18;
    if (x > 0 && x + length > width) {
      x = 0;
      y += LINE;
    }
    const place = { text, x, y };
    x += length;
    return place;
  });
  return { height: y + LINE + 4, places };
}

const PANEL_HEIGHT = 118;
const HEADING = 20;
const LEFT = 38;
const RIGHT = 8;
const X_AXIS = 22;

/** Counts as probability density: they integrate to 1 over the range; all 0 where there is nothing. */
export function densityOf(counts: Uint32Array, range: readonly [number, number]): Float64Array {
  const total = sum(counts);
  const binWidth = (range[1] - range[0]) / Math.max(1, counts.length);
  return Float64Array.from(counts, (count) => (total > 0 && binWidth > 0 ? count / (total * binWidth) : 0));
}

export function layoutDistribution(
  width: number,
  components: readonly ComponentDistribution[],
  range: readonly [number, number],
  pins: readonly PinMark[] = [],
): DistributionLayout {
  const columns = Math.max(1, Math.min(3, components.length, Math.floor(width / 150)));
  const panelWidth = width / columns;
  const panelHeight = HEADING + PANEL_HEIGHT + X_AXIS;
  return {
    columns,
    height: Math.ceil(components.length / columns) * panelHeight,
    panels: components.map((component, i) => {
      const left = (i % columns) * panelWidth + LEFT;
      const top = Math.floor(i / columns) * panelHeight + HEADING;
      const right = Math.max(left + 20, left + panelWidth - LEFT - RIGHT);
      const box = { left, right, top, bottom: top + PANEL_HEIGHT };
      const marks = pins.map(({ letter, coefficients }) => ({ letter, value: coefficients[i] }));
      return layoutPanel(component, usableDomain(...range), box, marks);
    }),
  };
}

function layoutPanel(
  component: ComponentDistribution,
  range: readonly [number, number],
  box: { left: number; right: number; top: number; bottom: number },
  marks: readonly { letter: string; value: number }[],
): DistributionPanel {
  const bars = densityOf(component.counts, range);
  const outline = component.reference ? densityOf(component.reference, range) : new Float64Array(0);
  const highest = Math.max(max(bars) ?? 0, max(outline) ?? 0, max(Array.from(component.curve?.y ?? [])) ?? 0);
  const x = scaleLinear(range, [box.left, box.right]);
  const y = scaleLinear([0, highest > 0 ? highest * 1.05 : 1], [box.bottom, box.top]);
  return {
    component,
    ...box,
    bars: barsPath(bars, range, x, y),
    outline: stepsPath(outline, range, x, y),
    curve: component.curve ? curvePath(component.curve, range, x, y) : '',
    xTicks: horizontalTicks(x, 14),
    yTicks: verticalTicks(y, 34),
    marks: placeMarks(marks, range, x),
  };
}

/** Pixels within which letters would cover each other: they stand at one mark. */
const LETTER = 8;

function placeMarks(
  marks: readonly { letter: string; value: number }[],
  [low, high]: readonly [number, number],
  x: Scale,
): DistributionPanel['marks'] {
  const placed: DistributionPanel['marks'] = [];
  const inside = marks.filter(({ value }) => value >= low && value <= high);
  for (const { letter, value } of inside.toSorted((a, b) => a.value - b.value)) {
    const last = placed.at(-1);
    if (last && x(value) - last.x < LETTER * last.letters.length) last.letters += letter;
    else placed.push({ x: x(value), letters: letter });
  }
  return placed;
}

type Scale = (value: number) => number;

function edgesOf(bins: number, [low, high]: readonly [number, number]) {
  return Array.from({ length: bins + 1 }, (_, i) => low + ((high - low) * i) / bins);
}

function barsPath(density: Float64Array, range: readonly [number, number], x: Scale, y: Scale): string {
  const edges = edgesOf(density.length, range);
  let path = '';
  density.forEach((value, i) => {
    if (value === 0) return;
    path += `M${px(x(edges[i]))},${px(y(0))}V${px(y(value))}H${px(x(edges[i + 1]))}V${px(y(0))}Z`;
  });
  return path;
}

function stepsPath(density: Float64Array, range: readonly [number, number], x: Scale, y: Scale): string {
  if (density.length === 0) return '';
  const edges = edgesOf(density.length, range);
  let path = `M${px(x(edges[0]))},${px(y(0))}`;
  density.forEach((value, i) => (path += `V${px(y(value))}H${px(x(edges[i + 1]))}`));
  return `${path}V${px(y(0))}`;
}

/** The part of a curve within the range. */
function curvePath(curve: Curve, [low, high]: readonly [number, number], x: Scale, y: Scale): string {
  const inside = Array.from(curve.x, (_, i) => i).filter((i) => curve.x[i] >= low && curve.x[i] <= high);
  return (
    line<number>(
      (i) => x(curve.x[i]),
      (i) => y(curve.y[i]),
    ).digits(1)(inside) ?? ''
  );
}

function px(value: number) {
  return value.toFixed(1);
}
