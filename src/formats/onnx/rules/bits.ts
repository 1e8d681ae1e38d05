import { runtimeType, type WeightPlan } from '../plan';
import type { Rule } from '../resolve';
import { notFollowed, Unresolved } from '../unresolved';
import { makeBinary } from './arithmetic';

/** On the bits of integers, as packed weights are taken apart. */
export function bitwise(operator: 'BitwiseAnd' | 'BitwiseOr' | 'BitwiseXor'): Rule {
  return async (c) => makeBinary(c, operator, await c.input(0), await c.input(1), 'integer');
}

/** Least and greatest value of the integers a plan holds. */
function rangeOf(operator: string, plan: WeightPlan): readonly [number, number] {
  const range = runtimeType(plan)?.range;
  if (range) return range;
  throw notFollowed(`a ${operator} is of values that are no integers of a known type`);
}

export const bitwiseNot: Rule = async (c) => {
  const input = await c.input(0);
  const [low, high] = rangeOf('BitwiseNot', input);
  return makeBinary(c, 'Sub', c.list([low + high], [], true), input, 'integer');
};

/** Of unsigned integers; what is shifted out is lost. */
export const bitShift: Rule = async (c) => {
  const [input, amount] = [await c.input(0), await c.input(1)];
  const direction = c.attribute('direction')?.word;
  if (direction === 'RIGHT') return makeBinary(c, 'ShiftRight', input, amount, 'integer');
  const [, greatest] = rangeOf('BitShift', input);
  if (direction !== 'LEFT')
    throw new Unresolved('unresolved-weight', 'a BitShift is directed neither LEFT nor RIGHT');
  const shifted = makeBinary(c, 'ShiftLeft', input, amount, 'integer');
  return makeBinary(c, 'Mod', shifted, c.list([greatest + 1], [], true), 'integer');
};
