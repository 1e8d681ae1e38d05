import type { Rule, StepContext } from '../resolve';
import type { UnaryOperator, WeightPlan } from '../plan';
import { notFollowed } from '../unresolved';
import { makeBinary, makeWhere, unaryStep } from './arithmetic';

/** `ROUND` is to the even neighbour; UP and HALF_UP are away from zero, DOWN and HALF_DOWN towards it. */
const ROUNDINGS: Readonly<Record<string, UnaryOperator>> = {
  ROUND: 'Round',
  HALF_EVEN: 'Round',
  CEIL: 'Ceil',
  FLOOR: 'Floor',
  UP: 'RoundUp',
  DOWN: 'RoundDown',
  HALF_UP: 'RoundHalfUp',
  HALF_DOWN: 'RoundHalfDown',
};

const MAX_BITS = 32;

/** -1 or 1, that of zero being 1. */
function bipolar(c: StepContext, input: WeightPlan): WeightPlan {
  const isPositive = makeBinary(c, 'GreaterOrEqual', input, c.list([0], [], false), input.numeric);
  const doubled = makeBinary(c, 'Mul', isPositive, c.list([2], [], false), input.numeric);
  return makeBinary(c, 'Sub', doubled, c.list([1], [], false), input.numeric);
}

/**
 * Quant of QONNX and Brevitas: x / scale + zero, kept to the integers of a bit width and rounded, and back again, all in the
 * floats of x; bit widths broadcast as scales do. `narrow` leaves one integer out, so that a signed range is symmetric
 * (specification of qonnx.custom_op.general).
 */
export const quant: Rule = async (c) => {
  const [input, scale, zero, bits] = [await c.input(0), await c.input(1), await c.input(2), await c.input(3)];
  const widths = await c.numbers(bits);
  const word = (c.attribute('rounding_mode')?.word || 'ROUND').toUpperCase();
  const rounding = Object.hasOwn(ROUNDINGS, word) ? ROUNDINGS[word] : null;
  if (!rounding || !widths.every((b) => b >= 1 && b <= MAX_BITS))
    throw notFollowed('a Quant has a bit width or a rounding that is not known', 'unquantised');
  const signed = (c.attribute('signed')?.integer ?? 1) !== 0;
  const narrow = (c.attribute('narrow')?.integer ?? 0) !== 0;
  const { numeric } = input;
  const number = (value: number) => c.list([value], [], false);
  const apply = (
    operator: 'Add' | 'Sub' | 'Mul' | 'Div' | 'Max' | 'Min' | 'Pow' | 'Equal',
    left: WeightPlan,
    right: WeightPlan,
  ) => makeBinary(c, operator, left, right, numeric);
  const span = apply('Pow', number(2), signed ? apply('Sub', bits, number(1)) : bits);
  const high = apply('Sub', span, number(!signed && narrow ? 2 : 1));
  const low = signed ? apply('Sub', number(narrow ? 1 : 0), span) : number(0);
  const shifted = apply('Add', apply('Div', input, scale), zero);
  const rounded = unaryStep(c, rounding, apply('Min', apply('Max', shifted, low), high));
  const hasBinary = signed && widths.includes(1);
  const integers = hasBinary
    ? makeWhere(c, apply('Equal', bits, number(1)), bipolar(c, shifted), rounded)
    : rounded;
  return apply('Mul', apply('Sub', integers, zero), scale);
};

/** The sign of x (that of zero being 1) times a scale. */
export const bipolarQuant: Rule = async (c) => {
  const input = await c.input(0);
  return makeBinary(c, 'Mul', bipolar(c, input), await c.input(1), input.numeric);
};
