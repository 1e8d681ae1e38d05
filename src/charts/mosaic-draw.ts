import type { Weights } from '../domain/filters';
import { labelStep, textWidth } from './axis';
import { itemsWithin, type MosaicLayout } from './mosaic-layout';
import type { KernelScale } from './kernel-scale';
import { drawLines, linesVisible } from './mosaic-lines';
import { drawMarks, type MosaicMarks } from './mosaic-marks';
import type { PlacedTile, TileCache } from './mosaic-tiles';
import type { MosaicView, Viewport } from './mosaic-view';
import type { CanvasStyle } from './theme.svelte';

/** Room for the channel numbers of the matrix, in CSS pixels. */
export function mosaicMargins(layout: Pick<MosaicLayout, 'mode' | 'rows'>): { left: number; top: number } {
  if (layout.mode === 'sequence') return { left: 0, top: 0 };
  return { left: Math.ceil(textWidth(String(Math.max(0, layout.rows - 1)))) + 22, top: 34 };
}

export function sizeCanvas(
  canvas: HTMLCanvasElement,
  viewport: Viewport,
  margins: { left: number; top: number },
  ratio: number,
): void {
  const width = Math.round((viewport.width + margins.left) * ratio);
  const height = Math.round((viewport.height + margins.top) * ratio);
  // Setting the size, even to the same, throws the picture away.
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
}

export interface AxisLabel {
  text: string;
  /** Pixels along the axis, from the viewport's edge. */
  position: number;
}

/** Channel numbers beside the kernels in view, as dense as they fit. */
export function channelLabels(
  count: number,
  pitch: number,
  scale: number,
  from: number,
  length: number,
  vertical: boolean,
  order: Uint32Array | null,
): AxisLabel[] {
  const spacing = pitch * scale;
  const widest = vertical ? 14 : textWidth(String(Math.max(0, count - 1))) + 8;
  const step = labelStep(count, spacing, widest);
  const labels: AxisLabel[] = [];
  const first = Math.max(0, Math.ceil((from / pitch - 0.5) / step) * step);
  for (let i = first; i < count; i += step) {
    const position = (i * pitch + 0.5 + pitch / 2 - from) * scale;
    if (position > length) break;
    const text = String(order ? order[i] : i);
    // A number cut by the far border is worse than none; at the near one the margin has room.
    const half = vertical ? 5 : textWidth(text) / 2;
    if (position >= 0 && position + half <= length + 2) labels.push({ text, position });
  }
  return labels;
}

export interface MosaicDrawing {
  layout: MosaicLayout;
  view: MosaicView;
  /** Without margins. */
  viewport: Viewport;
  tiles: TileCache;
  placed: readonly PlacedTile[];
  /** item x channels x taps */
  values: Weights;
  scale: KernelScale;
  /** 1-D kernels as lines, where they are large enough. */
  lines: boolean;
  /** Rows of the matrix that belong together; 0 for none. */
  groupRows: number;
  /** Kernels with an outline, those that are pinned with the letter they go by. */
  outlines: { row: number; column: number; letter: string | null }[];
  marks: MosaicMarks | null;
  rowTitle: string;
  columnTitle: string;
  style: CanvasStyle;
}

/** Draws the whole picture; `ratio` device pixels a CSS pixel. */
export function drawMosaic(context: CanvasRenderingContext2D, drawing: MosaicDrawing, ratio: number): void {
  const { layout, view, viewport, style } = drawing;
  const { left, top } = mosaicMargins(layout);
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, context.canvas.width, context.canvas.height);
  context.save();
  context.translate(Math.round(left * ratio), Math.round(top * ratio));
  context.beginPath();
  context.rect(0, 0, viewport.width * ratio, viewport.height * ratio);
  context.clip();
  if (drawing.lines && linesVisible(layout, view)) {
    context.scale(ratio, ratio);
    drawLines(context, placesInView(drawing), drawing);
  } else {
    const scale = view.scale * ratio;
    context.fillStyle = style.rule;
    for (const { width, height } of groundExtents(layout)) {
      context.fillRect(-view.x * scale, -view.y * scale, width * scale, height * scale);
    }
    drawing.tiles.draw(context, drawing.placed);
    context.scale(ratio, ratio);
  }
  for (const y of groupRules(drawing)) {
    context.fillStyle = style.ink;
    context.fillRect(-view.x * view.scale, y - 0.75, layout.width * view.scale, 1.5);
  }
  drawMarks(context, drawing.marks, placesInView(drawing), drawing);
  for (const outline of drawing.outlines) drawOutline(context, drawing, outline);
  context.restore();
  if (layout.mode === 'matrix') drawAxes(context, drawing, left, top, ratio);
}

/** The kernels in view, in CSS pixels from the viewport's corner. */
function* placesInView({ layout, view, viewport }: MosaicDrawing) {
  const { x, y, scale } = view;
  const shown = itemsWithin(layout, x, y, viewport.width / scale, viewport.height / scale);
  for (const { item, row, column } of shown) {
    yield {
      item,
      left: (column * layout.pitchX + 1 - x) * scale,
      top: (row * layout.pitchY + 1 - y) * scale,
    };
  }
}

/** Pixels from one rule between groups to the next, at least: closer they would cover the kernels. */
const LEAST_GROUP = 12;

/** Where groups of rows in stored order meet, in CSS pixels from the viewport's top. */
export function groupRules({
  layout,
  view,
  viewport,
  groupRows,
}: Pick<MosaicDrawing, 'layout' | 'view' | 'viewport' | 'groupRows'>): number[] {
  const spacing = groupRows * layout.pitchY * view.scale;
  if (layout.mode !== 'matrix' || layout.order || spacing < LEAST_GROUP) return [];
  const rules: number[] = [];
  const shown = view.y + viewport.height / view.scale;
  const first = Math.max(1, Math.floor(view.y / (groupRows * layout.pitchY)));
  for (let group = first; group * groupRows < layout.rows; group++) {
    const y = group * groupRows * layout.pitchY + 0.5;
    if (y > shown) break;
    rules.push((y - view.y) * view.scale);
  }
  return rules;
}

/** The ground under the kernels: full rows, and the last one as far as it goes. */
export function groundExtents(layout: MosaicLayout): { width: number; height: number }[] {
  const fullRows = Math.floor(layout.items / layout.columns);
  const last = layout.items - fullRows * layout.columns;
  return [
    { width: fullRows > 0 ? layout.width : 0, height: fullRows * layout.pitchY + 1 },
    { width: last > 0 ? last * layout.pitchX + 1 : 0, height: layout.height },
  ];
}

function drawOutline(
  context: CanvasRenderingContext2D,
  { layout, view, style }: MosaicDrawing,
  { row, column, letter }: MosaicDrawing['outlines'][number],
): void {
  const inset = Math.min(0.5, 2 / view.scale);
  const box = [
    (column * layout.pitchX + 1 - inset - view.x) * view.scale,
    (row * layout.pitchY + 1 - inset - view.y) * view.scale,
    Math.max(4, (layout.pitchX - 1 + 2 * inset) * view.scale),
    Math.max(4, (layout.pitchY - 1 + 2 * inset) * view.scale),
  ] as const;
  // A light edge around keeps the frame visible on dark kernels, in either theme.
  context.strokeStyle = style.rule;
  context.lineWidth = letter ? 5 : 3.5;
  context.strokeRect(...box);
  context.strokeStyle = style.ink;
  context.lineWidth = letter ? 2.5 : 1.25;
  context.strokeRect(...box);
  if (letter) drawTag(context, style, letter, box[0], box[1]);
}

/** The letter of a pin on a flag at its corner, inside the viewport. */
function drawTag(
  context: CanvasRenderingContext2D,
  style: CanvasStyle,
  letter: string,
  x: number,
  y: number,
): void {
  const left = Math.max(0, x - 1);
  const top = Math.max(0, y - 11);
  context.fillStyle = style.ink;
  context.fillRect(left, top, 12, 12);
  context.fillStyle = style.rule;
  context.font = style.font;
  context.textAlign = 'center';
  context.fillText(letter, left + 6, top + 10);
}

function drawAxes(
  context: CanvasRenderingContext2D,
  drawing: MosaicDrawing,
  left: number,
  top: number,
  ratio: number,
): void {
  const { layout, view, viewport, style } = drawing;
  context.save();
  context.scale(ratio, ratio);
  context.fillStyle = style.text;
  context.font = style.font;
  context.textBaseline = 'alphabetic';
  context.textAlign = 'center';
  const across = channelLabels(
    layout.columns,
    layout.pitchX,
    view.scale,
    view.x,
    viewport.width,
    false,
    null,
  );
  for (const { text, position } of across) context.fillText(text, left + position, top - 5);
  const down = channelLabels(
    layout.rows,
    layout.pitchY,
    view.scale,
    view.y,
    viewport.height,
    true,
    layout.order,
  );
  context.textAlign = 'right';
  for (const { text, position } of down) context.fillText(text, left - 5, top + position + 4);
  context.textAlign = 'left';
  context.fillText(`${drawing.columnTitle} →`, left, 12);
  context.textAlign = 'right';
  context.translate(11, top);
  context.rotate(-Math.PI / 2);
  const rowTitle = `← ${drawing.rowTitle}`;
  context.fillText(textWidth(rowTitle) <= viewport.height ? rowTitle : '←', 0, 0);
  context.restore();
}
