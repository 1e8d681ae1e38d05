import { cumsum } from 'd3-array';
import { scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import { countOf, formatCount } from '../domain/format';
import { labelStep, textWidth } from './axis';
import { formatLimit } from './format-number';

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
  /** Height of the first told share. */
  told: number;
  ticks: { label: string; position: number }[];
  components: { label: string; position: number }[];
}

const HEIGHT = 170;
/** Shares of the variance whose number of components is told; the first is drawn. */
export const TOLD_SHARES = [0.9, 0.95, 0.99] as const;
/** What is drawn, for the small print. */
export const VARIANCE_MARKS = `bars: share of each component; line: cumulative; dashes: ${formatLimit(TOLD_SHARES[0])}`;
/** A sum of shares that ends just below 1 by rounding reaches 1. */
const ROUNDING = 1e-9;

/** How many of the first components hold at least `share` of the variance; null where all together do not. */
export function componentsFor(shares: ArrayLike<number>, share: number): number | null {
  let sum = 0;
  for (let i = 0; i < shares.length; i++) {
    sum += shares[i];
    if (sum >= share - ROUNDING) return i + 1;
  }
  return null;
}

/** `3 components for 90 % of the variance, 5 for 95 %, 7 for 99 %`; that there is none where no direction varies. */
export function componentsNeeded(shares: ArrayLike<number>): string {
  const told = TOLD_SHARES.map((share) => ({ share, count: componentsFor(shares, share) }));
  if (told.some(({ count }) => count === null)) return 'no variance to explain';
  return told
    .map(({ share, count }, i) =>
      i === 0
        ? `${countOf(count!, 'component')} for ${formatLimit(share)} of the variance`
        : `${formatCount(count!)} for ${formatLimit(share)}`,
    )
    .join(', ');
}

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
    told: y(TOLD_SHARES[0]),
    ticks: [0, 0.25, 0.5, 0.75, 1].map((value) => ({ label: `${value * 100} %`, position: y(value) })),
    components: bars
      .filter((bar) => bar.component % step === 0)
      .map((bar) => ({ label: `v${bar.component}`, position: bar.x + bar.width / 2 }))
      .filter(({ label, position }) => position + textWidth(label) / 2 <= width),
  };
}
