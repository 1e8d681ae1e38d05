import { extent } from 'd3-array';
import { scaleLinear, type ScaleLinear } from 'd3-scale';
import type { LayerKind } from '../domain/model';
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
  /** What values can be: the axis fits the values and the zones' borders, and goes no further than this. */
  bounds: [number, number];
  /** One per layer, in the order of the points; null where the quantity is not available. */
  values: (number | null)[];
  /** More values per layer, drawn as ticks, e.g. T_H beside H. */
  references?: DepthReference[];
  /** Points that rest on a simulated threshold, marked with a stem. */
  simulated?: boolean[];
  zones: Zone[];
  /** The quantity is a share, printed in per cent. */
  share?: boolean;
}

export interface DepthReference {
  label: string;
  values: (number | null)[];
  line: 'solid' | 'dashed' | 'toned';
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
  kind: LayerKind;
  tone: Tone;
  /** Filled marks ask for a look. */
  flagged: boolean;
}

/** Marks drawn alike. */
export interface MarkGroup {
  kind: LayerKind;
  tone: Tone;
  flagged: boolean;
  marks: Mark[];
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
  /** All marks by how they are drawn, flagged ones last: on top. */
  groups: MarkGroup[];
  references: { reference: DepthReference; marks: Mark[] }[];
  stems: Mark[];
  /** Baselines and texts of the lines below the panel's name: what ticks mean and, where there is no room beside, zones. */
  captions: { y: number; text: string }[];
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

const PANEL_HEIGHT = 140;
const HEADING = 28;
const CAPTION = 15;
const LEFT = 46;
const ZONE_LABEL_WIDTH = 122;
const AXIS_HEIGHT = 38;
const WIDE = 560;

export function layoutProfile(
  width: number,
  points: readonly DepthPoint[],
  panels: readonly DepthPanel[],
): ProfileLayout {
  const zoneLabelsOutside = width >= WIDE;
  const right = Math.max(LEFT + 40, width - (zoneLabelsOutside ? ZONE_LABEL_WIDTH : 10));
  const x = scaleLinear([0, 1], [LEFT, right]);
  const places = points.map(({ depth }) => depth);
  let y = 0;
  const laidOut = panels.map((panel) => {
    const captions = captionsOf(panel, zoneLabelsOutside, right - LEFT);
    const top = y + HEADING + captions.length * CAPTION;
    const layout = layoutPanel(panel, top, points, x);
    y = layout.bottom;
    const first = top - 8 - (captions.length - 1) * CAPTION;
    return { ...layout, captions: captions.map((text, i) => ({ text, y: first + i * CAPTION })) };
  });
  return {
    left: LEFT,
    right,
    height: y + AXIS_HEIGHT,
    ticks: horizontalTicks(x),
    panels: laidOut,
    radius: points.length <= 120 ? 3.6 : points.length <= 400 ? 2.6 : 1.8,
    zoneLabelsOutside,
    headingWidth: right - LEFT,
    unplaced: places.filter((place) => place === null).length,
  };
}

function captionsOf(
  { references = [], simulated, zones }: DepthPanel,
  outside: boolean,
  room: number,
): string[] {
  const texts = [
    ...(outside ? [] : zones.map(({ label }) => label)),
    ...references
      .filter(({ values }) => values.some(isFigure))
      .map(({ label, line }) => `${line === 'dashed' ? 'dashed tick' : 'tick'}: ${label}`),
    ...(simulated?.some(Boolean) ? ['stem: simulated T_H'] : []),
  ];
  const joined = texts.join(' · ');
  return texts.length === 0 ? [] : textWidth(joined) <= room ? [joined] : texts;
}

function layoutPanel(
  panel: DepthPanel,
  top: number,
  points: readonly DepthPoint[],
  x: ScaleLinear<number, number>,
): Omit<PanelLayout, 'captions'> {
  const bottom = top + PANEL_HEIGHT;
  const y = scaleLinear(panelDomain(panel), [bottom, top]).clamp(true);
  const marksOf = (values: readonly (number | null)[]): Mark[] =>
    values.flatMap((value, at) => {
      const place = points[at]?.depth ?? null;
      return !isFigure(value) || place === null ? [] : [{ at, x: x(place), y: y(value) }];
    });
  const marks = marksOf(panel.values);
  return {
    panel,
    top,
    bottom,
    ticks: verticalTicks(y, 20).map((tick) =>
      panel.share ? { ...tick, label: `${Number((tick.value * 100).toFixed(2))} %` } : tick,
    ),
    zones: spreadLabels(
      panel.zones.map((zone) => layoutZone(zone, y)).filter((zone) => zone.bottom > zone.top),
    ),
    marks,
    groups: groupMarks(marks, points),
    references: (panel.references ?? []).map((reference) => ({
      reference,
      marks: marksOf(reference.values),
    })),
    stems: marks.filter(({ at }) => panel.simulated?.[at]),
  };
}

function groupMarks(marks: readonly Mark[], points: readonly DepthPoint[]): MarkGroup[] {
  const groups = new Map<string, MarkGroup>();
  for (const mark of marks) {
    const { kind, tone, flagged } = points[mark.at]!;
    const key = `${kind} ${tone} ${flagged}`;
    const group = groups.get(key) ?? { kind, tone, flagged, marks: [] };
    groups.set(key, group);
    group.marks.push(mark);
  }
  return [...groups.values()].sort((a, b) => Number(a.flagged) - Number(b.flagged));
}

function isFigure(value: number | null): value is number {
  return value !== null && Number.isFinite(value);
}

/** As much of the axis title as there is room for. */
export function axisTitle(room: number): string {
  const whole = 'Relative depth (0: first convolution, 1: last)';
  return textWidth(whole) <= room ? whole : 'Relative depth';
}

/** All values, references and borders of zones in view, with a little air, within what values can be. */
export function panelDomain(panel: DepthPanel): [number, number] {
  const seen = [panel.values, ...(panel.references ?? []).map(({ values }) => values)].flat();
  const [least, most] = panel.bounds;
  const edges = panel.zones
    .flatMap(({ from, to }) => [from, to])
    .filter((edge) => edge !== null && edge >= least && edge <= most);
  const [low, high] = extent([...seen, ...edges].filter(isFigure)) as
    [number, number] | [undefined, undefined];
  if (low === undefined) return [0, 1];
  const [from, to] = usableDomain(low, high);
  const margin = (to - from) * 0.08;
  return [Math.max(from - margin, Math.min(least, low)), Math.min(to + margin, Math.max(most, high))];
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
