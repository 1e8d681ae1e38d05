import type { Weights } from '../domain/filters';
import { tapCount } from '../domain/model';
import { pinLetter } from './pin-letter';
import { layoutPlanes, type PlaneLayout } from './kernel-planes';

/** How kernels are laid out: output by input channels, or one after the other. */
export type MosaicMode = 'matrix' | 'sequence';

/** The kernel under the pointer or the cursor. */
export interface MosaicHit {
  /** Filter index (in `rgb`, the output channel). */
  filter: number;
  /** Position on the mosaic. */
  row: number;
  column: number;
  /** The kernel's weights, row-major: `taps` values, in `rgb` three times as many. */
  values: Weights;
  /** Tap under the pointer, null between taps or by keyboard. */
  tap: number | null;
}

export interface MosaicInput {
  count: number;
  kernel: readonly number[];
  mode: MosaicMode;
  /** Filters a row of the matrix. */
  inputs: number;
  rgb: boolean;
  /** 1-D kernels as lines, so high that they can be read. */
  lines?: boolean;
  order: Uint32Array | null;
  /** Width over height of the place to fill, for `sequence`. */
  aspect: number;
  /** Pixels to fill, where lines are to keep their size. */
  width?: number;
}

/** Units a tap is wide: a gap of one unit between kernels is then half a tap. */
export const TAP_UNITS = 2;

/** Pixels of the shorter side of a kernel drawn as a line, at first. */
const FIRST_LINE = 26;

/** Lengths in units: a tap is TAP_UNITS wide; kernels keep one unit between them and around. */
export interface MosaicLayout {
  mode: MosaicMode;
  /** Things drawn: filters, or colour kernels in `rgb`. */
  items: number;
  rows: number;
  columns: number;
  planes: PlaneLayout;
  taps: number;
  /** 1, or 3 in `rgb`. */
  channels: number;
  pitchX: number;
  pitchY: number;
  width: number;
  height: number;
  /** Pixels a unit at first, at least; 0 where the place decides alone. */
  leastScale: number;
  /** Item of each position (sequence) or row (matrix); null: in order. */
  order: Uint32Array | null;
}

export function layoutMosaic(input: MosaicInput): MosaicLayout {
  const planes = layoutPlanes(input.kernel, input.lines);
  const taps = tapCount(input.kernel);
  const channels = input.rgb ? 3 : 1;
  const items = Math.floor(input.count / channels);
  const pitchX = planes.width * TAP_UNITS + 1;
  const pitchY = planes.height * TAP_UNITS + 1;
  const leastScale = input.lines ? FIRST_LINE / Math.min(pitchX, pitchY) : 0;
  const mode: MosaicMode = input.rgb ? 'sequence' : input.mode;
  const columns =
    mode === 'matrix'
      ? Math.max(1, Math.min(input.inputs, items))
      : Math.min(
          Math.max(1, Math.floor((input.width ?? Infinity) / (pitchX * leastScale))),
          sequenceColumns(items, pitchX, pitchY, input.aspect, input.rgb ? 1 : input.inputs),
        );
  const rows = Math.ceil(items / columns);
  return {
    mode,
    items,
    rows,
    columns,
    planes,
    taps,
    channels,
    pitchX,
    pitchY,
    width: columns * pitchX + 1,
    height: rows * pitchY + 1,
    leastScale,
    order: usableOrder(input.order, mode === 'matrix' ? rows : items),
  };
}

/** Columns that make the whole about as wide as the place it fills; whole channels a row where several fit. */
function sequenceColumns(
  items: number,
  pitchX: number,
  pitchY: number,
  aspect: number,
  inputs: number,
): number {
  if (items <= 1) return 1;
  const columns = Math.round(Math.sqrt((items * pitchY * Math.max(0.1, aspect)) / pitchX));
  const whole = columns >= 2 * inputs ? Math.round(columns / inputs) * inputs : columns;
  return Math.min(items, Math.max(1, whole));
}

/** An order for another number of things (a layer just changed) is no order. */
function usableOrder(order: Uint32Array | null, length: number): Uint32Array | null {
  return order && order.length === length ? order : null;
}

/** The item drawn at (row, column), or null on an empty place. */
export function itemAt(layout: MosaicLayout, row: number, column: number): number | null {
  if (row < 0 || column < 0 || row >= layout.rows || column >= layout.columns) return null;
  if (layout.mode === 'matrix') {
    const item = (layout.order ? layout.order[row] : row) * layout.columns + column;
    return item < layout.items ? item : null;
  }
  const slot = row * layout.columns + column;
  if (slot >= layout.items) return null;
  return layout.order ? layout.order[slot] : slot;
}

/** Where an item is drawn; null for one outside. */
export function positionOf(layout: MosaicLayout, item: number): { row: number; column: number } | null {
  if (!Number.isInteger(item) || item < 0 || item >= layout.items) return null;
  const { order, columns } = layout;
  if (layout.mode === 'matrix') {
    const stored = Math.floor(item / columns);
    const row = order ? order.indexOf(stored) : stored;
    return row < 0 ? null : { row, column: item % columns };
  }
  const slot = order ? order.indexOf(item) : item;
  return slot < 0 ? null : { row: Math.floor(slot / columns), column: slot % columns };
}

/** Where pinned items are drawn, each with what it goes by. */
export function placePins(
  layout: MosaicLayout,
  items: readonly number[],
  letters: readonly string[] | undefined,
): { row: number; column: number; letter: string }[] {
  return items.flatMap((item, i) => {
    const place = positionOf(layout, item);
    return place ? [{ ...place, letter: letters?.[i] ?? pinLetter(i) }] : [];
  });
}

/** The item at a point in units, with its tap (null on the gap around it); null outside. */
export function hitMosaic(
  layout: MosaicLayout,
  x: number,
  y: number,
): { item: number; row: number; column: number; tap: number | null } | null {
  const column = Math.floor((x - 0.5) / layout.pitchX);
  const row = Math.floor((y - 0.5) / layout.pitchY);
  const item = itemAt(layout, row, column);
  if (item === null) return null;
  const left = Math.floor((x - 1 - column * layout.pitchX) / TAP_UNITS);
  const top = Math.floor((y - 1 - row * layout.pitchY) / TAP_UNITS);
  const { width, height, tapAt } = layout.planes;
  const inside = left >= 0 && top >= 0 && left < width && top < height;
  const tap = inside ? tapAt[top * width + left] : -1;
  return { item, row, column, tap: tap < 0 ? null : tap };
}

/** The items whose kernels touch the rectangle in units, with their rows and columns. */
export function* itemsWithin(
  layout: MosaicLayout,
  x: number,
  y: number,
  width: number,
  height: number,
): Generator<{ item: number; row: number; column: number }> {
  const firstColumn = Math.max(0, Math.floor(x / layout.pitchX));
  const lastColumn = Math.min(layout.columns - 1, Math.floor((x + width) / layout.pitchX));
  const lastRow = Math.min(layout.rows - 1, Math.floor((y + height) / layout.pitchY));
  for (let row = Math.max(0, Math.floor(y / layout.pitchY)); row <= lastRow; row++) {
    for (let column = firstColumn; column <= lastColumn; column++) {
      const item = itemAt(layout, row, column);
      if (item !== null) yield { item, row, column };
    }
  }
}

/** Where a key moves the cursor: one kernel, ten rows by Page, the row's ends by Home and End. Null for other keys. */
export function walk(
  layout: MosaicLayout,
  key: string,
  row: number,
  column: number,
): { row: number; column: number } | null {
  const moves: Record<string, [number, number]> = {
    ArrowLeft: [0, -1],
    ArrowRight: [0, 1],
    ArrowUp: [-1, 0],
    ArrowDown: [1, 0],
    Home: [0, -column],
    End: [0, layout.columns],
    PageUp: [-10, 0],
    PageDown: [10, 0],
  };
  const move = moves[key];
  if (!move || layout.items === 0) return null;
  const toRow = Math.min(layout.rows - 1, Math.max(0, row + move[0]));
  const lastColumn = Math.min(layout.columns, layout.items - toRow * layout.columns) - 1;
  return { row: toRow, column: Math.min(lastColumn, Math.max(0, column + move[1])) };
}

/** The weights of one item: channels x taps. */
export function itemValues(layout: MosaicLayout, values: Weights, item: number): Weights {
  const length = layout.channels * layout.taps;
  return values.subarray(item * length, (item + 1) * length);
}

/** Where a tap lies in its kernel, as an index: `4`, `1, 2`, `0, 1, 2`. */
export function tapName(kernel: readonly number[], tap: number): string {
  const indices: number[] = [];
  let rest = tap;
  for (const extent of [...kernel].reverse()) {
    indices.unshift(rest % extent);
    rest = Math.floor(rest / extent);
  }
  return indices.join(', ');
}

/** How many taps one pixel averages at a mip level, gaps not counted; below 1 a tap is larger than a pixel. */
export function tapsPerPixel(layout: MosaicLayout, level: number): number {
  const across = 2 ** level / TAP_UNITS;
  return across * Math.max(1, across / layout.planes.repeated);
}
