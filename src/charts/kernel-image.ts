import { divergingCss } from './colour';
import { layoutPlanes } from './kernel-planes';

/** One tap as a square of the picture (a bar in a long strip), in taps. */
export interface TapSquare {
  tap: number;
  x: number;
  y: number;
  height: number;
  fill: string;
}

export interface KernelPicture {
  width: number;
  height: number;
  squares: TapSquare[];
}

/** max |value| over finite entries; 0 where there is none. */
export function peakOf(values: ArrayLike<number>): number {
  let peak = 0;
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(values[i]);
    if (size > peak && Number.isFinite(size)) peak = size;
  }
  return peak;
}

/** A kernel as coloured squares on the scale symmetric about 0 with ends at ±peak. */
export function drawKernel(
  values: ArrayLike<number>,
  kernel: readonly number[],
  peak: number,
  dark: boolean,
): KernelPicture {
  const { width, height, repeated, tapAt } = layoutPlanes(kernel);
  const squares: TapSquare[] = [];
  tapAt.forEach((tap, i) => {
    const y = Math.floor(i / width);
    if (tap < 0 || y % repeated > 0) return;
    squares.push({ tap, x: i % width, y, height: repeated, fill: divergingCss(dark, values[tap], peak) });
  });
  return { width, height, squares };
}

/** Pixels a tap, a whole number, so that a picture is about `size` pixels wide; at least 2. */
export function tapSize(kernel: readonly number[], size: number): number {
  const { width, height } = layoutPlanes(kernel);
  return Math.max(2, Math.floor(size / Math.max(width, height, 3)));
}
