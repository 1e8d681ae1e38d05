import { VERDICTS, VERDICT_WORDS } from '../analysis/verdict-names';
import type { LayerKind } from '../domain/model';
import { textWidth, wrapText } from './axis';
import type { DepthPoint } from './depth-profile';
import type { Tone } from './types';
import { toneOf, TONES } from './verdict-tone';

/** One way a mark can look, and what it says; `y` is the baseline of the first line. */
export interface LegendItem {
  kind: LayerKind;
  /** Null for what tells a shape alone. */
  tone: Tone | null;
  lines: string[];
  x: number;
  y: number;
}

export interface Legend {
  items: LegendItem[];
  height: number;
}

/** From an item's left, where its mark is, to its text. */
export const LEGEND_MARK = 14;
const GAP = 16;
export const LEGEND_LINE = 15;
const KINDS: LayerKind[] = ['full', 'grouped', 'depthwise', 'transposed'];

/** The shapes and the fills that are there, in rows from `top` down. */
export function layoutLegend(points: readonly DepthPoint[], top: number, width: number): Legend {
  const kinds = new Set(points.map(({ kind }) => kind));
  const verdicts = new Set(points.map(({ verdict }) => verdict));
  const texts = [
    ...KINDS.filter((kind) => kinds.has(kind)).map((kind) => ({ kind, tone: null, text: kind })),
    ...TONES.flatMap((tone) => {
      const names = VERDICTS.filter((name) => verdicts.has(name) && toneOf(name) === tone);
      const text = names.map((name) => VERDICT_WORDS[name]).join(' / ');
      return names.length === 0 ? [] : [{ kind: 'full' as LayerKind, tone, text }];
    }),
  ];
  let x = 0;
  let y = top + LEGEND_LINE;
  let deepest = y;
  const items = texts.map(({ kind, tone, text }) => {
    const lines = wrapText(text, Math.max(60, width - LEGEND_MARK));
    const extent = LEGEND_MARK + Math.max(...lines.map((line) => textWidth(line)));
    if (x > 0 && x + extent > width) {
      x = 0;
      y = deepest + LEGEND_LINE;
    }
    const item = { kind, tone, lines, x, y };
    x += extent + GAP;
    deepest = Math.max(deepest, y + (lines.length - 1) * LEGEND_LINE);
    return item;
  });
  return { items, height: items.length === 0 ? 0 : deepest - top + 6 };
}
