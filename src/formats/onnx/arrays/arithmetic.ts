import { type BinaryOperator, type Step, type UnaryOperator, valueCount } from '../plan';
import { allocate, type Values } from '../../elements/decode';
import type { Numeric } from '../../elements/element-types';
import { roundHalfToEven, roundToFloat16 } from '../../elements/small-floats';
import { broadcastStrides, walk, type Shaped } from './layout';

const BINARY: Record<BinaryOperator, (a: number, b: number) => number> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Div: (a, b) => a / b,
  Pow: (a, b) => a ** b,
  Mod: (a, b) => a - Math.floor(a / b) * b,
  Remainder: (a, b) => a % b,
  Max: (a, b) => Math.max(a, b),
  Min: (a, b) => Math.min(a, b),
  Equal: (a, b) => Number(a === b),
  Greater: (a, b) => Number(a > b),
  GreaterOrEqual: (a, b) => Number(a >= b),
  Less: (a, b) => Number(a < b),
  LessOrEqual: (a, b) => Number(a <= b),
  And: (a, b) => Number(a !== 0 && b !== 0),
  Or: (a, b) => Number(a !== 0 || b !== 0),
  BitwiseAnd: bits(
    (a, b) => a & b,
    (a, b) => a & b,
  ),
  BitwiseOr: bits(
    (a, b) => a | b,
    (a, b) => a | b,
  ),
  BitwiseXor: bits(
    (a, b) => a ^ b,
    (a, b) => a ^ b,
  ),
  ShiftLeft: (a, b) => a * 2 ** b,
  ShiftRight: (a, b) => Math.floor(a / 2 ** b),
};

/** The engine's operators on bits end at 32. */
function bits(short: (a: number, b: number) => number, long: (a: bigint, b: bigint) => bigint) {
  return (a: number, b: number) => {
    if ((a | 0) === a && (b | 0) === b) return short(a, b);
    return Number.isInteger(a) && Number.isInteger(b) ? Number(long(BigInt(a), BigInt(b))) : NaN;
  };
}

const UNARY: Record<UnaryOperator, (a: number) => number> = {
  Sqrt: Math.sqrt,
  Neg: (a) => -a,
  Abs: Math.abs,
  Reciprocal: (a) => 1 / a,
  Floor: Math.floor,
  Ceil: Math.ceil,
  Round: roundHalfToEven,
  RoundUp: (a) => Math.sign(a) * Math.ceil(Math.abs(a)),
  RoundDown: Math.trunc,
  RoundHalfUp: (a) => Math.sign(a) * Math.floor(Math.abs(a) + 0.5),
  RoundHalfDown: (a) => Math.sign(a) * Math.ceil(Math.abs(a) - 0.5),
  Sign: Math.sign,
  Exp: Math.exp,
  Log: Math.log,
  Sin: Math.sin,
  Cos: Math.cos,
  Tanh: Math.tanh,
  Sigmoid: (a) => 1 / (1 + Math.exp(-a)),
  Relu: (a) => (a < 0 ? 0 : a),
  Softplus: (a) => (a > 0 ? a + Math.log1p(Math.exp(-a)) : Math.log1p(Math.exp(a))),
  Not: (a) => Number(a === 0),
};

/** float32 results round on being stored; float16 needs its own rounding, quotients of integers lose their fraction. */
function rounding(numeric: Numeric): (value: number) => number {
  if (numeric === 'float16') return roundToFloat16;
  if (numeric === 'integer') return Math.trunc;
  return numeric === 'float32' ? Math.fround : (value) => value;
}

export function elementwise(left: Shaped, right: Shaped, plan: Step<'binary'>): Values {
  const out = allocate(valueCount(plan.shape), plan.fitsFloat32);
  const apply = BINARY[plan.operator];
  const round = rounding(plan.numeric);
  // Comparisons give integers, but of operands as they are.
  const take = plan.numeric === 'integer' ? (value: number) => value : round;
  const a = walk(broadcastStrides(left.shape, plan.shape), plan.shape);
  const b = walk(broadcastStrides(right.shape, plan.shape), plan.shape);
  for (let i = 0; i < out.length; i++) out[i] = round(apply(take(left.values[a()]), take(right.values[b()])));
  return out;
}

export function select(condition: Shaped, left: Shaped, right: Shaped, plan: Step<'where'>): Values {
  const out = allocate(valueCount(plan.shape), plan.fitsFloat32);
  const [c, a, b] = [condition, left, right].map(({ shape }) =>
    walk(broadcastStrides(shape, plan.shape), plan.shape),
  );
  for (let i = 0; i < out.length; i++) {
    const [x, y] = [left.values[a()], right.values[b()]];
    out[i] = condition.values[c()] === 0 ? y : x;
  }
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
  const { start, join, finish } = REDUCTIONS[plan.operator];
  const totals = new Float64Array(valueCount(plan.shape)).fill(start);
  const at = walk(broadcastStrides(plan.shape, plan.input.shape), plan.input.shape);
  for (let i = 0; i < input.length; i++) {
    const to = at();
    totals[to] = join(totals[to], input[i]);
  }
  const size = plan.axes.reduce((product, axis) => product * plan.input.shape[axis], 1);
  const round = rounding(plan.numeric);
  const out = allocate(totals.length, plan.fitsFloat32);
  for (let i = 0; i < out.length; i++) out[i] = round(finish ? finish(totals[i], size) : totals[i]);
  return out;
}

interface Reduction {
  start: number;
  join: (total: number, value: number) => number;
  finish?: (total: number, size: number) => number;
}

function sum(total: number, value: number) {
  return total + value;
}

function squares(total: number, value: number) {
  return total + value * value;
}

const REDUCTIONS: Record<Step<'reduce'>['operator'], Reduction> = {
  ReduceSum: { start: 0, join: sum },
  ReduceMean: { start: 0, join: sum, finish: (total, size) => total / size },
  ReduceL1: { start: 0, join: (total, value) => total + Math.abs(value) },
  ReduceL2: { start: 0, join: squares, finish: Math.sqrt },
  ReduceProd: { start: 1, join: (total, value) => total * value },
  ReduceMax: { start: -Infinity, join: (total, value) => Math.max(total, value) },
  ReduceMin: { start: Infinity, join: (total, value) => Math.min(total, value) },
};

/**
 * (x - mean) / sqrt(variance + epsilon) * scale + bias in float64, each rounded once. Mean and variance (n in the
 * denominator) are those over `axes`, unless given.
 */
export function normalise(
  input: Values,
  statistics: { mean: Values; variance: Values } | null,
  scale: Values | null,
  bias: Values | null,
  plan: Step<'normalize'>,
): Values {
  const { shape, axes, epsilon } = plan;
  const kept = shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  const at = () => walk(broadcastStrides(kept, shape), shape);
  const { mean, variance } = statistics ?? measure(input, valueCount(kept), at);
  const parameter = () => walk(broadcastStrides(plan.parameterShape, shape), shape);
  const [group, channel] = [at(), parameter()];
  const round = rounding(plan.numeric);
  const out = allocate(input.length, plan.fitsFloat32);
  for (let i = 0; i < out.length; i++) {
    const [g, p] = [group(), channel()];
    const unit = (input[i] - mean[g]) / Math.sqrt(variance[g] + epsilon);
    out[i] = round(unit * (scale?.[p] ?? 1) + (bias?.[p] ?? 0));
  }
  return out;
}

function measure(input: Values, groups: number, at: () => () => number) {
  const mean = new Float64Array(groups);
  const variance = new Float64Array(groups);
  const size = input.length / Math.max(1, groups);
  const first = at();
  for (let i = 0; i < input.length; i++) mean[first()] += input[i] / size;
  const second = at();
  for (let i = 0; i < input.length; i++) {
    const group = second();
    variance[group] += (input[i] - mean[group]) ** 2 / size;
  }
  return { mean, variance };
}

/** Matrix products with float64 sums, each rounded once; a vector counts as a row on the left, a column on the right. */
export function multiply(left: Values, right: Values, plan: Step<'matmul'>): Values {
  const { stack, inner } = plan;
  const rows = plan.left.shape.at(-2) ?? 1;
  const columns = plan.right.shape.length > 1 ? plan.right.shape[plan.right.shape.length - 1] : 1;
  const round = rounding(plan.numeric);
  const out = allocate(valueCount(plan.shape), plan.fitsFloat32);
  const a = walk(broadcastStrides(plan.left.shape.slice(0, -2), stack), stack);
  const b = walk(broadcastStrides(plan.right.shape.slice(0, -2), stack), stack);
  for (let to = 0; to < out.length;) {
    const atLeft = a() * rows * inner;
    const atRight = b() * inner * columns;
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        let total = 0;
        for (let k = 0; k < inner; k++)
          total += left[atLeft + i * inner + k] * right[atRight + k * columns + j];
        out[to++] = round(total);
      }
    }
  }
  return out;
}

/** Correlation of images with kernels (both with channels before the spatial axes), float64 sums each rounded once. */
export function convolve(input: Values, kernel: Values, plan: Step<'convolve'>): Values {
  const { groups, inner } = plan;
  const [images, channels, ...sizes] = plan.input.shape;
  const [maps, perGroup, ...extents] = plan.kernel.shape;
  const outer = plan.shape.slice(2);
  const [area, taps, places] = [sizes, extents, outer].map(valueCount);
  const mapsPerGroup = maps / groups;
  const round = rounding(plan.numeric);
  const out = allocate(valueCount(plan.shape), plan.fitsFloat32);
  const sources = new Float64Array(taps);
  const patch = new Float64Array(inner);
  for (let place = 0; place < places; place++) {
    locateTaps(sources, place, plan, sizes, extents, outer);
    for (let of = 0; of < images * groups; of++) {
      const [image, group] = [Math.floor(of / groups), of % groups];
      for (let i = 0; i < inner; i++) {
        const channel = image * channels + group * perGroup + Math.floor(i / taps);
        const source = sources[i % taps];
        patch[i] = source < 0 ? 0 : input[channel * area + source];
      }
      for (let map = group * mapsPerGroup; map < (group + 1) * mapsPerGroup; map++)
        out[(image * maps + map) * places + place] = round(dot(patch, kernel, map * inner));
    }
  }
  return out;
}

function dot(patch: Float64Array, kernel: Values, start: number): number {
  let total = 0;
  for (let i = 0; i < patch.length; i++) total += patch[i] * kernel[start + i];
  return total;
}

/** Which value of an image each tap meets at a place of the result; -1 for the padding. */
function locateTaps(
  sources: Float64Array,
  place: number,
  { strides, dilations, begins }: Step<'convolve'>,
  sizes: readonly number[],
  extents: readonly number[],
  outer: readonly number[],
): void {
  for (let tap = 0; tap < sources.length; tap++) {
    let [source, stride, restOfPlace, restOfTap] = [0, 1, place, tap];
    for (let axis = sizes.length - 1; axis >= 0 && source >= 0; axis--) {
      const start = (restOfPlace % outer[axis]) * strides[axis] - begins[axis];
      const at = start + (restOfTap % extents[axis]) * dilations[axis];
      source = at >= 0 && at < sizes[axis] ? source + at * stride : -1;
      stride *= sizes[axis];
      restOfPlace = Math.floor(restOfPlace / outer[axis]);
      restOfTap = Math.floor(restOfTap / extents[axis]);
    }
    sources[tap] = source;
  }
}
