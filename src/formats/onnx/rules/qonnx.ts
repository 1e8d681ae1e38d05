import type { Rule, StepContext } from '../resolve';
import type { WeightPlan } from '../plan';
import { Unresolved } from '../unresolved';
import { makeBinary, unaryStep } from './arithmetic';

const ROUNDINGS = { ROUND: 'Round', CEIL: 'Ceil', FLOOR: 'Floor' } as const;

/** Integers of `bits` bits that a Quant keeps to; `narrow` leaves one out, so that a signed range is symmetric. */
function integerRange(bits: number, signed: boolean, narrow: boolean): [number, number] {
  if (signed) return [-(2 ** (bits - 1)) + (narrow ? 1 : 0), 2 ** (bits - 1) - 1];
  return [0, 2 ** bits - (narrow ? 2 : 1)];
}

/** -1 or 1, that of zero being 1. */
function bipolar(c: StepContext, input: WeightPlan): WeightPlan {
  const isPositive = makeBinary(c, 'GreaterOrEqual', input, c.list([0], [], false), input.numeric);
  const doubled = makeBinary(c, 'Mul', isPositive, c.list([2], [], false), input.numeric);
  return makeBinary(c, 'Sub', doubled, c.list([1], [], false), input.numeric);
}

/**
 * Quant of QONNX and Brevitas: x / scale + zero, kept to the integers of a bit width and rounded, and back again, all in the
 * floats of x (specification of qonnx.custom_op.general).
 */
export const quant: Rule = async (c) => {
  const [input, scale, zero] = [await c.input(0), await c.input(1), await c.input(2)];
  const [bits] = await c.numbers(await c.input(3));
  const rounding = ROUNDINGS[(c.attribute('rounding_mode')?.word || 'ROUND').toUpperCase() as 'ROUND'];
  if (!(bits >= 1 && bits <= 32) || rounding === undefined)
    throw new Unresolved('unresolved-weight', 'a Quant has a bit width or a rounding that is not known');
  const signed = c.attribute('signed')?.integer !== 0;
  const [low, high] = integerRange(bits, signed, c.attribute('narrow')?.integer !== 0);
  const { numeric } = input;
  const apply = (
    operator: 'Add' | 'Sub' | 'Mul' | 'Div' | 'Max' | 'Min',
    left: WeightPlan,
    right: WeightPlan,
  ) => makeBinary(c, operator, left, right, numeric);
  const shifted = apply('Add', apply('Div', input, scale), zero);
  const raised = apply('Max', shifted, c.list([low], [], false));
  const kept = apply('Min', raised, c.list([high], [], false));
  const integers = bits === 1 && signed ? bipolar(c, shifted) : unaryStep(c, rounding, kept);
  return apply('Mul', apply('Sub', integers, zero), scale);
};

/** The sign of x (that of zero being 1) times a scale. */
export const bipolarQuant: Rule = async (c) => {
  const input = await c.input(0);
  return makeBinary(c, 'Mul', bipolar(c, input), await c.input(1), input.numeric);
};
