import type { Rule } from '../resolve';
import { Unresolved } from '../unresolved';
import { makeBinary, makeWhere, unaryStep } from './arithmetic';

/**
 * FakeQuantize of OpenVINO and NNCF: from an input range in `levels` even steps to an output range, kept to its ends
 * beyond (specification of ov::op::v0::FakeQuantize).
 */
export const fakeQuantize: Rule = async (c) => {
  const input = await c.input(0);
  const [inLow, inHigh] = [await c.input(1), await c.input(2)];
  const [outLow, outHigh] = [await c.input(3), await c.input(4)];
  const levels = c.attribute('levels')?.integer ?? 0;
  if (!(levels >= 2))
    throw new Unresolved('unresolved-weight', `a FakeQuantize to ${levels} levels is not followed`);
  const apply = (
    operator: 'Add' | 'Sub' | 'Mul' | 'Div' | 'Min' | 'Max' | 'LessOrEqual' | 'Greater',
    left: typeof input,
    right: typeof input,
  ) => makeBinary(c, operator, left, right, input.numeric);
  const steps = c.list([levels - 1], [], false);
  const part = apply('Div', apply('Sub', input, inLow), apply('Sub', inHigh, inLow));
  const step = unaryStep(c, 'Round', apply('Mul', part, steps));
  const scaled = apply('Mul', apply('Div', step, steps), apply('Sub', outHigh, outLow));
  const within = apply('Add', scaled, outLow);
  const isAbove = apply('Greater', input, apply('Max', inLow, inHigh));
  const isBelow = apply('LessOrEqual', input, apply('Min', inLow, inHigh));
  return makeWhere(c, isBelow, outLow, makeWhere(c, isAbove, outHigh, within));
};
