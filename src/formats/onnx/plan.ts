import type { Segment } from './payload';
import { DATA_TYPES } from './tensors/dtypes';
import type { Numeric } from './tensors/dtypes';

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

export type BinaryOperator = 'Add' | 'Sub' | 'Mul' | 'Div' | 'Pow';
export type UnaryOperator = 'Sqrt' | 'Neg' | 'Abs' | 'Reciprocal';
export type ReduceOperator = 'ReduceL2' | 'ReduceSum' | 'ReduceMean' | 'ReduceSumSquare' | 'ReduceProd';

/** One step of the constant expression behind a weight. */
export type PlanStep =
  | { step: 'tensor'; tensor: TensorLocation }
  /** A number or list written in a Constant node itself. */
  | { step: 'literal'; name: string; values: number[]; integer: boolean }
  | { step: 'sparse'; values: WeightPlan; indices: WeightPlan }
  /** Values pass unrounded, as float64; `truncate` for integer targets, `nonzero` for bool. */
  | { step: 'cast'; input: WeightPlan; mode: 'keep' | 'truncate' | 'nonzero' }
  | { step: 'reshape'; input: WeightPlan }
  | { step: 'transpose'; input: WeightPlan; permutation: number[] }
  | { step: 'slice'; input: WeightPlan; starts: number[]; steps: number[] }
  | { step: 'gather'; input: WeightPlan; indices: number[]; axis: number }
  | { step: 'matmul'; left: WeightPlan; right: WeightPlan }
  | { step: 'concat'; inputs: WeightPlan[]; axis: number }
  | { step: 'binary'; operator: BinaryOperator; left: WeightPlan; right: WeightPlan }
  | { step: 'unary'; operator: UnaryOperator; input: WeightPlan }
  | { step: 'reduce'; operator: ReduceOperator; input: WeightPlan; axes: number[] }
  | ({ step: 'dequantize' } & Quantisation)
  | ({ step: 'quantize'; range: readonly [number, number] } & Quantisation);

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
};

export function valueCount(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}

/** Makes plans so that equal expressions are one object. */
export class PlanTable {
  private readonly plans = new Map<string, WeightPlan>();

  make(step: PlanStep, shape: number[], numeric: Numeric, fitsFloat32: boolean): WeightPlan {
    const key = JSON.stringify([step, shape], (_, value) => abbreviate(value));
    const known = this.plans.get(key);
    if (known) return known;
    const plan = { ...step, id: this.plans.size, shape, numeric, fitsFloat32 };
    this.plans.set(key, plan);
    return plan;
  }
}

/** Operands stand for themselves by number, tensors by where they begin. */
function abbreviate(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if ('id' in value && 'numeric' in value) return `#${(value as WeightPlan).id}`;
  if ('segments' in value) {
    const { dataType, file, field, segments } = value as TensorLocation;
    return [dataType, file, field, segments[0]?.offset];
  }
  return value;
}

/** The tensor that gives a plan its values, by name and type: the first operand all the way down. */
export function mainTensor(plan: WeightPlan): { name: string; dataType: number } {
  let at = plan;
  for (;;) {
    if (at.step === 'tensor') return at.tensor;
    if (at.step === 'literal') return { name: at.name, dataType: at.integer ? 7 : 1 };
    if (at.step === 'sparse') at = at.values;
    else if (at.step === 'concat') at = at.inputs[0];
    else if (at.step === 'binary' || at.step === 'matmul') at = mainOperand(at);
    else at = at.input;
  }
}

/** The tensor whose stored order and values are the plan's own, so that it can be read in parts; null where none is. */
export function plainTensor(plan: WeightPlan): TensorLocation | null {
  let at = plan;
  while (at.step === 'reshape' || (at.step === 'cast' && at.mode === 'keep')) at = at.input;
  return at.step === 'tensor' ? at.tensor : null;
}

/** Whether a plan's values are integers as stored, with no scale applied and no cast. */
export function isRawInteger(plan: WeightPlan): boolean {
  let at = plan;
  for (;;) {
    if (at.step === 'tensor') return DATA_TYPES[at.tensor.dataType].integer;
    if (at.step === 'literal') return at.integer;
    if (at.step === 'quantize') return true;
    if (at.step === 'sparse') at = at.values;
    else if (at.step === 'concat') at = at.inputs[0];
    else if (at.step === 'reshape' || at.step === 'transpose' || at.step === 'slice' || at.step === 'gather')
      at = at.input;
    else return false;
  }
}

/** The stored element type, and what was done to integers: `float16`, `int8 (dequantised)`, `int8 (cast)`. */
export function storedType(plan: WeightPlan): string {
  const type = DATA_TYPES[mainTensor(plan).dataType];
  if (!type.integer) return type.name;
  return `${type.name} (${isDequantised(plan) ? 'dequantised' : 'cast'})`;
}

function isDequantised(plan: WeightPlan): boolean {
  if (plan.step === 'dequantize') return true;
  if (plan.step === 'tensor' || plan.step === 'literal') return false;
  if (plan.step === 'sparse') return isDequantised(plan.values);
  if (plan.step === 'concat') return isDequantised(plan.inputs[0]);
  return isDequantised(plan.step === 'binary' || plan.step === 'matmul' ? mainOperand(plan) : plan.input);
}

function mainOperand({ left, right }: { left: WeightPlan; right: WeightPlan }): WeightPlan {
  return valueCount(right.shape) > valueCount(left.shape) ? right : left;
}
