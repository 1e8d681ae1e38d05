import { valueCount } from '../plan';
import type { BinaryOperator, PlanStep, ReduceOperator, UnaryOperator, WeightPlan } from '../plan';
import type { Rule, StepContext } from '../resolve';
import { axisOf, shown } from '../shapes';
import { DATA_TYPES } from '../tensors/dtypes';
import type { Numeric } from '../tensors/dtypes';
import { Unresolved } from '../unresolved';
import { reshaped } from './shape';

/** A few seconds of work; the power iterations of spectral normalisation take a few million. */
const MAX_MULTIPLICATIONS = 2 ** 31;

export const binary =
  (operator: BinaryOperator): Rule =>
  async (c) =>
    makeBinary(c.make, operator, await c.input(0), await c.input(1));

export const unary =
  (operator: UnaryOperator): Rule =>
  async (c) => {
    const input = await c.input(0);
    return c.make(
      { step: 'unary', operator, input },
      input.shape,
      input.numeric,
      input.numeric !== 'float64',
    );
  };

export const reduce =
  (operator: ReduceOperator): Rule =>
  async (c) => {
    const input = await c.input(0);
    const rank = input.shape.length;
    const given = (await c.integers(1, 'axes')) ?? [];
    if (given.length === 0 && c.attribute('noop_with_empty_axes')?.integer === 1) return input;
    const axes =
      given.length === 0 ? input.shape.map((_, i) => i) : given.map((a) => axisOf(a, rank, operator));
    const keep = c.attribute('keepdims')?.integer !== 0;
    const shape = input.shape.map((d, i) => (axes.includes(i) ? 1 : d));
    const reduced: PlanStep = { step: 'reduce', operator, input, axes };
    const plan = c.make(reduced, shape, input.numeric, input.numeric !== 'float64');
    return keep
      ? plan
      : reshaped(
          c,
          plan,
          shape.filter((_, i) => !axes.includes(i)),
        );
  };

/** Values pass unrounded and count as float64 from here on, as the reference oracle has it. */
export const cast: Rule = async (c) => {
  const input = await c.input(0);
  const to = c.attribute('to')?.integer ?? 1;
  const mode = to === 9 ? 'nonzero' : DATA_TYPES[to]?.integer ? 'truncate' : 'keep';
  return c.make({ step: 'cast', input, mode }, input.shape, 'float64', input.fitsFloat32);
};

/** Of matrices and vectors (spectral normalisation multiplies u W v); stacks of matrices are not followed. */
export const matMul: Rule = async (c) => {
  const left = await c.input(0);
  const right = await c.input(1);
  const inner = left.shape.at(-1);
  const fits =
    [left, right].every((p) => p.shape.length === 1 || p.shape.length === 2) && inner === right.shape[0];
  if (!fits)
    throw new Unresolved('unresolved-weight', `MatMul of ${shown(left)} and ${shown(right)} is not followed`);
  const shape = [...left.shape.slice(0, -1), ...right.shape.slice(1)];
  if (valueCount(shape) * right.shape[0] > MAX_MULTIPLICATIONS) {
    throw new Unresolved(
      'too-large',
      `MatMul of ${shown(left)} and ${shown(right)} takes too many multiplications`,
    );
  }
  const numeric = commonNumeric(left, right);
  return c.make({ step: 'matmul', left, right }, shape, numeric, numeric !== 'float64');
};

/** An elementwise operator with NumPy's broadcasting and result type. */
function makeBinary(
  make: StepContext['make'],
  operator: BinaryOperator,
  left: WeightPlan,
  right: WeightPlan,
): WeightPlan {
  const rank = Math.max(left.shape.length, right.shape.length);
  const shape: number[] = [];
  for (let i = 0; i < rank; i++) {
    const a = left.shape[left.shape.length - rank + i] ?? 1;
    const b = right.shape[right.shape.length - rank + i] ?? 1;
    if (a !== b && a !== 1 && b !== 1) {
      throw new Unresolved(
        'unresolved-weight',
        `${operator} of ${shown(left)} and ${shown(right)} does not fit`,
      );
    }
    shape.push(a === 1 ? b : a);
  }
  const numeric = commonNumeric(left, right);
  return make({ step: 'binary', operator, left, right }, shape, numeric, numeric !== 'float64');
}

/** NumPy's rule: the wider type, but a scalar beside an array of the same kind takes the array's. */
function commonNumeric(left: WeightPlan, right: WeightPlan): Numeric {
  const ORDER: Numeric[] = ['float16', 'float32', 'float64'];
  if (left.shape.length > 0 && right.shape.length === 0) return left.numeric;
  if (right.shape.length > 0 && left.shape.length === 0) return right.numeric;
  return ORDER[Math.max(ORDER.indexOf(left.numeric), ORDER.indexOf(right.numeric))];
}
