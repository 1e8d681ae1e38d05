import { cumsum } from 'd3-array';
import { scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import { labelStep, textWidth } from './axis';

export interface VarianceLayout {
  left: number;
  right: number;
  top: number;
  bottom: number;
  height: number;
  bars: {
    component: number;
    x: number;
    width: number;
    y: number;
    height: number;
    share: number;
    sum: number;
  }[];
  /** Cumulative curve through the bars' centres. */
  curve: string;
  dots: { x: number; y: number }[];
  ticks: { label: string; position: number }[];
  components: { label: string; position: number }[];
}

const HEIGHT = 170;

/** EVR bars and their running sum on one axis from 0 to 1. */
export function layoutVariance(width: number, shares: Float64Array): VarianceLayout {
  const [left, right, top, bottom] = [46, Math.max(60, width - 8), 8, HEIGHT - 36];
  const y = scaleLinear([0, 1], [bottom, top]);
  const pitch = (right - left) / Math.max(1, shares.length);
  const sums = cumsum(shares);
  const bars = Array.from(shares, (share, component) => ({
    component,
    x: left + component * pitch + pitch * 0.12,
    width: pitch * 0.76,
    y: y(share),
    height: bottom - y(share),
    share,
    sum: sums[component],
  }));
  const dots = bars.map((bar) => ({ x: bar.x + bar.width / 2, y: y(Math.min(1, bar.sum)) }));
  const step = labelStep(shares.length, pitch, textWidth(`v${shares.length - 1}`) + 8);
  return {
    left,
    right,
    top,
    bottom,
    height: HEIGHT,
    bars,
    curve: line<{ x: number; y: number }>(
      (dot) => dot.x,
      (dot) => dot.y,
    )(dots)!,
    dots,
    ticks: [0, 0.25, 0.5, 0.75, 1].map((value) => ({ label: `${value * 100} %`, position: y(value) })),
    components: bars
      .filter((bar) => bar.component % step === 0)
      .map((bar) => ({ label: `v${bar.component}`, position: bar.x + bar.width / 2 }))
      .filter(({ label, position }) => position + textWidth(label) / 2 <= width),
  };
}
