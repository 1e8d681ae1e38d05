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

type Extent = Pick<MosaicLayout, 'width' | 'height'>;

/** Pixels a unit (half a tap) at most, and at first where there are few kernels. */
const LARGEST_SCALE = 28;
const FIRST_SCALE = 7;

export function scaleLimits(layout: Extent, viewport: Viewport): [number, number] {
  const whole = Math.min(viewport.width / layout.width, viewport.height / layout.height);
  return [Math.min(whole, 1), Math.max(LARGEST_SCALE, whole)];
}

/** The whole width in view, from the top. */
export function fitWidth(layout: Extent, viewport: Viewport): MosaicView {
  const scale = Math.min(viewport.width / layout.width, FIRST_SCALE);
  return clampView({ scale, x: 0, y: 0 }, layout, viewport);
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
