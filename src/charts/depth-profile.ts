import { extent } from 'd3-array';
import { scaleLinear, type ScaleLinear } from 'd3-scale';
import type { VerdictName } from '../analysis/verdict-names';
import type { LayerKind } from '../domain/model';
import { horizontalTicks, textWidth, usableDomain, verticalTicks, type Tick } from './axis';
import { layoutLegend, type Legend } from './depth-legend';
import { formatLimits } from './format-number';
import type { Tone } from './types';
import { toneOf, TONES } from './verdict-tone';

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
  /** Names the quantity in the readout. */
  symbol: string;
  /** What values can be: the axis fits the values and the borders near them, and goes no further than this. */
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
  /** `limit`: where a zone begins for the layer. In view where it is near the values; the others always are. */
  line: 'solid' | 'dashed' | 'limit';
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
  verdict: VerdictName;
}

/** Marks drawn alike. */
export interface MarkGroup {
  kind: LayerKind;
  tone: Tone;
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
  zones: ZoneLayout[];
  marks: Mark[];
  /** All marks by how they are drawn, the gravest last: on top. */
  groups: MarkGroup[];
  references: { reference: DepthReference; marks: Mark[] }[];
  stems: Mark[];
  /** Baselines and texts of the lines below the panel's name: what ticks mean and, where there is no room beside, zones. */
  captions: { y: number; text: string }[];
}

/** A zone beyond the drawn range has no extent, and an arrow in its label. */
export interface ZoneLayout {
  zone: Zone;
  label: string;
  top: number;
  bottom: number;
  labelY: number;
  edges: number[];
}

export interface ProfileLayout {
  left: number;
  right: number;
  /** Below it stands the legend. */
  axisBottom: number;
  height: number;
  ticks: Tick[];
  panels: PanelLayout[];
  radius: number;
  /** Whether zone names stand beside the panels, or above where there is no room. */
  zoneLabelsOutside: boolean;
  /** Room for a panel's name. */
  headingWidth: number;
  legend: Legend;
  /** Layers that the axis cannot place. */
  unplaced: number;
}

const PANEL_HEIGHT = 140;
const HEADING = 38;
const CAPTION = 15;
const LEFT = 50;
const AXIS_HEIGHT = 38;
/** Between the panels and the names of their zones. */
const ZONE_GAP = 8;
/** Panels narrower than this give no room to names beside them. */
const LEAST_PANEL = 300;
/** Borders are in view where the axis grows to no more than this many times the extent of the values... */
const NEAR = 2.5;
/** ...which is at least this part of the largest: what differs by less is not spread over the panel alone. */
const LEAST_EXTENT = 0.2;

export function layoutProfile(
  width: number,
  points: readonly DepthPoint[],
  panels: readonly DepthPanel[],
): ProfileLayout {
  const names = panels.flatMap(({ zones }) => zones.map(({ label }) => textWidth(`↑ ${label}`)));
  const beside = Math.max(0, ...names) + ZONE_GAP;
  const zoneLabelsOutside = width - LEFT - beside >= LEAST_PANEL;
  const right = Math.max(LEFT + 40, width - (zoneLabelsOutside ? beside : 10));
  const x = scaleLinear([0, 1], [LEFT, right]);
  let y = 0;
  const laidOut = panels.map((panel) => {
    const domain = panelDomain(panel);
    const captions = captionsOf(panel, domain, zoneLabelsOutside, right - LEFT);
    const top = y + HEADING + captions.length * CAPTION;
    const layout = layoutPanel(panel, domain, top, points, x);
    y = layout.bottom;
    const first = top - 8 - (captions.length - 1) * CAPTION;
    return { ...layout, captions: captions.map((text, i) => ({ text, y: first + i * CAPTION })) };
  });
  const axisBottom = y + AXIS_HEIGHT;
  const legend = layoutLegend(points, axisBottom, width);
  return {
    left: LEFT,
    right,
    axisBottom,
    height: axisBottom + legend.height,
    ticks: horizontalTicks(x),
    panels: laidOut,
    radius: points.length <= 120 ? 3.6 : points.length <= 400 ? 2.6 : 1.8,
    zoneLabelsOutside,
    headingWidth: right - LEFT,
    legend,
    unplaced: points.filter(({ depth }) => depth === null).length,
  };
}

function captionsOf(
  { references = [], simulated, zones }: DepthPanel,
  domain: Domain,
  outside: boolean,
  room: number,
): string[] {
  const texts = [
    ...(outside ? [] : zones.map((zone) => zoneLabel(zone, domain))),
    ...references.flatMap((reference) => referenceCaptions(reference, domain)),
    ...(simulated?.some(Boolean) ? ['stem: simulated T_H'] : []),
  ];
  const joined = texts.join(' · ');
  return texts.length === 0 ? [] : textWidth(joined) <= room ? [joined] : texts;
}

/** What ticks mean, and where those lie that are out of view. */
function referenceCaptions({ label, values, line }: DepthReference, [low, high]: Domain): string[] {
  const figures = values.filter(isFigure);
  const unseen = figures.filter((value) => value < low || value > high);
  const mark = line === 'dashed' ? 'dashed tick' : 'tick';
  if (figures.length > unseen.length) return [`${mark}: ${label}`];
  if (unseen.length === 0) return [];
  const [least, most] = extent(unseen) as [number, number];
  return [`${most < low ? '↓' : '↑'} ${label} ${formatLimits(least, most)}`];
}

/** A zone's name, with an arrow where it lies beyond the drawn range. */
function zoneLabel({ from, to, label }: Zone, [low, high]: Domain): string {
  if (from !== null && from >= high) return `↑ ${label}`;
  return to !== null && to <= low ? `↓ ${label}` : label;
}

function layoutPanel(
  panel: DepthPanel,
  domain: Domain,
  top: number,
  points: readonly DepthPoint[],
  x: ScaleLinear<number, number>,
): Omit<PanelLayout, 'captions'> {
  const bottom = top + PANEL_HEIGHT;
  const y = scaleLinear(domain, [bottom, top]);
  const marksOf = (values: readonly (number | null)[]): Mark[] =>
    values.flatMap((value, at) => {
      const place = points[at]?.depth ?? null;
      if (!isFigure(value) || place === null || value < domain[0] || value > domain[1]) return [];
      return [{ at, x: x(place), y: y(value) }];
    });
  const marks = marksOf(panel.values);
  return {
    panel,
    top,
    bottom,
    ticks: verticalTicks(y, 20).map((tick) =>
      panel.share ? { ...tick, label: `${Number((tick.value * 100).toFixed(2))} %` } : tick,
    ),
    zones: spreadLabels(panel.zones.map((zone) => layoutZone(zone, y))),
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
    const { kind, verdict } = points[mark.at]!;
    const tone = toneOf(verdict);
    const key = `${kind} ${tone}`;
    const group = groups.get(key) ?? { kind, tone, marks: [] };
    groups.set(key, group);
    group.marks.push(mark);
  }
  return [...groups.values()].sort((a, b) => TONES.indexOf(b.tone) - TONES.indexOf(a.tone));
}

function isFigure(value: number | null): value is number {
  return value !== null && Number.isFinite(value);
}

/** As much of the axis title as there is room for. */
export function axisTitle(room: number): string {
  const whole = 'Relative depth (0: first convolution, 1: last)';
  return textWidth(whole) <= room ? whole : 'Relative depth';
}

type Domain = [number, number];

/** All values and their references in view, with a little air, and the borders of zones that are near; within what values can be. */
export function panelDomain({ values, references = [], zones, bounds: [least, most] }: DepthPanel): Domain {
  const [limits, others] = [true, false].map((isLimit) =>
    references.filter(({ line }) => (line === 'limit') === isLimit).map((reference) => reference.values),
  );
  const borders = [
    ...zones.flatMap(({ from, to }) => [from, to]),
    ...limits.flatMap((limit) => extent(limit.filter(isFigure)) as number[]),
  ].filter((border) => isFigure(border) && border >= least && border <= most) as number[];
  const seen = [values, ...others].flat().filter(isFigure);
  const fitted = extent(seen) as [number, number] | [undefined, undefined];
  const [first, last] = fitted[0] === undefined ? (extent(borders) as typeof fitted) : fitted;
  if (first === undefined) return [0, 1];
  const reach = NEAR * Math.max(last - first, LEAST_EXTENT * Math.max(Math.abs(first), Math.abs(last)));
  const isNear = (border: number) =>
    first === last || Math.max(last, border) - Math.min(first, border) <= reach;
  const [low, high] = extent([first, last, ...borders.filter(isNear)]) as Domain;
  const [from, to] = usableDomain(low, high);
  const margin = (to - from) * 0.08;
  return [Math.max(from - margin, Math.min(least, low)), Math.min(to + margin, Math.max(most, high))];
}

function layoutZone(zone: Zone, y: ScaleLinear<number, number>): ZoneLayout {
  const [low, high] = y.domain() as Domain;
  const inside = (value: number) => y(Math.min(high, Math.max(low, value)));
  const top = inside(zone.to ?? high);
  const bottom = inside(zone.from ?? low);
  const edges = [zone.from, zone.to].filter((edge) => edge !== null && edge > low && edge < high) as number[];
  return {
    zone,
    label: zoneLabel(zone, [low, high]),
    top,
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
