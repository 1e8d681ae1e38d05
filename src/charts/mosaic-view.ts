import { formatCount } from '../domain/format';
import type { MosaicLayout } from './mosaic-layout';

/** The part of a mosaic on screen: `scale` CSS pixels a unit, (x, y) units at the top left corner. */
export interface MosaicView {
  scale: number;
  x: number;
  y: number;
}

/** The place on screen, in CSS pixels. */
export interface Viewport {
  width: number;
  height: number;
}

type Extent = Pick<MosaicLayout, 'width' | 'height'> & { leastScale?: number };

/** Pixels a unit (half a tap) at most, and at first where there are few kernels. */
const LARGEST_SCALE = 28;
const FIRST_SCALE = 16;
/** Pixels a unit from which kernels can be told apart: two pixels a tap. */
const READABLE_SCALE = 1;

export function scaleLimits(layout: Extent, viewport: Viewport): [number, number] {
  const whole = Math.min(viewport.width / layout.width, viewport.height / layout.height);
  return [Math.min(whole, 1), Math.max(LARGEST_SCALE, whole)];
}

/** The whole mosaic where its kernels stay readable, or little is lost; else its whole width, from the top; lines as large as they need. */
export function firstView(layout: Extent, viewport: Viewport): MosaicView {
  const across = Math.min(viewport.width / layout.width, FIRST_SCALE);
  const whole = Math.min(across, viewport.height / layout.height);
  const scale = whole >= Math.min(READABLE_SCALE, 0.8 * across) ? whole : across;
  return clampView({ scale: Math.max(layout.leastScale ?? 0, scale), x: 0, y: 0 }, layout, viewport);
}

/** There must be room to zoom into a mosaic of a single kernel. */
const SMALLEST: Viewport = { width: 240, height: 24 };

/** As much of the place as the first view takes. */
export function viewportFor(layout: Extent, place: Viewport): Viewport {
  const { scale } = firstView(layout, place);
  return {
    width: Math.min(place.width, Math.max(SMALLEST.width, Math.ceil(layout.width * scale))),
    height: Math.max(SMALLEST.height, Math.min(place.height, Math.ceil(layout.height * scale))),
  };
}

/** Everything in view, however small. */
export function wholeView(layout: Extent, viewport: Viewport): MosaicView {
  const scale = Math.min(viewport.width / layout.width, viewport.height / layout.height, FIRST_SCALE);
  return clampView({ scale, x: 0, y: 0 }, layout, viewport);
}

/** `rows 0–22 of 40, columns 0–31 of 32 in view`; empty where all is in view. */
export function hiddenText(
  view: MosaicView,
  layout: Pick<MosaicLayout, 'width' | 'height' | 'pitchX' | 'pitchY' | 'rows' | 'columns'>,
  viewport: Viewport,
): string {
  const part = (word: string, from: number, shown: number, pitch: number, count: number) => {
    const first = Math.max(0, Math.floor((from + 0.5) / pitch));
    const last = Math.min(count, Math.ceil((from + shown - 1.5) / pitch)) - 1;
    return last - first + 1 < count
      ? `${word} ${formatCount(first)}–${formatCount(last)} of ${formatCount(count)}`
      : '';
  };
  const parts = [
    part('rows', view.y, viewport.height / view.scale, layout.pitchY, layout.rows),
    part('columns', view.x, viewport.width / view.scale, layout.pitchX, layout.columns),
  ].filter(Boolean);
  return parts.length > 0 ? `${parts.join(', ')} in view` : '';
}

/** Scale within limits; no empty border on a side while something is hidden on the other. */
export function clampView(view: MosaicView, layout: Extent, viewport: Viewport): MosaicView {
  const [smallest, largest] = scaleLimits(layout, viewport);
  const scale = Math.min(largest, Math.max(smallest, view.scale));
  const clamp = (at: number, length: number, shown: number) =>
    Math.min(Math.max(0, length - shown), Math.max(0, at));
  return {
    scale,
    x: clamp(view.x, layout.width, viewport.width / scale),
    y: clamp(view.y, layout.height, viewport.height / scale),
  };
}

/** Zooms by a factor; the unit under the pixel (px, py) stays there, as far as the borders allow. */
export function zoomAround(
  view: MosaicView,
  factor: number,
  px: number,
  py: number,
  layout: Extent,
  viewport: Viewport,
): MosaicView {
  const [smallest, largest] = scaleLimits(layout, viewport);
  const scale = Math.min(largest, Math.max(smallest, view.scale * factor));
  const x = view.x + px / view.scale - px / scale;
  const y = view.y + py / view.scale - py / scale;
  return clampView({ scale, x, y }, layout, viewport);
}

/** Moves the content by (dx, dy) pixels. */
export function panBy(
  view: MosaicView,
  dx: number,
  dy: number,
  layout: Extent,
  viewport: Viewport,
): MosaicView {
  return clampView({ ...view, x: view.x - dx / view.scale, y: view.y - dy / view.scale }, layout, viewport);
}

/** The least move that brings the kernel at (row, column) wholly into view. */
export function reveal(
  view: MosaicView,
  row: number,
  column: number,
  layout: MosaicLayout,
  viewport: Viewport,
): MosaicView {
  const into = (at: number, from: number, length: number, shown: number) =>
    from < at ? from : from + length > at + shown ? from + length - shown : at;
  const x = into(view.x, column * layout.pitchX, layout.pitchX + 1, viewport.width / view.scale);
  const y = into(view.y, row * layout.pitchY, layout.pitchY + 1, viewport.height / view.scale);
  return clampView({ ...view, x, y }, layout, viewport);
}

export function toUnits(view: MosaicView, px: number, py: number): [number, number] {
  return [view.x + px / view.scale, view.y + py / view.scale];
}

/** Mip level for a scale in device pixels a unit: each of its pixels averages 2^level x 2^level units. */
export function mipLevel(deviceScale: number): number {
  if (!(deviceScale > 0) || deviceScale >= 1) return 0;
  // An exact power of two must not fall to the finer level by rounding.
  return Math.floor(Math.log2(1 / deviceScale) + 1e-9);
}
