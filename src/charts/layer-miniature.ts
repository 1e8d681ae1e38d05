import type { Weights } from '../domain/filters';
import { divergingCss } from './colour';
import { layoutPlanes, type PlaneLayout } from './kernel-planes';

export interface MiniatureLayout {
  planes: PlaneLayout;
  /** Kernels drawn. */
  shown: number;
  /** CSS pixels a tap. */
  unit: number;
  /** CSS pixels from one kernel to the next. */
  pitch: number;
  width: number;
  height: number;
}

/** CSS pixels of a row in a table. */
const HEIGHT = 18;
const GAP = 2;

/** A row of kernels, no higher than `height` where their taps allow, as many as fit into `maxWidth`; one that does not fit is cut off. */
export function layoutMiniature(
  count: number,
  kernel: readonly number[],
  maxWidth: number,
  height = HEIGHT,
): MiniatureLayout {
  const planes = layoutPlanes(kernel);
  const unit = Math.max(1, Math.floor(height / Math.max(3, planes.height)));
  const pitch = planes.width * unit + GAP;
  const shown = Math.min(count, Math.max(1, Math.floor((maxWidth + GAP) / pitch)));
  return {
    planes,
    shown,
    unit,
    pitch,
    width: Math.min(maxWidth, Math.max(0, shown * pitch - GAP)),
    height: planes.height * unit,
  };
}

export function drawMiniature(
  canvas: HTMLCanvasElement,
  layout: MiniatureLayout,
  values: Weights,
  peak: number,
  dark: boolean,
  ratio: number,
): void {
  const { planes, shown, unit, pitch } = layout;
  canvas.width = Math.max(1, Math.round(layout.width * ratio));
  canvas.height = Math.max(1, Math.round(layout.height * ratio));
  const context = canvas.getContext('2d')!;
  const taps = planes.planes * planes.rows * planes.columns;
  const edge = (at: number) => Math.round(at * ratio);
  for (let i = 0; i < shown; i++) {
    planes.tapAt.forEach((tap, place) => {
      if (tap < 0) return;
      const x = i * pitch + (place % planes.width) * unit;
      if (x >= layout.width) return;
      const y = Math.floor(place / planes.width) * unit;
      context.fillStyle = divergingCss(dark, values[i * taps + tap], peak);
      context.fillRect(edge(x), edge(y), edge(x + unit) - edge(x), edge(y + unit) - edge(y));
    });
  }
}
