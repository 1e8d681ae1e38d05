import { tapCount } from '../domain/model';

/** Rows of the tallest line, and places of a kernel drawn as one at most. */
const TALLEST_LINE = 64;
const MOST_PLACES = 2 ** 20;

/**
 * How one kernel lies on paper: 1-D as a strip, 2-D as itself, 3-D as its planes side by side with a gap between. Long strips
 * are drawn several taps high (each tap a bar): a line one tap high could not be seen.
 */
export interface PlaneLayout {
  planes: number;
  rows: number;
  columns: number;
  /** Extent in taps, gaps between planes included. */
  width: number;
  height: number;
  /** Rows that show the same taps: more than 1 for long strips alone. */
  repeated: number;
  /** height x width: the tap at each place, -1 in gaps. */
  tapAt: Int32Array;
}

/** `asLine`: 1-D kernels get the height of a small line chart. */
export function layoutPlanes(kernel: readonly number[], asLine = false): PlaneLayout {
  const columns = kernel.at(-1) ?? 1;
  const rows = kernel.at(-2) ?? 1;
  const planes = tapCount(kernel.slice(0, -2));
  const width = planes * columns + (planes - 1);
  const repeated = planes * rows === 1 ? repeatedRows(columns, asLine) : 1;
  const height = rows * repeated;
  const tapAt = new Int32Array(width * height).fill(-1);
  for (let plane = 0; plane < planes; plane++) {
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < columns; column++) {
        tapAt[row * width + plane * (columns + 1) + column] =
          (plane * rows + Math.floor(row / repeated)) * columns + column;
      }
    }
  }
  return { planes, rows, columns, width, height, repeated, tapAt };
}

function repeatedRows(columns: number, asLine: boolean): number {
  const strip = Math.min(8, Math.ceil(columns / 8));
  if (!asLine) return strip;
  const line = Math.min(TALLEST_LINE, Math.ceil(columns / 2), Math.floor(MOST_PLACES / columns));
  return Math.max(2, strip, line);
}
