import {
  runtimeType,
  type BinaryOperator,
  type CastMode,
  type ComparisonOperator,
  type PlanStep,
  type ReduceOperator,
  type UnaryOperator,
  type WeightPlan,
} from '../plan';
import type { Rule, StepContext } from '../resolve';
import { axisOf, broadcastShape } from '../shapes';
import type { ElementType, Numeric } from '../../elements/element-types';
import { DATA_TYPES } from '../tensors/dtypes';
import { notFollowed, Unresolved } from '../unresolved';
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
      throw notFollowed(`${operator} of ${inputs.length} tensors is not followed`);
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

/**
 * Rounded or wrapped as the type asks for; from then on computed in float64, as the dequantised weights are that casts
 * mostly stand before.
 */
export const cast: Rule = async (c) => castTo(c, await c.input(0), c.attribute('to')?.integer ?? FLOAT);

/** To the type of the second input, which need not be constant: weights are floats unless it is known to be of integers. */
export const castLike: Rule = async (c) => {
  const input = await c.input(0);
  try {
    const like = await c.input(1);
    const isInteger = like.numeric === 'integer';
    return castTo(c, input, runtimeNumber(like) ?? (isInteger ? INT64 : FLOAT));
  } catch (error) {
    if (!(error instanceof Unresolved)) throw error;
    return castTo(c, input, FLOAT);
  }
};

const FLOAT = 1;
const INT64 = 7;
const BOOL = 9;

/** Number of the type that a plan's values have at run time; null where it is not known. */
function runtimeNumber(plan: WeightPlan): number | null {
  const name = runtimeType(plan)?.name;
  const found = Object.entries(DATA_TYPES).find(([, type]) => type.name === name);
  return found ? Number(found[0]) : null;
}

function castTo(c: StepContext, input: WeightPlan, to: number): WeightPlan {
  const type = DATA_TYPES[to];
  if (!type) throw notFollowed(`a Cast to the element type ${to} is not followed`);
  const isSaturating = c.attribute('saturate')?.integer !== 0;
  const from = runtimeType(input);
  // A step on the way may have made floats of integers, or the other way round.
  const isKnown = from?.integer === (input.numeric === 'integer');
  const mode = castMode(isKnown ? from : null, type, isSaturating, to);
  const numeric = type.integer ? 'integer' : 'float64';
  const fits = mode === 'keep' ? input.fitsFloat32 : type.fitsFloat32;
  return c.make({ step: 'cast', input, to, mode }, input.shape, numeric, fits);
}

function castMode(
  from: ElementType | null,
  to: ElementType,
  isSaturating: boolean,
  number: number,
): CastMode {
  if (number === BOOL) return 'nonzero';
  if (to.integer) return from?.integer && holdsRange(to, from) ? 'keep' : 'wrap';
  if (from && isHeldBy(from, to)) return 'keep';
  // Only the types of eight bits and less have the choice.
  return to.bits <= 8 && isSaturating ? 'saturate' : 'round';
}

function holdsRange(to: ElementType, from: ElementType): boolean {
  return to.range![0] <= from.range![0] && to.range![1] >= from.range![1];
}

/** Whether a float type holds every value of another type. */
function isHeldBy(from: ElementType, to: ElementType): boolean {
  if (from.name === to.name || to.name === 'float64') return true;
  return to.name === 'float32' && from.fitsFloat32;
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
