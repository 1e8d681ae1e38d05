import type {
  BinaryOperator,
  ComparisonOperator,
  PlanStep,
  ReduceOperator,
  UnaryOperator,
  WeightPlan,
} from '../plan';
import type { Rule, StepContext } from '../resolve';
import { axisOf, broadcastShape } from '../shapes';
import type { Numeric } from '../../elements/element-types';
import { DATA_TYPES } from '../tensors/dtypes';
import { Unresolved } from '../unresolved';
import { reshaped } from './shape';

/** Operands of one Max, Min or Sum. */
const MAX_TERMS = 64;

/** A step whose values are rounded to `numeric`. */
export function floatStep(c: StepContext, step: PlanStep, shape: number[], numeric: Numeric): WeightPlan {
  return c.make(step, shape, numeric, numeric === 'float32' || numeric === 'float16');
}

export function binary(operator: BinaryOperator): Rule {
  return async (c) => {
    const left = await c.input(0);
    return makeBinary(c, operator, left, oldBroadcast(c, left, await c.input(1)));
  };
}

/** Max, Min and Sum of any number of tensors. */
export function fold(operator: BinaryOperator): Rule {
  return async (c) => {
    const { inputs } = c.node;
    if (inputs.length > MAX_TERMS)
      throw new Unresolved('unresolved-weight', `${operator} of ${inputs.length} tensors is not followed`);
    let plan = await c.input(0);
    for (let i = 1; i < inputs.length; i++) plan = makeBinary(c, operator, plan, await c.input(i));
    return plan;
  };
}

/** The exponent's type does not matter. */
export const power: Rule = async (c) => {
  const left = await c.input(0);
  return makeBinary(c, 'Pow', left, oldBroadcast(c, left, await c.input(1)), left.numeric);
};

/** 0 or 1 for each pair. */
export function compare(operator: ComparisonOperator): Rule {
  return async (c) => {
    const left = await c.input(0);
    return makeBinary(c, operator, left, oldBroadcast(c, left, await c.input(1)), 'integer');
  };
}

export const modulo: Rule = async (c) => {
  const operator = c.attribute('fmod')?.integer === 1 ? 'Remainder' : 'Mod';
  return makeBinary(c, operator, await c.input(0), await c.input(1));
};

export function unary(operator: UnaryOperator): Rule {
  return async (c) => unaryStep(c, operator, await c.input(0));
}

export function unaryStep(c: StepContext, operator: UnaryOperator, input: WeightPlan): WeightPlan {
  return floatStep(c, { step: 'unary', operator, input }, input.shape, input.numeric);
}

/** The bounds are inputs from opset 11 on, attributes before. */
export const clip: Rule = async (c) => {
  const bound = async (i: number, name: string) => {
    const given = c.attribute(name)?.float ?? null;
    return given === null ? c.optional(i) : c.list([given], [], false);
  };
  const input = await c.input(0);
  const low = await bound(1, 'min');
  const high = await bound(2, 'max');
  const raised = low ? makeBinary(c, 'Max', input, low, input.numeric) : input;
  return high ? makeBinary(c, 'Min', raised, high, input.numeric) : raised;
};

export const where: Rule = async (c) => {
  const [condition, left, right] = [await c.input(0), await c.input(1), await c.input(2)];
  return makeWhere(c, condition, left, right);
};

/** `left` where the condition is not 0, `right` elsewhere. */
export function makeWhere(
  c: StepContext,
  condition: WeightPlan,
  left: WeightPlan,
  right: WeightPlan,
): WeightPlan {
  const shape = broadcastShape('Where', condition, left, right);
  const numeric = commonNumeric(left, right);
  const fits = left.fitsFloat32 && right.fitsFloat32;
  return c.make({ step: 'where', condition, left, right }, shape, numeric, fits);
}

export function reduce(operator: ReduceOperator): Rule {
  return async (c) => {
    const input = await c.input(0);
    const rank = input.shape.length;
    const given = (await c.integers(1, 'axes')) ?? [];
    if (given.length === 0 && c.attribute('noop_with_empty_axes')?.integer === 1) return input;
    const axes =
      given.length === 0 ? input.shape.map((_, i) => i) : given.map((a) => axisOf(a, rank, operator));
    const plan = reduced(c, operator, input, axes);
    if (c.attribute('keepdims')?.integer !== 0) return plan;
    return reshaped(
      c,
      plan,
      plan.shape.filter((_, i) => !axes.includes(i)),
    );
  };
}

/** Reduced axes are kept with the size 1. */
export function reduced(
  c: StepContext,
  operator: ReduceOperator,
  input: WeightPlan,
  given: number[],
): WeightPlan {
  const axes = [...new Set(given)];
  const shape = input.shape.map((d, i) => (axes.includes(i) ? 1 : d));
  return floatStep(c, { step: 'reduce', operator, input, axes }, shape, input.numeric);
}

/** Values pass unrounded and count as float64 from here on, as the reference oracle has it. */
export const cast: Rule = async (c) => castTo(c, await c.input(0), c.attribute('to')?.integer ?? 1);

/** To the type of the second input, which need not be constant: weights are floats unless it is known to be of integers. */
export const castLike: Rule = async (c) => {
  const input = await c.input(0);
  try {
    return castTo(c, input, (await c.input(1)).numeric === 'integer' ? INT64 : FLOAT);
  } catch (error) {
    if (!(error instanceof Unresolved)) throw error;
    return castTo(c, input, FLOAT);
  }
};

const FLOAT = 1;
const INT64 = 7;
const BOOL = 9;

function castTo(c: StepContext, input: WeightPlan, to: number): WeightPlan {
  const isInteger = DATA_TYPES[to]?.integer === true;
  const mode = to === BOOL ? 'nonzero' : isInteger ? 'truncate' : 'keep';
  const numeric = isInteger ? 'integer' : 'float64';
  return c.make({ step: 'cast', input, to, mode }, input.shape, numeric, input.fitsFloat32);
}

/** An elementwise operator with NumPy's broadcasting, and its result type unless given. */
export function makeBinary(
  c: StepContext,
  operator: BinaryOperator,
  left: WeightPlan,
  right: WeightPlan,
  numeric = commonNumeric(left, right),
): WeightPlan {
  const shape = broadcastShape(operator, left, right);
  return floatStep(c, { step: 'binary', operator, left, right }, shape, numeric);
}

/** Before opset 7, `broadcast` lines the right operand up with the left from `axis` on. */
function oldBroadcast(c: StepContext, left: WeightPlan, right: WeightPlan): WeightPlan {
  const axis = c.attribute('axis')?.integer ?? null;
  if (c.attribute('broadcast')?.integer !== 1 || axis === null) return right;
  const at = axis < 0 ? axis + left.shape.length : axis;
  const after = left.shape.length - at - right.shape.length;
  if (!(after > 0)) return right;
  return reshaped(c, right, [...right.shape, ...Array.from({ length: after }, () => 1)]);
}

/** NumPy's rule: the wider type, but a scalar beside an array of the same kind takes the array's. */
export function commonNumeric(left: WeightPlan, right: WeightPlan): Numeric {
  const ORDER: Numeric[] = ['float16', 'float32', 'float64'];
  if (left.numeric === right.numeric) return left.numeric;
  if (left.numeric === 'integer' || right.numeric === 'integer') return 'float64';
  if (left.shape.length > 0 && right.shape.length === 0) return left.numeric;
  if (right.shape.length > 0 && left.shape.length === 0) return right.numeric;
  return ORDER[Math.max(ORDER.indexOf(left.numeric), ORDER.indexOf(right.numeric))];
}
