import { extent, group, mean } from 'd3-array';
import { scaleLinear, type ScaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import { horizontalTicks, textWidth, usableDomain, verticalTicks, type Tick } from './axis';
import type { Tone } from './types';

/** A verdict zone: a band of values, named on the chart. Unbounded sides reach the panel's edge. */
export interface Zone {
  from: number | null;
  to: number | null;
  label: string;
  tone: Tone;
}

/** One quantity along the depth of the network. */
export interface DepthPanel {
  key: string;
  label: string;
  /** Fixed range, or null: the values' own with the zones' borders in view. */
  domain: [number, number] | null;
  /** One a layer, in the order of the points; null where the quantity is not available. */
  values: (number | null)[];
  /** A second value a layer drawn as a tick, e.g. T_H beside H. */
  reference?: { label: string; values: (number | null)[] };
  zones: Zone[];
  /** The quantity is a share, printed in per cent. */
  share?: boolean;
}

/** A layer on the depth axis. */
export interface DepthPoint {
  /** The layer's index, as used in `selected`, `hovered` and the callbacks. */
  index: number;
  label: string;
  /** depthFraction; a layer with null is left out of the depth axis, which says so. */
  depth: number | null;
  /** Shown in the readout, e.g. `depthwise, 3x3, 1,024 filters`. */
  note?: string;
}

/** A mark: position `at` in the list of points, at (x, y) pixels. */
export interface Mark {
  at: number;
  x: number;
  y: number;
}

export interface PanelLayout {
  panel: DepthPanel;
  top: number;
  bottom: number;
  ticks: Tick[];
  zones: { zone: Zone; top: number; bottom: number; labelY: number; edges: number[] }[];
  marks: Mark[];
  references: Mark[];
  /** Path through the mean of the layers at each position; none where positions are too dense to follow. */
  trend: string;
}

export interface ProfileLayout {
  left: number;
  right: number;
  height: number;
  ticks: Tick[];
  panels: PanelLayout[];
  radius: number;
  /** Whether zone names stand beside the panels, or within where there is no room. */
  zoneLabelsOutside: boolean;
  /** Room for a panel's name. */
  headingWidth: number;
  /** Layers that the axis cannot place. */
  unplaced: number;
}

const PANEL_HEIGHT = 96;
const HEADING = 28;
const LEFT = 46;
const ZONE_LABEL_WIDTH = 122;
const AXIS_HEIGHT = 38;
const WIDE = 560;
const MOST_STEPS = 300;

export function layoutProfile(
  width: number,
  points: readonly DepthPoint[],
  panels: readonly DepthPanel[],
): ProfileLayout {
  const zoneLabelsOutside = width >= WIDE;
  const right = Math.max(LEFT + 40, width - (zoneLabelsOutside ? ZONE_LABEL_WIDTH : 10));
  const x = scaleLinear([0, 1], [LEFT, right]);
  const places = points.map(({ depth }) => depth);
  return {
    left: LEFT,
    right,
    height: panels.length * (HEADING + PANEL_HEIGHT) + AXIS_HEIGHT,
    ticks: horizontalTicks(x),
    panels: panels.map((panel, i) => layoutPanel(panel, i * (HEADING + PANEL_HEIGHT) + HEADING, places, x)),
    radius: points.length <= 120 ? 3 : points.length <= 400 ? 2.2 : 1.6,
    zoneLabelsOutside,
    headingWidth: right - LEFT,
    unplaced: places.filter((place) => place === null).length,
  };
}

function layoutPanel(
  panel: DepthPanel,
  top: number,
  places: readonly (number | null)[],
  x: ScaleLinear<number, number>,
): PanelLayout {
  const bottom = top + PANEL_HEIGHT;
  const y = scaleLinear(panel.domain ?? panelDomain(panel), [bottom, top]).clamp(true);
  const marksOf = (values: readonly (number | null)[]): Mark[] =>
    values.flatMap((value, at) => {
      const place = places[at] ?? null;
      return value === null || !Number.isFinite(value) || place === null
        ? []
        : [{ at, x: x(place), y: y(value) }];
    });
  const marks = marksOf(panel.values);
  return {
    panel,
    top,
    bottom,
    ticks: verticalTicks(y, 20).map((tick) =>
      panel.share ? { ...tick, label: `${Math.round(tick.value * 100)} %` } : tick,
    ),
    zones: spreadLabels(
      panel.zones.map((zone) => layoutZone(zone, y)).filter((zone) => zone.bottom > zone.top),
    ),
    marks,
    references: panel.reference ? marksOf(panel.reference.values) : [],
    trend: trendPath(marks),
  };
}

/** As much of the axis title as there is room for. */
export function axisTitle(room: number): string {
  const whole = 'Relative depth (0: first convolution, 1: last)';
  return textWidth(whole) <= room ? whole : 'Relative depth';
}

/** Where the panel has no fixed range: all values, references and borders of zones in view, with a little air. */
export function panelDomain(panel: DepthPanel): [number, number] {
  const finite = (value: number | null): value is number => value !== null && Number.isFinite(value);
  const seen = [...panel.values, ...(panel.reference?.values ?? [])].filter(finite);
  const edges = panel.zones.flatMap((zone) => [zone.from, zone.to]).filter(finite);
  const [low, high] = extent([...seen, ...edges]) as [number, number] | [undefined, undefined];
  if (low === undefined) return [0, 1];
  const [from, to] = usableDomain(low, high);
  const margin = (to - from) * 0.08;
  // Quantities that are never negative keep 0 as their foot.
  return [low >= 0 ? 0 : from - margin, to + margin];
}

function layoutZone(zone: Zone, y: ScaleLinear<number, number>) {
  const [low, high] = y.domain() as [number, number];
  const from = Math.max(low, zone.from ?? low);
  const to = Math.min(high, zone.to ?? high);
  const edges = [zone.from, zone.to].filter((edge) => edge !== null && edge > low && edge < high) as number[];
  const top = y(to);
  const bottom = y(from);
  return {
    zone,
    top: from > to ? bottom : top,
    bottom,
    labelY: (top + bottom) / 2,
    edges: edges.map((edge) => y(edge)),
  };
}

/** Names of thin neighbouring zones are moved apart, one line each. */
function spreadLabels<T extends { labelY: number }>(zones: T[]): T[] {
  const LINE = 13;
  const sorted = [...zones].sort((a, b) => a.labelY - b.labelY);
  for (let i = 1; i < sorted.length; i++) {
    sorted[i].labelY = Math.max(sorted[i].labelY, sorted[i - 1].labelY + LINE);
  }
  return zones;
}

function trendPath(marks: readonly Mark[]): string {
  const steps = [...group(marks, (mark) => mark.x)]
    .map(([x, at]): [number, number] => [x, mean(at, (mark) => mark.y)!])
    .sort((a, b) => a[0] - b[0]);
  return steps.length > MOST_STEPS ? '' : (line()(steps) ?? '');
}

/** The mark nearest to (x, y) within `reach` pixels in the panel under the pointer: its place in the points, or null. */
export function nearestMark(layout: ProfileLayout, x: number, y: number, reach = 24): number | null {
  const panel = layout.panels.find(({ top, bottom }) => y >= top - HEADING / 2 && y <= bottom + HEADING / 2);
  let best: number | null = null;
  let bestDistance = reach * reach;
  for (const mark of panel?.marks ?? []) {
    const distance = (mark.x - x) ** 2 + (mark.y - y) ** 2;
    if (distance <= bestDistance) {
      best = mark.at;
      bestDistance = distance;
    }
  }
  return best;
}

/** One path of round dots (zero-length strokes with round caps), so that a thousand layers are one element. */
export function dotsPath(marks: readonly Mark[]): string {
  return marks.map(({ x, y }) => `M${x.toFixed(1)},${y.toFixed(1)}h0`).join('');
}

/** Short horizontal ticks, for references. */
export function dashesPath(marks: readonly Mark[], half: number): string {
  return marks.map(({ x, y }) => `M${(x - half).toFixed(1)},${y.toFixed(1)}h${2 * half}`).join('');
}

/** Where a key moves along `count` points; from null it starts at either end. Null for other keys. */
export function stepAlong(key: string, at: number | null, count: number): number | null {
  if (count === 0) return null;
  const clamp = (to: number) => Math.min(count - 1, Math.max(0, to));
  switch (key) {
    case 'ArrowRight':
    case 'ArrowUp':
      return at === null ? 0 : clamp(at + 1);
    case 'ArrowLeft':
    case 'ArrowDown':
      return at === null ? count - 1 : clamp(at - 1);
    case 'PageUp':
      return clamp((at ?? -10) + 10);
    case 'PageDown':
      return clamp((at ?? count + 9) - 10);
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return null;
  }
}
