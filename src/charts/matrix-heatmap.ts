import { labelStep, shorten, textWidth } from './axis';
import {
  divergingCss,
  divergingIndex,
  palette,
  sequentialCss,
  sequentialIndex,
  type ColourTable,
} from './colour';
import { peakOf } from './kernel-image';

export interface HeatmapInput {
  /** rows x columns, row-major. */
  values: Float64Array;
  rowLabels: readonly string[];
  columnLabels: readonly string[];
  /** What chance alone reaches, a cell; null where nothing is compared with chance. */
  nullLevel: Float64Array | null;
  /** Only the cells on and below the diagonal: the others repeat them. */
  triangle: boolean;
  hasTitles: boolean;
}

export interface AxisText {
  at: number;
  text: string;
  position: number;
}

export interface HeatmapLayout {
  left: number;
  top: number;
  /** CSS pixels a cell. */
  cellWidth: number;
  cellHeight: number;
  width: number;
  /** With the names of the columns below. */
  height: number;
  /** End of the cells, from where the names of the columns hang. */
  bottom: number;
  rows: AxisText[];
  columns: AxisText[];
  /** Column names stand upright where they would touch. */
  upright: boolean;
  /** Lines of text that fit into a cell: 0, 1 (value) or 2 (value and null). */
  lines: 0 | 1 | 2;
  /** Decimals of the printed values, and the power of ten that they are printed in. */
  decimals: number;
  exponent: number;
  scale: HeatmapScale;
  /** End of the colour scale. */
  peak: number;
  /** Whether any cell is. */
  drawn: boolean;
  /** Too many cells for marks: drawn as one picture. */
  asPicture: boolean;
}

/** From 0 (`sequential`), or symmetric about 0 (`diverging`). */
export type HeatmapScale = 'diverging' | 'sequential';

const MOST_MARKS = 1600;
const LARGEST_CELL = 60;
/** Half of the last column's name may reach beyond its cell. */
const RIGHT = 10;

/** Two-sided only where a drawn value is below 0: one-sided data would waste half of the scale and seem to have a sign. */
export function heatmapScale(drawn: readonly number[]): HeatmapScale {
  return drawn.some((value) => value < 0) ? 'diverging' : 'sequential';
}

/** Whether a cell is drawn: finite, and no repetition of another. */
export function isShown(
  input: Pick<HeatmapInput, 'values' | 'columnLabels' | 'triangle'>,
  cell: number,
): boolean {
  const columns = input.columnLabels.length;
  if (input.triangle && cell % columns > Math.floor(cell / columns)) return false;
  return Number.isFinite(input.values[cell]);
}

/** A drift not above what chance alone reaches at these group sizes. */
export function isWithinChance(value: number, level: number | undefined): boolean {
  return level !== undefined && Number.isFinite(level) && value <= level;
}

/** Colour of a drawn cell; what chance may have made has none. */
export function cellColour(
  { scale, peak }: Pick<HeatmapLayout, 'scale' | 'peak'>,
  value: number,
  muted: boolean,
  dark: boolean,
): string {
  if (muted) return palette(dark).muted;
  return (scale === 'diverging' ? divergingCss : sequentialCss)(dark, value, peak);
}

export function layoutHeatmap(width: number, input: HeatmapInput): HeatmapLayout {
  const rows = input.rowLabels.length;
  const columns = input.columnLabels.length;
  const title = input.hasTitles ? 18 : 0;
  const rowNames = input.rowLabels.map((label) => shorten(label, 120));
  const left = Math.ceil(Math.max(10, ...rowNames.map((name) => textWidth(name)))) + 10 + title;
  // Large ones shrink to fit like any picture.
  const smallest = rows * columns > MOST_MARKS ? 40 / columns : 2;
  const cellWidth = Math.max(smallest, Math.min(LARGEST_CELL, (width - left - RIGHT) / Math.max(1, columns)));
  const widest = Math.max(0, ...input.columnLabels.map((label) => textWidth(label)));
  const upright = columns <= 40 && widest + 6 > cellWidth && widest > 24;
  const columnNames = input.columnLabels.map((label) => shorten(label, upright ? 90 : 200));
  const nameHeight = upright ? Math.max(0, ...columnNames.map((name) => textWidth(name))) : 12;
  const top = 4;
  const square = Math.max(smallest, Math.min(cellWidth, rows === columns ? cellWidth : 36));
  const bottom = top + square * rows;
  const shown = Array.from(input.values).filter((_, cell) => isShown(input, cell));
  const { values, nullLevel } = input;
  // What chance may have made has no colour, so it takes no part of the scale either, but where there is nothing else.
  const telling = Array.from(values).filter(
    (value, cell) => isShown(input, cell) && !isWithinChance(value, nullLevel?.[cell]),
  );
  const peak = peakOf(telling.length > 0 ? telling : shown);
  const exponent = cellExponent(peak);
  const wanted = exponent === 0 ? cellDecimals(peak) : 2 - Math.floor(Math.log10(peak / 10 ** exponent));
  // Most matrices have cells too small for any number; the largest have too many to look at each.
  const printable = square >= 16 && rows * columns <= MOST_MARKS;
  // One decimal less before giving up on numbers.
  const decimals = printable
    ? [wanted, Math.max(0, wanted - 1)].find((digits) =>
        [...shown, ...(input.nullLevel ?? [])].every(
          (value) => textWidth(cellText(value, digits, exponent)) + 4 <= cellWidth,
        ),
      )
    : undefined;
  const fits = decimals !== undefined;
  const lines = !fits ? 0 : input.nullLevel && square >= 34 ? 2 : 1;
  return {
    left,
    top,
    cellWidth,
    cellHeight: square,
    width: left + cellWidth * columns + RIGHT,
    height: bottom + Math.ceil(nameHeight) + 10 + title,
    bottom,
    rows: thin(rowNames, square, 14),
    columns: thin(columnNames, cellWidth, upright ? 14 : widest + 6),
    upright,
    lines,
    decimals: decimals ?? wanted,
    exponent,
    scale: heatmapScale(shown),
    peak,
    drawn: shown.length > 0,
    asPicture: rows * columns > MOST_MARKS,
  };
}

function thin(names: readonly string[], spacing: number, extent: number): AxisText[] {
  const step = labelStep(names.length, spacing, extent);
  return names
    .map((text, at) => ({ at, text, position: (at + 0.5) * spacing }))
    .filter(({ at }) => at % step === 0);
}

/** Power of ten that values of a matrix with this peak are printed in: small ones are mostly leading zeros otherwise. */
export function cellExponent(peak: number): number {
  return peak > 0 && peak < 0.1 ? 3 * Math.floor(Math.log10(peak) / 3) : 0;
}

/** Decimals for a matrix with this peak: two, more where all values are below 1, none from 1,000. */
export function cellDecimals(peak: number): number {
  if (!(peak > 0) || peak >= 1000) return 0;
  return Math.min(20, 2 - Math.min(0, Math.floor(Math.log10(peak))));
}

/**
 * A value as printed in its cell, in units of 10^exponent: the same decimals in all cells of a matrix, so that numbers compare
 * by eye; the readout and the table hold more digits.
 */
export function cellText(value: number, decimals: number, exponent = 0): string {
  if (!Number.isFinite(value)) return '—';
  const text = Math.abs(value / 10 ** exponent).toFixed(decimals);
  return value < 0 && Number(text) !== 0 ? `\u2212${text}` : text;
}

export interface CellPlace {
  row: number;
  column: number;
}

/** The cell under a point of the picture, or null. */
export function hitHeatmap(
  layout: HeatmapLayout,
  rows: number,
  columns: number,
  triangle: boolean,
  x: number,
  y: number,
): CellPlace | null {
  const column = Math.floor((x - layout.left) / layout.cellWidth);
  const row = Math.floor((y - layout.top) / layout.cellHeight);
  const inside = row >= 0 && column >= 0 && row < rows && column < columns;
  return inside && !(triangle && column > row) ? { row, column } : null;
}

/** The next cell by (down, across); where there is none, the same. Without a cell to begin with, the first. */
export function stepCell(
  from: CellPlace | null,
  [down, across]: readonly [number, number],
  rows: number,
  columns: number,
  triangle: boolean,
): CellPlace {
  if (!from) return { row: 0, column: 0 };
  const row = Math.min(rows - 1, Math.max(0, from.row + down));
  const column = Math.min(columns - 1, Math.max(0, from.column + across));
  return triangle && column > row ? from : { row, column };
}

/** All cells as one image, each `side` pixels square, as a data address; whole pixels keep the cells crisp. */
export function heatmapPicture(
  input: HeatmapInput,
  { scale, peak }: Pick<HeatmapLayout, 'scale' | 'peak'>,
  dark: boolean,
): string {
  const rows = input.rowLabels.length;
  const columns = input.columnLabels.length;
  const side = Math.max(1, Math.floor(900 / Math.max(rows, columns)));
  const canvas = document.createElement('canvas');
  canvas.width = columns * side;
  canvas.height = rows * side;
  const context = canvas.getContext('2d')!;
  const table: ColourTable = palette(dark)[scale];
  for (let cell = 0; cell < rows * columns; cell++) {
    if (!isShown(input, cell)) continue;
    const value = input.values[cell];
    const entry = 3 * (scale === 'diverging' ? divergingIndex(value, peak) : sequentialIndex(value, peak));
    context.fillStyle = `rgb(${table[entry]}, ${table[entry + 1]}, ${table[entry + 2]})`;
    context.fillRect((cell % columns) * side, Math.floor(cell / columns) * side, side, side);
  }
  return canvas.toDataURL('image/png');
}
