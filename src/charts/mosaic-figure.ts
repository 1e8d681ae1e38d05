import { canvasBlob } from './download';
import { tapsPerPixel, type MosaicLayout } from './mosaic-layout';
import type { MosaicSource } from './mosaic-raster';
import { TileCache, visibleTiles, within } from './mosaic-tiles';
import { mipLevel } from './mosaic-view';

export interface MosaicFigureLayout {
  /** CSS pixels a unit of the mosaic. */
  scale: number;
  width: number;
  height: number;
  /** Pixels of the embedded picture a unit. */
  density: number;
  /** Weights that a pixel averages; up to 1: none. */
  averaged: number;
}

/** CSS pixels a unit (half a tap) at most: few kernels need not fill a page. */
const LARGEST_SCALE = 16;
/** Height over width at most. */
const TALLEST = 1.5;
/** Pixels of the embedded picture's longer side. */
const MOST_PIXELS = 4096;
const BUDGET_MS = 12;

/** The whole layer, as large as fits `width` CSS pixels. */
export function layoutMosaicFigure(layout: MosaicLayout, width: number): MosaicFigureLayout {
  const scale = Math.min(width / layout.width, (width * TALLEST) / layout.height, LARGEST_SCALE);
  const longest = Math.max(layout.width, layout.height);
  const fitting = MOST_PIXELS / longest;
  // Whole pixels keep the taps alike.
  const density = fitting < 1 ? fitting : Math.min(Math.ceil(2 * scale), Math.floor(fitting));
  return {
    scale,
    width: layout.width * scale,
    height: layout.height * scale,
    density,
    averaged: tapsPerPixel(layout, mipLevel(density)),
  };
}

/** The kernels as a PNG in a data address, gaps transparent; lets the page breathe in between. Null once `stopped`. */
export async function mosaicPicture(
  source: MosaicSource,
  density: number,
  stopped: () => boolean,
): Promise<string | null> {
  const { layout } = source;
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(layout.width * density));
  canvas.height = Math.max(1, Math.round(layout.height * density));
  const view = { scale: density, x: 0, y: 0 };
  const placed = visibleTiles(layout, view, { width: canvas.width, height: canvas.height }, 1);
  const tiles = new TileCache(source);
  while (!tiles.prepare(placed, within(BUDGET_MS))) {
    await new Promise((resolve) => setTimeout(resolve));
    if (stopped()) return null;
  }
  tiles.draw(canvas.getContext('2d')!, placed);
  return dataAddress(await canvasBlob(canvas));
}

function dataAddress(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result as string);
    reader.onerror = () => reject(reader.error!);
    reader.readAsDataURL(blob);
  });
}
