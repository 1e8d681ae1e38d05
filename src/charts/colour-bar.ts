import { textWidth } from './axis';
import { palette, tableCss, TABLE_SIZE } from './colour';
import { formatValue } from './format-number';

export type ColourScaleName = 'diverging' | 'sequential' | 'fire';

export interface ColourBarLayout {
  low: string;
  high: string;
  /** Left edge of the bar, after the low end's name. */
  left: number;
  right: number;
  width: number;
  height: number;
  /** Colours from left to right, at shares of the bar's width. */
  stops: { at: number; colour: string }[];
}

const BAR_WIDTH = 128;
/** Between stops this close the scales are straight to within what can be seen. */
const STOPS = 17;
const GAP = 6;

/** A bar of the scale's colours between the names of its ends, which are ±peak, or 0 and peak, unless told; `from` is the table's entry at the low end. */
export function layoutColourBar(
  scale: ColourScaleName,
  peak: number,
  dark: boolean,
  ends: { low?: string; high?: string; from?: number } = {},
): ColourBarLayout {
  const low = ends.low ?? (scale === 'diverging' ? formatValue(-peak) : '0');
  const high = ends.high ?? formatValue(peak);
  const table = palette(dark)[scale];
  const from = ends.from ?? 0;
  const left = Math.ceil(textWidth(low)) + GAP;
  const right = left + BAR_WIDTH;
  return {
    low,
    high,
    left,
    right,
    width: right + GAP + Math.ceil(textWidth(high)) + 2,
    height: 16,
    stops: Array.from({ length: STOPS }, (_, i) => ({
      at: i / (STOPS - 1),
      colour: tableCss(table, Math.round(from + (i / (STOPS - 1)) * (TABLE_SIZE - 1 - from))),
    })),
  };
}
