import type { Weights } from '../domain/filters';
import { peakOfItem, type KernelScale } from './kernel-scale';
import type { MosaicLayout } from './mosaic-layout';
import type { MosaicView } from './mosaic-view';
import type { CanvasStyle } from './theme.svelte';

/** Pixels of a kernel's width and height from which its line can be read; below it is drawn in colours. */
const LEAST_EXTENT = 12;
export function linesVisible({ pitchX, pitchY }: MosaicLayout, { scale }: MosaicView): boolean {
  return Math.min(pitchX, pitchY) * scale >= LEAST_EXTENT;
}

export interface LinePoint {
  x: number;
  y: number;
  /** A line ends before it: at the first tap, and after one that is not finite. */
  starts: boolean;
}

/**
 * The weights of one kernel as a line in a box, 0 in the middle and ±peak at its edges, which it never leaves. Each tap has a
 * place of equal width; where a pixel holds several, its smallest and largest weight stand for them.
 */
export function linePoints(
  values: ArrayLike<number>,
  peak: number,
  box: { left: number; top: number; width: number; height: number },
): LinePoint[] {
  const { left, top, width, height } = box;
  const taps = values.length;
  const toY = (value: number) => {
    const share = peak > 0 ? Math.min(1, Math.max(-1, value / peak)) : 0;
    return top + (height / 2) * (1 - share);
  };
  const columns = Math.min(taps, Math.max(1, Math.floor(width)));
  const points: LinePoint[] = [];
  let starts = true;
  for (let column = 0; column < columns; column++) {
    const from = Math.floor((column * taps) / columns);
    const end = Math.floor(((column + 1) * taps) / columns);
    const x = left + ((column + 0.5) / columns) * width;
    const [low, high] = extremes(values, from, end);
    if (low > high) {
      starts = true;
      continue;
    }
    points.push({ x, y: toY(low), starts });
    if (high > low) points.push({ x, y: toY(high), starts: false });
    starts = false;
  }
  // A single point would not be seen.
  if (taps === 1 && points[0]) {
    const [{ y }] = points;
    return [
      { x: left, y, starts: true },
      { x: left + width, y, starts: false },
    ];
  }
  return points;
}

/** Smallest and largest finite value of a run; the smallest is larger where there is none. */
function extremes(values: ArrayLike<number>, from: number, end: number): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (let i = from; i < end; i++) {
    if (!Number.isFinite(values[i])) continue;
    low = Math.min(low, values[i]);
    high = Math.max(high, values[i]);
  }
  return [low, high];
}

export function linePath(points: readonly LinePoint[]): string {
  return points.map(({ x, y, starts }) => `${starts ? 'M' : 'L'}${x.toFixed(1)},${y.toFixed(1)}`).join('');
}

/** Draws the kernels in view as lines, in CSS pixels from the viewport's corner. */
export function drawLines(
  context: CanvasRenderingContext2D,
  places: Iterable<{ item: number; left: number; top: number }>,
  drawing: {
    layout: MosaicLayout;
    view: MosaicView;
    values: Weights;
    scale: KernelScale;
    style: CanvasStyle;
  },
): void {
  const { layout, view, values, scale, style } = drawing;
  const width = (layout.pitchX - 1) * view.scale;
  const height = (layout.pitchY - 1) * view.scale;
  const boxes = [...places];
  context.fillStyle = style.rule;
  for (const { left, top } of boxes) context.fillRect(left, top + height / 2 - 0.5, width, 1);
  context.beginPath();
  for (const { left, top } of boxes) context.rect(left, top, width, height);
  context.strokeStyle = style.rule;
  context.lineWidth = 1;
  context.stroke();
  context.beginPath();
  for (const { item, left, top } of boxes) {
    const weights = values.subarray(item * layout.taps, (item + 1) * layout.taps);
    for (const { x, y, starts } of linePoints(weights, peakOfItem(scale, item), {
      left,
      top,
      width,
      height,
    })) {
      if (starts) context.moveTo(x, y);
      else context.lineTo(x, y);
    }
  }
  context.strokeStyle = style.series;
  context.lineWidth = 1.25;
  context.lineJoin = 'round';
  context.stroke();
}
