import { max } from 'd3-array';
import { scaleLinear } from 'd3-scale';
import { horizontalTicks, verticalTicks, type Tick } from './axis';
import { logIndex, packTable, palette } from './colour';
import type { CanvasColours } from './theme.svelte';

/** The low end of the log colour scale, as a share of the densest cell. */
export const LOWEST_SHARE = 1e-5;

/**
 * Blocks a side that the map is drawn in: with few filters cells of a pixel would be lost in the dark, so that several
 * are joined; the counts stay as fine as they are. A power of two below `size`.
 */
export function drawnBlocks(filterCount: number, size: number): number {
  if (filterCount < 2_000) return Math.ceil(size / 4);
  if (filterCount < 200_000) return Math.ceil(size / 2);
  return size;
}

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

/** The scale beside the map, on screen and in exports. */
export const SCATTER_ENDS = { low: '≤ 10⁻⁵', high: '1' };

export function scatterNote(densest: number, joined: number): string {
  const note = `of the densest cell (${densest.toLocaleString('en')}), log`;
  return joined > 1 ? `${note}; drawn ${joined} × ${joined} cells at a time, by their densest` : note;
}

export function layoutScatter(width: number, extent: number, size: number): ScatterLayout {
  const [left, top, bottom] = [46, 6, 38];
  const side = Math.max(40, Math.min(size, width - left - 8));
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
 * Counts as pixels, the y component rising upward (row 0 of the counts is the lowest). Cells are joined to blocks where the
 * picture has fewer pixels than cells, each block taking its densest cell: no rare filter is lost.
 * Returns pixels x pixels packed RGBA.
 */
export function scatterPixels(counts: Uint32Array, size: number, pixels: number): Uint32Array<ArrayBuffer> {
  const colours = packTable(palette(false).fire);
  const densest = max(counts) ?? 0;
  const block = new Uint32Array(pixels * pixels);
  const to = Uint32Array.from({ length: size }, (_, i) => Math.floor((i * pixels) / size));
  for (let iy = 0; iy < size; iy++) {
    const row = (pixels - 1 - to[iy]!) * pixels;
    for (let ix = 0; ix < size; ix++) {
      const at = row + to[ix]!;
      const count = counts[iy * size + ix]!;
      if (count > block[at]!) block[at] = count;
    }
  }
  for (let i = 0; i < block.length; i++) {
    block[i] = colours[densest > 0 ? logIndex(block[i]! / densest, LOWEST_SHARE) : 0]!;
  }
  return block;
}

/** The cell under a point of the picture, or null. */
export function hitScatter(
  layout: ScatterLayout,
  size: number,
  x: number,
  y: number,
): { ix: number; iy: number } | null {
  const ix = Math.floor(((x - layout.left) / layout.side) * size);
  const iy = Math.floor(((layout.top + layout.side - y) / layout.side) * size);
  return ix >= 0 && iy >= 0 && ix < size && iy < size ? { ix, iy } : null;
}

export interface ScatterDrawing {
  layout: ScatterLayout;
  counts: Uint32Array;
  size: number;
  /** Blocks a side to draw at most. */
  blocks: number;
  xLabel: string;
  yLabel: string;
  colours: CanvasColours;
}

/** Draws map and axes; `ratio` device pixels a CSS pixel. */
export function drawScatter(canvas: HTMLCanvasElement, drawing: ScatterDrawing, ratio: number): void {
  const { layout, counts, size, blocks, colours } = drawing;
  canvas.width = Math.round(layout.width * ratio);
  canvas.height = Math.round(layout.height * ratio);
  const context = canvas.getContext('2d')!;
  const pixels = Math.min(blocks, Math.round(layout.side * ratio));
  const image = new OffscreenCanvas(pixels, pixels);
  const bytes = new Uint8ClampedArray(scatterPixels(counts, size, pixels).buffer);
  image.getContext('2d')!.putImageData(new ImageData(bytes, pixels, pixels), 0, 0);
  context.scale(ratio, ratio);
  context.imageSmoothingEnabled = false;
  context.drawImage(image, layout.left, layout.top, layout.side, layout.side);
  drawAxes(context, drawing);
  context.strokeStyle = colours.ground;
  context.strokeRect(layout.left + 0.5, layout.top + 0.5, layout.side - 1, layout.side - 1);
}

function drawAxes(
  context: CanvasRenderingContext2D,
  { layout, colours, xLabel, yLabel }: ScatterDrawing,
): void {
  context.save();
  const bottom = layout.top + layout.side;
  const middle = layout.side / 2;
  context.fillStyle = colours.ink;
  context.font = colours.font;
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
