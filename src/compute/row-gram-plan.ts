import type { FilterBank } from '../domain/filters';
import type { Floats } from './job';
import type { KernelLimits } from './driver-options';

/** One RowGram call: rows to hand over, their scales, and the split. */
export interface RowGramPanel {
  values: Floats;
  scales: Floats;
  split: number;
}

export interface RowGramPlan {
  /** Finite rows, zero rows among them. */
  rowCount: number;
  zeroRows: number;
  /** Elements of a row. */
  width: number;
  /** Calls that together cover each pair of rows once; made when asked for, in the memory of the one before. */
  panels: (() => RowGramPanel)[];
}

/** Sums of squares of `rows` rows in float64, on their way to the norms. */
export type RowSquares = (values: Floats, rows: number) => Float64Array;

/** Cuts the Gram matrix of `rows` rows into calls under the limits. */
export function planRowGram(
  { values, count, taps }: FilterBank,
  rows: number,
  limits: KernelLimits,
  rowSquares: RowSquares = plainRowSquares,
): RowGramPlan {
  const width = rows > 0 ? (count * taps) / rows : 0;
  if (!Number.isInteger(width))
    throw new Error(`${count * taps} weights cannot be laid out as ${rows} rows.`);
  const finite: number[] = [];
  const norms: number[] = [];
  const squares = rowSquares(values.subarray(0, rows * width), rows);
  for (let row = 0; row < rows; row++) {
    const norm = rowNorm(values, row * width, width, squares[row]);
    if (Number.isNaN(norm)) continue;
    finite.push(row);
    norms.push(norm);
  }
  const rowCount = finite.length;
  const zeroRows = norms.filter((norm) => norm === 0).length;

  const { maxElements, maxProducts, float64 } = limits;
  const whole = rowCount * width <= maxElements && (rowCount * rowCount * width) / 2 <= maxProducts;
  const most = whole
    ? rowCount
    : Math.max(1, Math.floor(Math.min(maxElements / 2 / width, Math.sqrt(maxProducts / width))));
  const height = Math.ceil(rowCount / Math.ceil(rowCount / most)) || 1;

  const [low, high] = float64 ? [1e-140, 1e140] : [1e-15, 1e15];
  const isSafe = (norm: number) => norm === 0 || (norm > low && norm < high);
  const fits = float64 || values instanceof Float32Array;

  let room: Floats = new Float32Array(0);
  const gather = (indices: number[], split: number): RowGramPanel => {
    const scales = new (float64 ? Float64Array : Float32Array)(indices.length);
    indices.forEach((i, k) => (scales[k] = norms[i] === 0 ? 0 : isSafe(norms[i]) ? 1 / norms[i] : 1));
    const first = finite[indices[0]];
    const inPlace = fits && indices.every((i, k) => finite[i] === first + k && isSafe(norms[i]));
    if (inPlace)
      return { values: values.subarray(first * width, (first + indices.length) * width), scales, split };
    const length = indices.length * width;
    if (room.length < length)
      room = new (fits && values instanceof Float64Array ? Float64Array : Float32Array)(length);
    const rowsOut = room.subarray(0, length);
    indices.forEach((i, k) => {
      const row = values.subarray(finite[i] * width, (finite[i] + 1) * width);
      const divisor = isSafe(norms[i]) ? 1 : norms[i];
      if (divisor === 1) rowsOut.set(row, k * width);
      else row.forEach((value, j) => (rowsOut[k * width + j] = value / divisor));
    });
    return { values: rowsOut, scales, split };
  };

  const panels: (() => RowGramPanel)[] = [];
  for (let top = 0; top < rowCount; top += height) {
    const a = range(top, Math.min(top + height, rowCount));
    if (a.length > 1) panels.push(() => gather(a, 0));
    for (let left = top + height; left < rowCount; left += height) {
      panels.push(() => gather([...a, ...range(left, Math.min(left + height, rowCount))], a.length));
    }
  }
  return { rowCount, zeroRows, width, panels };
}

/** Row by row, in four sums, since each addition waits for the one before. */
export const plainRowSquares: RowSquares = (values, rows) => {
  const width = values.length / rows;
  return Float64Array.from({ length: rows }, (_, row) => {
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    let i = row * width;
    const end = i + width;
    for (; i < end - 3; i += 4) {
      a += values[i] * values[i];
      b += values[i + 1] * values[i + 1];
      c += values[i + 2] * values[i + 2];
      d += values[i + 3] * values[i + 3];
    }
    for (; i < end; i++) a += values[i] * values[i];
    return a + b + (c + d);
  });
};

/** L2 norm of a row whose squares sum to `squares`, safe from overflow and underflow; NaN where an element is not finite. */
function rowNorm(values: Floats, start: number, width: number, squares: number): number {
  if (squares > 1e-280 && squares < Infinity) return Math.sqrt(squares);
  let peak = 0;
  for (let i = start; i < start + width; i++) {
    const magnitude = Math.abs(values[i]);
    if (!(magnitude < Infinity)) return NaN;
    if (magnitude > peak) peak = magnitude;
  }
  if (peak === 0) return 0;
  let sum = 0;
  for (let i = start; i < start + width; i++) sum += (values[i] / peak) ** 2;
  return peak * Math.sqrt(sum);
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}
