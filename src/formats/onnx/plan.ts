import type { Segment } from './payload';
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
export type ReduceOperator = 'ReduceL2' | 'ReduceSum' | 'ReduceMean' | 'ReduceSumSquare';

/** One step of the constant expression behind a weight. */
export type PlanStep =
  | { step: 'tensor'; tensor: TensorLocation }
  | { step: 'sparse'; values: WeightPlan; indices: WeightPlan }
  /** Values pass unrounded, as float64; `truncate` for integer targets, `nonzero` for bool. */
  | { step: 'cast'; input: WeightPlan; mode: 'keep' | 'truncate' | 'nonzero' }
  | { step: 'reshape'; input: WeightPlan }
  | { step: 'transpose'; input: WeightPlan; permutation: number[] }
  | { step: 'slice'; input: WeightPlan; starts: number[]; steps: number[] }
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
    const key = JSON.stringify([step, shape], (name, value) =>
      name !== '' && isPlan(value) ? `#${value.id}` : (value as unknown),
    );
    const known = this.plans.get(key);
    if (known) return known;
    const plan = { ...step, id: this.plans.size, shape, numeric, fitsFloat32 };
    this.plans.set(key, plan);
    return plan;
  }
}

function isPlan(value: unknown): value is WeightPlan {
  return typeof value === 'object' && value !== null && 'id' in value && 'numeric' in value;
}

/** The tensor that gives a plan its values: the first operand all the way down. */
export function mainTensor(plan: WeightPlan): TensorLocation {
  let at = plan;
  for (;;) {
    if (at.step === 'tensor') return at.tensor;
    if (at.step === 'sparse') at = at.values;
    else if (at.step === 'concat') at = at.inputs[0];
    else if (at.step === 'binary')
      at = valueCount(at.right.shape) > valueCount(at.left.shape) ? at.right : at.left;
    else at = at.input;
  }
}

/** The tensor whose stored order and values are the plan's own, so that it can be read in parts; null where none is. */
export function plainTensor(plan: WeightPlan): TensorLocation | null {
  let at = plan;
  while (at.step === 'reshape' || (at.step === 'cast' && at.mode === 'keep')) at = at.input;
  return at.step === 'tensor' ? at.tensor : null;
}
