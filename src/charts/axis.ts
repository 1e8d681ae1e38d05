import type { ScaleLinear } from 'd3-scale';
import { cutMiddle, pieces, shown } from '../domain/text';
import { formatValue, tickFormatter } from './format-number';

export interface Tick {
  value: number;
  /** Pixels along the axis. */
  position: number;
  label: string;
}

/** Pixels of the charts' type, as in chart.css. */
export const TEXT_SIZE = 11.5;

/** Width of a label in the charts' type: an estimate good to a few pixels, without touching the page. */
export function textWidth(text: string, fontSize = TEXT_SIZE): number {
  let ems = 0;
  for (const character of text) ems += characterWidth(character);
  return ems * fontSize;
}

function characterWidth(character: string): number {
  if (/[.,:;'|il\s]/.test(character)) return 0.3;
  return /[mwMW@—×\u2212→←]/.test(character)
    ? 0.9
    : /[\u1100-\u11FF\u2E80-\uD7FF\uF900-\uFAFF\uFF00-\uFF60\u{10000}-\u{10FFFF}]/u.test(character)
      ? 1
      : 0.62;
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

/** `text` as it can be shown, cut to `width` pixels with an ellipsis in the middle: both ends of a name tell it apart. */
export function shorten(text: string, width: number, fontSize = TEXT_SIZE): string {
  return cutMiddle(pieces(shown(text)), width, (piece) => textWidth(piece, fontSize));
}

/** `text` in lines of at most `width` pixels, broken between words; a longer word is cut through. */
export function wrapText(text: string, width: number, fontSize = TEXT_SIZE): string[] {
  const lines: string[] = [];
  let line = '';
  const fits = (candidate: string) => textWidth(candidate, fontSize) <= width;
  for (const word of text.split(' ')) {
    if (line && fits(`${line} ${word}`)) {
      line += ` ${word}`;
      continue;
    }
    if (line) lines.push(line);
    line = '';
    for (const piece of fits(word) ? [word] : word) {
      if (line && !fits(line + piece)) {
        lines.push(line);
        line = '';
      }
      line += piece;
    }
  }
  return line ? [...lines, line] : lines;
}

/** [low, high] as a usable domain: widened where it has no extent, [0, 1] where it is not finite. */
export function usableDomain(low: number, high: number): [number, number] {
  if (!Number.isFinite(low) || !Number.isFinite(high)) return [0, 1];
  if (low < high) return [low, high];
  const margin = Math.abs(low) * 0.1 || 1;
  return [low - margin, low + margin];
}
