import { max } from 'd3-array';
import { scaleLinear } from 'd3-scale';
import { horizontalTicks, verticalTicks, type Tick } from './axis';
import { logIndex, packTable, palette } from './colour';
import { lowestShare, type ScatterCell, type ScatterCells } from './scatter-cells';
import type { CanvasStyle } from './theme.svelte';

export interface ScatterLayout {
  left: number;
  top: number;
  /** Side of the square in CSS pixels. */
  side: number;
  width: number;
  height: number;
  xTicks: Tick[];
  yTicks: Tick[];
}

/** Of the square, in CSS pixels. */
const LARGEST_SIDE = 512;

export function layoutScatter(width: number, extent: number): ScatterLayout {
  const [left, top, bottom] = [46, 6, 38];
  const side = Math.max(40, Math.min(LARGEST_SIDE, width - left - 8));
  const x = scaleLinear([-extent, extent], [left, left + side]);
  const y = scaleLinear([-extent, extent], [top + side, top]);
  return {
    left,
    top,
    side,
    width: left + side + 8,
    height: top + side + bottom,
    xTicks: horizontalTicks(x, 16),
    yTicks: verticalTicks(y, 36),
  };
}

/**
 * Counts as pixels, the y component rising upward (row 0 of the counts is the lowest). Where the picture has fewer pixels
 * than cells, a pixel takes its densest cell: no rare filter is lost. Returns pixels x pixels packed RGBA.
 */
export function scatterPixels(counts: Uint32Array, size: number, pixels: number): Uint32Array<ArrayBuffer> {
  const colours = packTable(palette(false).fire);
  const densest = max(counts) ?? 0;
  const lowest = lowestShare(densest);
  const block = new Uint32Array(pixels * pixels);
  const to = Uint32Array.from({ length: size }, (_, i) => Math.floor((i * pixels) / size));
  for (let iy = 0; iy < size; iy++) {
    const row = (pixels - 1 - to[iy]) * pixels;
    for (let ix = 0; ix < size; ix++) {
      const at = row + to[ix];
      const count = counts[iy * size + ix];
      if (count > block[at]) block[at] = count;
    }
  }
  for (let i = 0; i < block.length; i++) {
    block[i] = colours[densest > 0 ? logIndex(block[i] / densest, lowest) : 0]!;
  }
  return block;
}

/** The cell under a point of the picture, or null. */
export function hitScatter(layout: ScatterLayout, size: number, x: number, y: number): ScatterCell | null {
  const ix = Math.floor(((x - layout.left) / layout.side) * size);
  const iy = Math.floor(((layout.top + layout.side - y) / layout.side) * size);
  return ix >= 0 && iy >= 0 && ix < size && iy < size ? { ix, iy } : null;
}

/** The centre of a cell in the picture. */
export function cellCentre(layout: ScatterLayout, blocks: number, { ix, iy }: ScatterCell): [number, number] {
  return [
    layout.left + ((ix + 0.5) / blocks) * layout.side,
    layout.top + layout.side - ((iy + 0.5) / blocks) * layout.side,
  ];
}

/** Radius of a dot in CSS pixels. */
export function dotRadius(count: number): number {
  return Math.min(12, 2.4 * Math.sqrt(count));
}

/** Pixels a side that the map for a file has at least, so that no reader smooths its cells. */
const FILE_SIDE = 1024;

/** The map for a file, whole pixels a cell. */
export function scatterPicture({ counts, blocks }: ScatterCells): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = blocks * Math.ceil(FILE_SIDE / blocks);
  const context = canvas.getContext('2d')!;
  context.imageSmoothingEnabled = false;
  context.drawImage(mapImage(counts, blocks, blocks), 0, 0, canvas.width, canvas.height);
  return canvas;
}

function mapImage(counts: Uint32Array, blocks: number, pixels: number): OffscreenCanvas {
  const image = new OffscreenCanvas(pixels, pixels);
  const bytes = new Uint8ClampedArray(scatterPixels(counts, blocks, pixels).buffer);
  image.getContext('2d')!.putImageData(new ImageData(bytes, pixels, pixels), 0, 0);
  return image;
}

export interface ScatterDrawing {
  layout: ScatterLayout;
  cells: ScatterCells;
  xLabel: string;
  yLabel: string;
  marks: readonly ScatterMark[];
  style: CanvasStyle;
}

/** A filter that is pointed out. */
export interface ScatterMark {
  letter: string;
  x: number;
  y: number;
}

/** Draws map or dots, and axes; `ratio` device pixels a CSS pixel. */
export function drawScatter(canvas: HTMLCanvasElement, drawing: ScatterDrawing, ratio: number): void {
  const { layout, cells, style } = drawing;
  canvas.width = Math.round(layout.width * ratio);
  canvas.height = Math.round(layout.height * ratio);
  const context = canvas.getContext('2d')!;
  context.scale(ratio, ratio);
  if (cells.dots) drawDots(context, drawing);
  else drawMap(context, drawing, ratio);
  for (const mark of drawing.marks) drawMark(context, drawing, mark);
  drawAxes(context, drawing);
  context.strokeStyle = style.ruleStrong;
  context.strokeRect(layout.left + 0.5, layout.top + 0.5, layout.side - 1, layout.side - 1);
}

function drawMap(
  context: CanvasRenderingContext2D,
  { layout, cells: { counts, blocks } }: ScatterDrawing,
  ratio: number,
): void {
  const pixels = Math.min(blocks, Math.round(layout.side * ratio));
  context.imageSmoothingEnabled = false;
  context.drawImage(mapImage(counts, blocks, pixels), layout.left, layout.top, layout.side, layout.side);
}

function drawDots(
  context: CanvasRenderingContext2D,
  { layout, cells: { counts, blocks }, style }: ScatterDrawing,
): void {
  context.save();
  context.beginPath();
  context.rect(layout.left, layout.top, layout.side, layout.side);
  context.clip();
  context.fillStyle = style.ruleStrong;
  context.globalAlpha = 0.35;
  for (const { position } of layout.xTicks) context.fillRect(position, layout.top, 1, layout.side);
  for (const { position } of layout.yTicks) context.fillRect(layout.left, position, layout.side, 1);
  context.fillStyle = style.series;
  context.globalAlpha = 0.6;
  counts.forEach((count, cell) => {
    if (count === 0) return;
    const [x, y] = cellCentre(layout, blocks, { ix: cell % blocks, iy: Math.floor(cell / blocks) });
    context.beginPath();
    context.arc(x, y, dotRadius(count), 0, 2 * Math.PI);
    context.fill();
  });
  context.restore();
}

/** A ring and its letter, light on dark so that both are seen on the map in either theme; none for one outside the square. */
function drawMark(
  context: CanvasRenderingContext2D,
  { layout, cells: { extent }, style }: ScatterDrawing,
  { letter, x, y }: ScatterMark,
): void {
  if (!(Math.abs(x) <= extent && Math.abs(y) <= extent)) return;
  const left = layout.left + ((x / extent + 1) / 2) * layout.side;
  const top = layout.top + ((1 - y / extent) / 2) * layout.side;
  // Left of the ring where the right has no room.
  const aside = left > layout.left + layout.side - 20 ? -6 : 6;
  context.save();
  context.font = `600 ${style.font}`;
  context.textAlign = aside > 0 ? 'left' : 'right';
  context.lineJoin = 'round';
  for (const [colour, width] of [
    ['#000000', 4],
    ['#ffffff', 1.5],
  ] as const) {
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.beginPath();
    context.arc(left, top, 4, 0, 2 * Math.PI);
    context.stroke();
    if (width > 2) context.strokeText(letter, left + aside, top - 4);
  }
  context.fillStyle = '#ffffff';
  context.fillText(letter, left + aside, top - 4);
  context.restore();
}

function drawAxes(
  context: CanvasRenderingContext2D,
  { layout, style, xLabel, yLabel }: ScatterDrawing,
): void {
  context.save();
  const bottom = layout.top + layout.side;
  const middle = layout.side / 2;
  context.fillStyle = style.text;
  context.font = style.font;
  context.textAlign = 'center';
  for (const tick of layout.xTicks) {
    context.fillRect(tick.position, bottom, 1, 3);
    context.fillText(tick.label, tick.position, bottom + 15);
  }
  context.fillText(xLabel, layout.left + middle, bottom + 31);
  context.textAlign = 'right';
  for (const tick of layout.yTicks) {
    context.fillRect(layout.left - 3, tick.position, 3, 1);
    context.fillText(tick.label, layout.left - 6, tick.position + 4);
  }
  context.textAlign = 'center';
  context.translate(11, layout.top + middle);
  context.rotate(-Math.PI / 2);
  context.fillText(yLabel, 0, 0);
  context.restore();
}
