import type { ScaleLinear } from 'd3-scale';
import { formatValue, tickFormatter } from './format-number';

export interface Tick {
  value: number;
  /** Pixels along the axis. */
  position: number;
  label: string;
}

/** Width of a label in the chart's 11.5 px type: an estimate good to a few pixels, without touching the page. */
export function textWidth(text: string, fontSize = 11.5): number {
  let ems = 0;
  for (const character of text)
    ems += /[.,:;'|il\s]/.test(character) ? 0.3 : /[mwMW@—×\u2212→←]/.test(character) ? 0.9 : 0.62;
  return ems * fontSize;
}

/** Round ticks whose labels keep at least `gap` pixels apart along a horizontal axis. */
export function horizontalTicks(scale: ScaleLinear<number, number>, gap = 10): Tick[] {
  return fittingTicks(scale, (label) => textWidth(label) + gap);
}

/** Round ticks at least `lineHeight` pixels apart along a vertical axis. */
export function verticalTicks(scale: ScaleLinear<number, number>, lineHeight = 18): Tick[] {
  return fittingTicks(scale, () => lineHeight);
}

function fittingTicks(scale: ScaleLinear<number, number>, extent: (label: string) => number): Tick[] {
  const [start, end] = scale.range() as [number, number];
  const length = Math.abs(end - start);
  for (let wanted = Math.min(10, Math.ceil(length / 20)); wanted >= 1; wanted--) {
    const values = scale.ticks(wanted);
    const print = tickFormatter(values);
    const ticks = values.map((value) => ({ value, position: scale(value), label: print(value) }));
    if (!overlap(ticks, extent)) return ticks;
  }
  const [low, high] = scale.domain() as [number, number];
  const ends = [low, high].map((value) => ({ value, position: scale(value), label: formatValue(value) }));
  return overlap(ends, extent) ? ends.slice(0, 1) : ends;
}

function overlap(ticks: readonly Tick[], extent: (label: string) => number): boolean {
  return ticks.some((tick, i) => {
    const previous = ticks[i - 1];
    if (!previous) return false;
    const needed = (extent(tick.label) + extent(previous.label)) / 2;
    return Math.abs(tick.position - previous.position) < needed;
  });
}

/** Every k-th of `count` equally spaced labels, so that labels `extent` pixels long do not touch. */
export function labelStep(count: number, spacing: number, extent: number): number {
  if (count <= 1 || spacing <= 0) return 1;
  const least = Math.ceil(extent / spacing);
  for (const step of [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000]) {
    if (step >= least) return step;
  }
  return least;
}

/** `text` cut to `width` pixels with an ellipsis in the middle: both ends of a layer's name tell it apart. */
export function shorten(text: string, width: number, fontSize = 11.5): string {
  if (textWidth(text, fontSize) <= width) return text;
  const characters = [...text];
  for (let kept = characters.length - 1; kept > 1; kept--) {
    const head = Math.floor(kept / 2);
    const short = `${characters.slice(0, head).join('')}…${characters.slice(characters.length - (kept - head)).join('')}`;
    if (textWidth(short, fontSize) <= width) return short;
  }
  return '…';
}

/** [low, high] as a usable domain: widened where it has no extent, [0, 1] where it is not finite. */
export function usableDomain(low: number, high: number): [number, number] {
  if (!Number.isFinite(low) || !Number.isFinite(high)) return [0, 1];
  if (low < high) return [low, high];
  const margin = Math.abs(low) * 0.1 || 1;
  return [low - margin, low + margin];
}
