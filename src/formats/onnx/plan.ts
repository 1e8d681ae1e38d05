import type { Segment } from './payload';
import { ELEMENT_TYPES, type ElementName, type ElementType, type Numeric } from '../elements/element-types';
import { DATA_TYPES } from './tensors/dtypes';

/** Where a tensor's values lie: in the model file, or in a file dropped along. */
export interface TensorLocation {
  name: string;
  /** Number of TensorProto.DataType, one of DATA_TYPES. */
  dataType: number;
  /** Base name of the companion file; null for the model file itself. */
  file: string | null;
  /** Field of TensorProto the segments belong to. */
  field: number;
  segments: Segment[];
}

export type BinaryOperator =
  | 'Add'
  | 'Sub'
  | 'Mul'
  | 'Div'
  | 'Pow'
  | 'Max'
  | 'Min'
  /** The sign of the result is that of the divisor; of `Remainder`, that of the dividend. */
  | 'Mod'
  | 'Remainder'
  | 'BitwiseAnd'
  | 'BitwiseOr'
  | 'BitwiseXor'
  /** Times and by a power of two, without a fraction. */
  | 'ShiftLeft'
  | 'ShiftRight'
  | ComparisonOperator;
/** Give 0 or 1. */
export type ComparisonOperator =
  'Equal' | 'Greater' | 'GreaterOrEqual' | 'Less' | 'LessOrEqual' | 'And' | 'Or';
export type UnaryOperator =
  | 'Sqrt'
  | 'Neg'
  | 'Abs'
  | 'Reciprocal'
  | 'Floor'
  | 'Ceil'
  /** To the nearest integer, ties to the even one. */
  | 'Round'
  /** Away from zero and towards it; ties alone in the `Half` forms. */
  | 'RoundUp'
  | 'RoundDown'
  | 'RoundHalfUp'
  | 'RoundHalfDown'
  | 'Sign'
  | 'Exp'
  | 'Log'
  | 'Sin'
  | 'Cos'
  | 'Tanh'
  | 'Sigmoid'
  | 'Relu'
  | 'Softplus'
  | 'Not';
export type ReduceOperator =
  'ReduceL1' | 'ReduceL2' | 'ReduceSum' | 'ReduceMean' | 'ReduceProd' | 'ReduceMax' | 'ReduceMin';

/** One step of the constant expression behind a weight. */
export type PlanStep =
  | { step: 'tensor'; tensor: TensorLocation }
  /** A number or list written in a Constant node itself. */
  | { step: 'literal'; name: string; values: number[] }
  /** One value everywhere (ConstantOfShape). */
  | { step: 'fill'; name: string; value: number }
  | { step: 'sparse'; values: WeightPlan; indices: WeightPlan }
  /** `to`: number of TensorProto.DataType. */
  | { step: 'cast'; input: WeightPlan; to: number; mode: CastMode }
  | { step: 'reshape'; input: WeightPlan }
  | { step: 'transpose'; input: WeightPlan; permutation: number[] }
  | { step: 'slice'; input: WeightPlan; starts: number[]; steps: number[] }
  /** Reads the input along `strides` (0 repeats) over `sizes`, whose product is the plan's: Expand, Tile. */
  | { step: 'repeat'; input: WeightPlan; strides: number[]; sizes: number[] }
  /** `begins` values are put before each axis, cut off where negative. */
  | { step: 'pad'; input: WeightPlan; begins: number[]; value: number; mode: PadMode }
  /** Indices as numbers, from 0 up and in range, or as a plan where they are many (a table of weights). */
  | { step: 'gather'; input: WeightPlan; indices: number[] | WeightPlan; axis: number }
  | { step: 'scatter'; input: WeightPlan; indices: WeightPlan; updates: WeightPlan; reduction: Reduction }
  /** Runs by their places along the axes after the first `batch`, which input and indices share. */
  | { step: 'gatherRuns'; input: WeightPlan; indices: WeightPlan; batch: number }
  /** Places count along `axis`; along the others they stand where the values do. */
  | { step: 'gatherElements'; input: WeightPlan; indices: WeightPlan; axis: number }
  | {
      step: 'scatterElements';
      input: WeightPlan;
      indices: WeightPlan;
      updates: WeightPlan;
      axis: number;
      reduction: Reduction;
    }
  /** The upper or lower triangle of matrices, its diagonal moved to the right by `offset`. */
  | { step: 'triangle'; input: WeightPlan; offset: number; upper: boolean }
  /** Matrices of `inner` columns and rows, in a stack of the shape `stack`. */
  | { step: 'matmul'; left: WeightPlan; right: WeightPlan; stack: number[]; inner: number }
  /** Correlation, `begins` zeros before each spatial axis; each value takes `inner` multiplications. */
  | {
      step: 'convolve';
      input: WeightPlan;
      kernel: WeightPlan;
      groups: number;
      strides: number[];
      dilations: number[];
      begins: number[];
      inner: number;
    }
  | { step: 'concat'; inputs: WeightPlan[]; axis: number }
  | { step: 'where'; condition: WeightPlan; left: WeightPlan; right: WeightPlan }
  | { step: 'binary'; operator: BinaryOperator; left: WeightPlan; right: WeightPlan }
  | { step: 'unary'; operator: UnaryOperator; input: WeightPlan }
  | { step: 'reduce'; operator: ReduceOperator; input: WeightPlan; axes: number[] }
  | Normalisation
  | ({ step: 'dequantize' } & Quantisation)
  /** Rounded to the values of an element type; beyond its greatest kept to that where `saturate`. */
  | ({ step: 'quantize'; to: ElementName; saturate: boolean } & Quantisation);

/**
 * How a running model casts: `keep` where the type holds every value as it is, `round` to a narrower float (`saturate`: to
 * its greatest number instead of infinity), `wrap` to the width of an integer type, `nonzero` to bool.
 */
export type CastMode = 'keep' | 'round' | 'saturate' | 'wrap' | 'nonzero';

export type PadMode = 'constant' | 'reflect' | 'edge' | 'wrap';
export type Reduction = 'none' | 'add' | 'mul' | 'max' | 'min';

/** (input - mean) / sqrt(variance + epsilon) * scale + bias. */
export interface Normalisation {
  step: 'normalize';
  input: WeightPlan;
  /** What mean and variance are taken over. */
  axes: number[];
  /** null: that of the input itself. */
  mean: WeightPlan | null;
  variance: WeightPlan | null;
  scale: WeightPlan | null;
  bias: WeightPlan | null;
  /** How scale and bias broadcast over the input. */
  parameterShape: number[];
  epsilon: number;
}

/** (input - zero) * scale and its inverse; scale and zero of one value, one an `axis` index, or one a block along it. */
export interface Quantisation {
  input: WeightPlan;
  scale: WeightPlan;
  zero: WeightPlan | null;
  /** null: one scale for the tensor. */
  axis: number | null;
  /** Values along `axis` that share a scale. */
  blockSize: number;
}

/** A constant as a tree of steps down to tensor locations: plain data, nothing read. Equal plans share their `id`. */
export type WeightPlan = PlanStep & {
  id: number;
  shape: number[];
  numeric: Numeric;
  /** Whether the exact values fit float32. */
  fitsFloat32: boolean;
  /** Whether any value comes from a tensor of the file, and not from shapes and numbers written in nodes alone. */
  learned: boolean;
  /** Steps on the longest way down to a tensor or number. */
  depth: number;
  /** Where its values come from in the end: the main operand all the way down. */
  origin: Origin;
  /** The type its values have at run time, by number of TensorProto.DataType or by name, as far as it is known. */
  runtime: number | ElementName | null;
  /** Whether integers were scaled on the way from the origin. */
  dequantised: boolean;
};

/** The step a plan's values begin at: a tensor, a list of numbers, one value. */
export interface Origin {
  kind: PlanStep['step'];
  /** Of the tensor, or of what a node makes. */
  name: string;
  /** Number of TensorProto.DataType. */
  dataType: number;
}

/** A plan that ends in the given step. */
export type Step<K extends PlanStep['step']> = Extract<WeightPlan, { step: K }>;

export function valueCount(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}

/** Of plans whose inputs were asked for before. */
const INPUTS = new WeakMap<PlanStep, readonly WeightPlan[]>();

/** Every plan that a plan's values are computed from. */
export function inputsOf(plan: PlanStep): readonly WeightPlan[] {
  if (plan.step === 'tensor' || plan.step === 'literal' || plan.step === 'fill') return [];
  const known = INPUTS.get(plan);
  if (known) return known;
  const inputs: WeightPlan[] = [];
  for (const value of Object.values(plan)) {
    if (isPlan(value)) inputs.push(value);
    else if (Array.isArray(value) && isPlan(value[0]))
      for (const input of value) inputs.push(input as WeightPlan);
  }
  INPUTS.set(plan, inputs);
  return inputs;
}

export function isPlan(value: unknown): value is WeightPlan {
  return typeof value === 'object' && value !== null && 'numeric' in value;
}

/** Whether a plan's values are those of its input, under another shape or type. */
export function isAlias(plan: WeightPlan): plan is Step<'reshape' | 'cast'> {
  return plan.step === 'reshape' || (plan.step === 'cast' && plan.mode === 'keep');
}

/** The type a plan's values have at run time, as far as it is known; null otherwise. */
export function runtimeType({ runtime }: WeightPlan): ElementType | null {
  if (runtime === null) return null;
  return (typeof runtime === 'number' ? DATA_TYPES[runtime] : ELEMENT_TYPES[runtime]) ?? null;
}

/** The tensor whose stored order and values are the plan's own, so that it can be read in parts; null where none is. */
export function plainTensor(plan: WeightPlan): TensorLocation | null {
  let at = plan;
  while (isAlias(at)) at = at.input;
  return at.step === 'tensor' ? at.tensor : null;
}

/** Whether a plan's values are integers, with no scale applied and no cast to floats. */
export function isRawInteger(plan: WeightPlan): boolean {
  return plan.numeric === 'integer';
}

/** The stored element type, and what was done to integers: `float16`, `int8 (dequantised)`, `int8 (cast)`. */
export function storedType(plan: WeightPlan): string {
  const type = DATA_TYPES[plan.origin.dataType];
  if (!type.integer) return type.name;
  return `${type.name} (${plan.dequantised ? 'dequantised' : 'cast'})`;
}
