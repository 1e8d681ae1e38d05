import { type Step, valueCount } from '../plan';
import { allocate, type Values } from '../../elements/decode';

export interface Shaped {
  values: Values;
  shape: readonly number[];
}

/** Copies `shape` values from `start` along the given strides (0 repeats, negative runs back) into row-major order. */
export function stridedCopy(
  input: Values,
  start: number,
  strides: readonly number[],
  shape: readonly number[],
): Values {
  const out = allocate(valueCount(shape), input instanceof Float32Array);
  const at = walk(strides, shape, start);
  for (let i = 0; i < out.length; i++) out[i] = input[at()];
  return out;
}

/** Steps through offsets in row-major order of `shape`. */
export function walk(strides: readonly number[], shape: readonly number[], start = 0): () => number {
  const index = shape.map(() => 0);
  const last = shape.length - 1;
  let offset = start;
  return () => {
    const here = offset;
    for (let axis = last; axis >= 0; axis--) {
      offset += strides[axis];
      if (++index[axis] < shape[axis]) break;
      offset -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
    return here;
  };
}

/** Strides that read `shape` as if it had the shape of `target` (NumPy's broadcasting). */
export function broadcastStrides(shape: readonly number[], target: readonly number[]): number[] {
  const strides = target.map(() => 0);
  let stride = 1;
  for (let i = shape.length - 1, j = target.length - 1; i >= 0; i--, j--) {
    strides[j] = shape[i] === 1 ? 0 : stride;
    stride *= shape[i];
  }
  return strides;
}

export function rowMajorStrides(shape: readonly number[]): number[] {
  const strides = shape.map(() => 1);
  for (let i = shape.length - 2; i >= 0; i--) strides[i] = strides[i + 1] * shape[i + 1];
  return strides;
}

/** Runs of a tensor by their place along an axis; null where a place lies outside. */
export function gatherRows(
  input: Values,
  indices: ArrayLike<number>,
  { input: { shape }, axis }: Step<'gather'>,
): Values | null {
  const inner = valueCount(shape.slice(axis + 1));
  const outer = valueCount(shape.slice(0, axis));
  const size = shape[axis];
  const out = allocate(outer * indices.length * inner, input instanceof Float32Array);
  let at = 0;
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < indices.length; i++) {
      const place = indices[i] < 0 ? indices[i] + size : indices[i];
      if (!(place >= 0 && place < size && Number.isInteger(place))) return null;
      const start = (o * size + place) * inner;
      if (inner === 1) out[at] = input[start];
      else out.set(input.subarray(start, start + inner), at);
      at += inner;
    }
  }
  return out;
}

export function concatenate(parts: readonly Shaped[], plan: Step<'concat'>): Values {
  const out = allocate(valueCount(plan.shape), plan.fitsFloat32);
  const outer = valueCount(plan.shape.slice(0, plan.axis));
  let at = 0;
  for (let o = 0; o < outer; o++) {
    for (const { values } of parts) {
      const run = values.length / outer;
      out.set(values.subarray(o * run, (o + 1) * run), at);
      at += run;
    }
  }
  return out;
}

/** Where `place` of a padded axis of `size` values comes from; -1 for the padding of the constant mode. */
function padSource(place: number, size: number, mode: Step<'pad'>['mode']): number {
  if (place >= 0 && place < size) return place;
  if (mode === 'constant' || size === 0) return -1;
  if (mode === 'edge') return place < 0 ? 0 : size - 1;
  const period = mode === 'wrap' ? size : Math.max(1, 2 * (size - 1));
  const folded = ((place % period) + period) % period;
  return folded < size ? folded : period - folded;
}

export function pad(input: Values, value: number, plan: Step<'pad'>): Values {
  const { shape, begins, mode } = plan;
  const inner = plan.input.shape;
  const strides = rowMajorStrides(inner);
  const sources = shape.map((size, axis) =>
    Float64Array.from({ length: size }, (_, i) => padSource(i - begins[axis], inner[axis], mode)),
  );
  const out = allocate(valueCount(shape), plan.fitsFloat32).fill(value);
  const index = shape.map(() => 0);
  for (let i = 0; i < out.length; i++) {
    let at = 0;
    for (let axis = 0; axis < shape.length && at >= 0; axis++) {
      const source = sources[axis][index[axis]];
      at = source < 0 ? -1 : at + source * strides[axis];
    }
    if (at >= 0) out[i] = input[at];
    for (let axis = shape.length - 1; axis >= 0 && ++index[axis] === shape[axis]; axis--) index[axis] = 0;
  }
  return out;
}

/** The upper or lower triangle of the matrices in the last two axes, the rest zero. */
export function triangle(input: Values, { shape, offset, upper }: Step<'triangle'>): Values {
  const [rows, columns] = shape.slice(-2);
  const out = input.slice();
  for (let i = 0; i < out.length; i++) {
    const right = (i % columns) - (Math.floor(i / columns) % rows) - offset;
    if (upper ? right < 0 : right > 0) out[i] = 0;
  }
  return out;
}
