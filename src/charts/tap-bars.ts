import { scaleLinear } from 'd3-scale';
import { horizontalTicks, textWidth, verticalTicks, type Tick } from './axis';

export interface TapBarsLayout {
  left: number;
  right: number;
  top: number;
  bottom: number;
  height: number;
  bars: { tap: number; x: number; y: number; width: number; height: number }[];
  xTicks: Tick[];
  yTicks: Tick[];
}

const HEIGHT = 170;

/** Whether the kernel extends along one axis only, whichever of its axes that is. */
export function isLine(kernel: readonly number[]): boolean {
  return kernel.filter((extent) => extent > 1).length <= 1;
}

/** One bar a tap from 0 up, however many there are; values that are not finite have none. */
export function layoutTapBars(width: number, values: ArrayLike<number>): TapBarsLayout {
  const count = values.length;
  const all = Array.from(values);
  const highest = Math.max(0, ...all.filter(Number.isFinite));
  const [top, bottom] = [8, HEIGHT - 36];
  const y = scaleLinear([0, highest > 0 ? highest * 1.05 : 1], [bottom, top]);
  const yTicks = verticalTicks(y, 24);
  const left = Math.ceil(Math.max(20, ...yTicks.map(({ label }) => textWidth(label)))) + 10;
  const right = Math.max(left + 20, width - 8);
  const pitch = (right - left) / Math.max(1, count);
  // Gaps between bars of a few pixels would be all there is to see.
  const gap = pitch >= 8 ? pitch * 0.15 : 0;
  // A tap's bar stands about its whole number.
  const x = scaleLinear([-0.5, count - 0.5], [left, right]);
  return {
    left,
    right,
    top,
    bottom,
    height: HEIGHT,
    bars: all.flatMap((value, tap) =>
      Number.isFinite(value) && value > 0
        ? [{ tap, x: x(tap - 0.5) + gap / 2, y: y(value), width: pitch - gap, height: bottom - y(value) }]
        : [],
    ),
    xTicks: horizontalTicks(x, 12).filter(
      ({ value }) => Number.isInteger(value) && value >= 0 && value < count,
    ),
    yTicks,
  };
}
