import { formatCount } from '../domain/format';
import type { MosaicLayout } from './mosaic-layout';
import type { MosaicView, Viewport } from './mosaic-view';
import type { CanvasStyle } from './theme.svelte';

/** What is known of single filters beyond their weights, such as that they are duplicates. */
export interface MosaicMarks {
  /** By filter: bit k is set where it is of kind k. Filters beyond its end have no mark. */
  kinds: Uint8Array;
  /** The kinds in words, in the singular: `dead channel`. The first four have a corner each, more are only read. */
  labels: readonly string[];
}

/** Shares of a kernel's width and height: a corner a kind, so that no colour is needed to tell them apart. */
const CORNERS: readonly [x: 0 | 1, y: 0 | 1, symbol: string][] = [
  [0, 0, '◤'],
  [1, 0, '◥'],
  [0, 1, '◣'],
  [1, 1, '◢'],
];

/** Pixels from a kernel to the next from which a corner can be seen. */
const LEAST_PITCH = 7;

/** The kinds of an item: those of any of its filters. */
export function kindsOf(marks: MosaicMarks | null, layout: Pick<MosaicLayout, 'channels'>, item: number) {
  let kinds = 0;
  const first = item * layout.channels;
  for (let c = 0; c < layout.channels; c++) kinds |= marks?.kinds[first + c] ?? 0;
  return kinds;
}

/** The kinds of an item in words. */
export function markNames(
  marks: MosaicMarks | null,
  layout: Pick<MosaicLayout, 'channels'>,
  item: number,
): string[] {
  const kinds = kindsOf(marks, layout, item);
  return (marks?.labels ?? []).filter((_, kind) => kinds & (1 << kind));
}

/** `◤ dead channel: 12` for each kind that occurs; the corner is left out of kinds that have none. */
export function markLegend(marks: MosaicMarks | null): string[] {
  const { kinds = new Uint8Array(), labels = [] } = marks ?? {};
  const counts = labels.map(() => 0);
  for (const bits of kinds) {
    if (bits === 0) continue;
    for (let kind = 0; kind < counts.length; kind++) counts[kind] += (bits >> kind) & 1;
  }
  return labels.flatMap((label, kind) => {
    const symbol = CORNERS[kind] ? `${CORNERS[kind][2]} ` : '';
    return counts[kind] > 0 ? [`${symbol}${label}: ${formatCount(counts[kind])}`] : [];
  });
}

/** Whether kernels are drawn large enough for corners to be seen. */
export function marksVisible({ pitchX, pitchY }: MosaicLayout, { scale }: MosaicView): boolean {
  return Math.min(pitchX, pitchY) * scale >= LEAST_PITCH;
}

/** Draws the corners of the kernels in view, in CSS pixels from the viewport's corner. */
export function drawMarks(
  context: CanvasRenderingContext2D,
  marks: MosaicMarks | null,
  places: Iterable<{ item: number; left: number; top: number }>,
  { layout, view, style }: { layout: MosaicLayout; view: MosaicView; viewport: Viewport; style: CanvasStyle },
): void {
  if (!marks || !marksVisible(layout, view)) return;
  const width = (layout.pitchX - 1) * view.scale;
  const height = (layout.pitchY - 1) * view.scale;
  const side = Math.min(9, Math.max(3, Math.min(width, height) / 3));
  context.beginPath();
  for (const { item, left, top } of places) {
    const kinds = kindsOf(marks, layout, item);
    if (kinds === 0) continue;
    CORNERS.forEach(([x, y], kind) => {
      if (!(kinds & (1 << kind))) return;
      const [cornerX, cornerY] = [left + x * width, top + y * height];
      context.moveTo(cornerX, cornerY);
      context.lineTo(cornerX + (x ? -side : side), cornerY);
      context.lineTo(cornerX, cornerY + (y ? -side : side));
      context.closePath();
    });
  }
  context.fillStyle = style.ink;
  context.fill();
  // A light edge keeps them visible on dark kernels, in either theme.
  context.strokeStyle = style.rule;
  context.lineWidth = 1;
  context.stroke();
}
