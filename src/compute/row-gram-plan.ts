import type { FilterBank } from '../domain/filters';
import type { Floats } from './job';
import type { KernelLimits } from './driver-options';
import { exponentTowardsOne, timesPowerOfTwo } from './rescale';

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
  const { maxElements, maxProducts, float64 } = limits;
  const safe = float64 ? FLOAT64_NORMS : FLOAT32_NORMS;
  const squares = rowSquares(values.subarray(0, rows * width), rows);
  const finite: Row[] = [];
  for (let row = 0; row < rows; row++) {
    const start = row * width;
    const measured = measureRow(values.subarray(start, start + width), squares[row], safe);
    if (measured) finite.push({ row, ...measured });
  }
  const rowCount = finite.length;
  const zeroRows = finite.filter(({ norm }) => norm === 0).length;

  const whole = rowCount * width <= maxElements && (rowCount * rowCount * width) / 2 <= maxProducts;
  const most = whole
    ? rowCount
    : Math.max(1, Math.floor(Math.min(maxElements / 2 / width, Math.sqrt(maxProducts / width))));
  const height = Math.ceil(rowCount / Math.ceil(rowCount / most)) || 1;

  const fits = float64 || values instanceof Float32Array;

  let room: Floats = new Float32Array(0);
  const gather = (indices: number[], split: number): RowGramPanel => {
    const scales = new (float64 ? Float64Array : Float32Array)(indices.length);
    indices.forEach((i, k) => (scales[k] = finite[i].norm === 0 ? 0 : 1 / finite[i].norm));
    const first = finite[indices[0]].row;
    const inPlace = fits && indices.every((i, k) => finite[i].row === first + k && finite[i].exponent === 0);
    if (inPlace)
      return { values: values.subarray(first * width, (first + indices.length) * width), scales, split };
    const length = indices.length * width;
    if (room.length < length)
      room = new (fits && values instanceof Float64Array ? Float64Array : Float32Array)(length);
    const rowsOut = room.subarray(0, length);
    indices.forEach((i, k) => {
      const { row, exponent } = finite[i];
      const own = values.subarray(row * width, (row + 1) * width);
      if (exponent === 0) rowsOut.set(own, k * width);
      else own.forEach((value, j) => (rowsOut[k * width + j] = timesPowerOfTwo(value, exponent)));
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

/** A row of finite weights, which is handed over times a power of two. */
interface Row {
  row: number;
  /** Of that power; 0 where the row's own squares and products stay in range. */
  exponent: number;
  /** L2 norm of the row times that power. */
  norm: number;
}

/** Between which norms a row is handed over as it is. */
const FLOAT64_NORMS = [1e-140, 1e140] as const;
const FLOAT32_NORMS = [1e-15, 1e15] as const;

/** Of a row whose squares sum to `squares`; null where an element is not finite. */
function measureRow(
  values: Floats,
  squares: number,
  [low, high]: readonly [number, number],
): Omit<Row, 'row'> | null {
  const norm = Math.sqrt(squares);
  if (norm > low && norm < high) return { exponent: 0, norm };
  let peak = 0;
  for (let i = 0; i < values.length; i++) {
    const magnitude = Math.abs(values[i]);
    if (!(magnitude < Infinity)) return null;
    if (magnitude > peak) peak = magnitude;
  }
  if (peak === 0) return { exponent: 0, norm: 0 };
  const exponent = exponentTowardsOne(peak);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += timesPowerOfTwo(values[i], exponent) ** 2;
  return { exponent, norm: Math.sqrt(sum) };
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}
