import type { BinaryOperator, PlanStep, UnaryOperator, WeightPlan } from './plan';
import { valueCount } from './plan';
import { allocate } from './tensors/decode';
import type { Values } from './tensors/decode';
import type { Numeric } from './tensors/dtypes';
import { roundHalfToEven, roundToFloat16 } from './tensors/small-floats';

type Step<K extends PlanStep['step']> = Extract<WeightPlan, { step: K }>;

interface Shaped {
  values: Values;
  shape: readonly number[];
}

const BINARY: Record<BinaryOperator, (a: number, b: number) => number> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Div: (a, b) => a / b,
  Pow: (a, b) => a ** b,
};

const UNARY: Record<UnaryOperator, (a: number) => number> = {
  Sqrt: Math.sqrt,
  Neg: (a) => -a,
  Abs: Math.abs,
  Reciprocal: (a) => 1 / a,
};

/** float32 results round on being stored; float16 needs its own rounding. */
function rounding(numeric: Numeric): (value: number) => number {
  if (numeric === 'float16') return roundToFloat16;
  return numeric === 'float32' ? Math.fround : (value) => value;
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
function walk(strides: readonly number[], shape: readonly number[], start = 0): () => number {
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
function broadcastStrides(shape: readonly number[], target: readonly number[]): number[] {
  const strides = target.map(() => 0);
  let stride = 1;
  for (let i = shape.length - 1, j = target.length - 1; i >= 0; i--, j--) {
    strides[j] = shape[i] === 1 ? 0 : stride;
    stride *= shape[i];
  }
  return strides;
}

export function elementwise(left: Shaped, right: Shaped, plan: Step<'binary'>): Values {
  const out = allocate(valueCount(plan.shape), plan.fitsFloat32);
  const apply = BINARY[plan.operator];
  const round = rounding(plan.numeric);
  const a = walk(broadcastStrides(left.shape, plan.shape), plan.shape);
  const b = walk(broadcastStrides(right.shape, plan.shape), plan.shape);
  for (let i = 0; i < out.length; i++)
    out[i] = round(apply(round(left.values[a()]), round(right.values[b()])));
  return out;
}

export function unaryMap(input: Values, plan: Step<'unary'>): Values {
  const out = allocate(input.length, plan.fitsFloat32);
  const apply = UNARY[plan.operator];
  const round = rounding(plan.numeric);
  for (let i = 0; i < out.length; i++) out[i] = round(apply(input[i]));
  return out;
}

/** Sums in float64 and rounds once. */
export function reduceAxes(input: Values, plan: Step<'reduce'>): Values {
  const { operator, axes } = plan;
  const product = operator === 'ReduceProd';
  const sums = new Float64Array(valueCount(plan.shape)).fill(product ? 1 : 0);
  const kept = broadcastStrides(plan.shape, plan.input.shape);
  const at = walk(kept, plan.input.shape);
  const squared = operator === 'ReduceL2' || operator === 'ReduceSumSquare';
  for (let i = 0; i < input.length; i++) {
    const to = at();
    if (product) sums[to] *= input[i];
    else sums[to] += squared ? input[i] * input[i] : input[i];
  }
  const size = axes.reduce((product, axis) => product * plan.input.shape[axis], 1);
  const round = rounding(plan.numeric);
  const out = allocate(sums.length, plan.fitsFloat32);
  for (let i = 0; i < out.length; i++) {
    const sum = sums[i];
    out[i] = round(operator === 'ReduceL2' ? Math.sqrt(sum) : operator === 'ReduceMean' ? sum / size : sum);
  }
  return out;
}

export function gatherRows(input: Values, { input: { shape }, indices, axis }: Step<'gather'>): Values {
  const inner = valueCount(shape.slice(axis + 1));
  const outer = valueCount(shape.slice(0, axis));
  const out = allocate(outer * indices.length * inner, input instanceof Float32Array);
  let at = 0;
  for (let o = 0; o < outer; o++) {
    for (const index of indices) {
      const start = (o * shape[axis] + index) * inner;
      out.set(input.subarray(start, start + inner), at);
      at += inner;
    }
  }
  return out;
}

/** Matrix product with float64 sums, each rounded once; a vector counts as a row on the left, a column on the right. */
export function multiply(left: Values, right: Values, plan: Step<'matmul'>): Values {
  const inner = plan.right.shape[0];
  const columns = plan.right.shape[1] ?? 1;
  const rows = plan.left.shape.length === 2 ? plan.left.shape[0] : 1;
  const round = rounding(plan.numeric);
  const out = allocate(rows * columns, plan.fitsFloat32);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      let sum = 0;
      for (let k = 0; k < inner; k++) sum += left[i * inner + k] * right[k * columns + j];
      out[i * columns + j] = round(sum);
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

/** A dense tensor from values and their places: flat positions, or one coordinate an axis; null where one lies outside. */
export function scatter(values: Values, indices: Values, plan: Step<'sparse'>): Values | null {
  const { shape } = plan;
  const out = allocate(valueCount(shape), plan.fitsFloat32);
  const perValue = plan.indices.shape.length === 1 ? 1 : shape.length;
  for (let i = 0; i < values.length; i++) {
    let at = perValue === 1 ? indices[i] : 0;
    if (plan.indices.shape.length === 2) {
      at = 0;
      for (let axis = 0; axis < perValue; axis++) {
        const coordinate = indices[i * perValue + axis];
        if (!(coordinate >= 0 && coordinate < shape[axis])) return null;
        at = at * shape[axis] + coordinate;
      }
    }
    if (!(at >= 0 && at < out.length)) return null;
    out[at] = values[i];
  }
  return out;
}

/** Which scale belongs to value i of a quantised tensor. */
function scaleIndex(plan: Step<'dequantize'> | Step<'quantize'>): (i: number) => number {
  const { axis, blockSize } = plan;
  if (axis === null) return () => 0;
  const along = plan.shape[axis];
  const inner = valueCount(plan.shape.slice(axis + 1));
  if (plan.scale.shape.length === 1 && blockSize === 1) return (i) => Math.floor(i / inner) % along;
  const blocks = Math.ceil(along / blockSize);
  return (i) => {
    const row = Math.floor(i / inner);
    return (Math.floor(row / along) * blocks + Math.floor((row % along) / blockSize)) * inner + (i % inner);
  };
}

export function dequantise(
  input: Values,
  scale: Values,
  zero: Values | null,
  plan: Step<'dequantize'>,
): Values {
  const out = new Float64Array(input.length);
  const of = scaleIndex(plan);
  const oneZero = zero?.length === 1;
  for (let i = 0; i < out.length; i++) {
    const s = of(i);
    out[i] = (input[i] - (zero ? zero[oneZero ? 0 : s] : 0)) * scale[s];
  }
  return out;
}

/** Division in float32 as the operator is defined, ties to even, saturated. */
export function quantise(input: Values, scale: Values, zero: Values | null, plan: Step<'quantize'>): Values {
  const out = new Float64Array(input.length);
  const of = scaleIndex(plan);
  const oneZero = zero?.length === 1;
  const [low, high] = plan.range;
  for (let i = 0; i < out.length; i++) {
    const s = of(i);
    const shifted = roundHalfToEven(Math.fround(input[i] / scale[s])) + (zero ? zero[oneZero ? 0 : s] : 0);
    out[i] = Math.min(Math.max(shifted, low), high);
  }
  return out;
}
