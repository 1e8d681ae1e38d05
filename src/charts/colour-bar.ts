import { textWidth } from './axis';
import { palette, tableCss, TABLE_SIZE } from './colour';
import { formatValue } from './format-number';
import type { CanvasStyle } from './theme.svelte';

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

/** Draws the bar at (x, y) CSS pixels of a canvas scaled by `ratio`. */
function drawColourBar(
  context: CanvasRenderingContext2D,
  bar: ColourBarLayout,
  x: number,
  y: number,
  note: string,
  style: CanvasStyle,
  ratio: number,
): void {
  context.save();
  context.setTransform(ratio, 0, 0, ratio, x * ratio, y * ratio);
  const gradient = context.createLinearGradient(bar.left, 0, bar.right, 0);
  for (const { at, colour } of bar.stops) gradient.addColorStop(at, colour);
  context.fillStyle = gradient;
  context.fillRect(bar.left, 3, bar.right - bar.left, 10);
  context.fillStyle = style.text;
  context.font = style.font;
  context.textAlign = 'right';
  context.fillText(bar.low, bar.left - GAP, 12);
  context.textAlign = 'left';
  context.fillText(`${bar.high}  ${note}`.trimEnd(), bar.right + GAP, 12);
  context.restore();
}

/** A picture for export with its colour bar below. */
export function withColourBar(
  picture: HTMLCanvasElement,
  bar: ColourBarLayout,
  note: string,
  style: CanvasStyle,
  ratio: number,
): HTMLCanvasElement {
  const whole = document.createElement('canvas');
  const width = bar.width + textWidth(`  ${note}`) + 12;
  whole.width = Math.max(picture.width, Math.ceil(width * ratio));
  whole.height = picture.height + Math.ceil((bar.height + 8) * ratio);
  const context = whole.getContext('2d')!;
  context.drawImage(picture, 0, 0);
  drawColourBar(context, bar, 4, picture.height / ratio + 4, note, style, ratio);
  return whole;
}
