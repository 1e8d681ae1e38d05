import { MAX_STEERING_VALUES } from '../limits';
import { valueCount, type WeightPlan } from '../plan';
import type { Rule, StepContext } from '../resolve';
import { axisOf, shown } from '../shapes';
import { Unresolved } from '../unresolved';
import { list, quote } from '../words';

export const transpose: Rule = async (c) => {
  const input = await c.input(0);
  const given = c.attribute('perm')?.integers ?? [];
  const permutation = given.length > 0 ? given : input.shape.map((_, i) => input.shape.length - 1 - i);
  const valid =
    permutation.length === input.shape.length && input.shape.every((_, i) => permutation.includes(i));
  if (!valid)
    throw new Unresolved(
      'unresolved-weight',
      `a Transpose by ${list(permutation)} does not fit ${shown(input)}`,
    );
  return transposed(c, input, permutation);
};

export function transposed(c: StepContext, input: WeightPlan, permutation: number[]): WeightPlan {
  const shape = permutation.map((p) => input.shape[p]);
  return c.make({ step: 'transpose', input, permutation }, shape, input.numeric, input.fitsFloat32);
}

export const reshape: Rule = async (c) => {
  const input = await c.input(0);
  const target = await c.integers(1, 'shape');
  if (!target) throw new Unresolved('unresolved-weight', 'a Reshape has no target shape');
  return reshaped(c, input, reshapeTarget(input, target, c.attribute('allowzero')?.integer === 1));
};

export const squeeze: Rule = async (c) => {
  const input = await c.input(0);
  const given = await c.integers(1, 'axes');
  const axes = given?.map((a) => axisOf(a, input.shape.length, 'Squeeze'));
  return reshaped(
    c,
    input,
    input.shape.filter((d, i) => (axes ? !axes.includes(i) : d !== 1)),
  );
};

export const unsqueeze: Rule = async (c) => {
  const input = await c.input(0);
  const given = (await c.integers(1, 'axes')) ?? [];
  const rank = input.shape.length + given.length;
  const axes = new Set(given.map((a) => axisOf(a, rank, 'Unsqueeze')));
  const rest = [...input.shape];
  return reshaped(
    c,
    input,
    Array.from({ length: rank }, (_, i) => (axes.has(i) ? 1 : (rest.shift() ?? 1))),
  );
};

export const concatInputs: Rule = async (c) => {
  const inputs: WeightPlan[] = [];
  for (let i = 0; i < c.node.inputs.length; i++) inputs.push(await c.input(i));
  return concat(c, inputs);
};

export function reshaped(c: StepContext, input: WeightPlan, shape: number[]): WeightPlan {
  if (valueCount(shape) !== valueCount(input.shape)) {
    throw new Unresolved(
      'unresolved-weight',
      `${c.node.node.operator} to ${list(shape)} does not fit ${shown(input)}`,
    );
  }
  const inner = input.step === 'reshape' ? input.input : input;
  return c.make({ step: 'reshape', input: inner }, shape, input.numeric, input.fitsFloat32);
}

/** 0 keeps a dimension (unless allowzero), -1 takes what is left. */
function reshapeTarget(input: WeightPlan, target: number[], allowZero: boolean): number[] {
  const shape = target.map((d, i) => (d === 0 && !allowZero ? (input.shape[i] ?? 0) : d));
  const open = shape.indexOf(-1);
  if (open >= 0) {
    const others = shape.reduce((product, d, i) => (i === open ? product : product * d), 1);
    shape[open] = others === 0 ? 0 : valueCount(input.shape) / others;
  }
  if (shape.some((d) => !Number.isSafeInteger(d) || d < 0)) {
    throw new Unresolved('unresolved-weight', `a Reshape to ${list(target)} does not fit ${shown(input)}`);
  }
  return shape;
}

function concat(c: StepContext, inputs: WeightPlan[]): WeightPlan {
  if (inputs.length === 0) throw new Unresolved('unresolved-weight', 'a Concat has no inputs');
  const first = inputs[0];
  const axis = axisOf(c.attribute('axis')?.integer ?? 1, first.shape.length, 'Concat');
  for (const input of inputs) {
    const same =
      input.shape.length === first.shape.length &&
      input.shape.every((d, i) => i === axis || d === first.shape[i]);
    if (!same)
      throw new Unresolved(
        'unresolved-weight',
        `a Concat of ${shown(first)} and ${shown(input)} does not fit`,
      );
  }
  const shape = first.shape.map((d, i) =>
    i === axis ? inputs.reduce((sum, p) => sum + p.shape[axis], 0) : d,
  );
  const numeric = inputs.map((p) => p.numeric).sort()[inputs.length - 1];
  return c.make(
    { step: 'concat', inputs, axis },
    shape,
    numeric,
    inputs.every((p) => p.fitsFloat32),
  );
}

export async function slice(c: StepContext): Promise<WeightPlan> {
  const input = await c.input(0);
  const rank = input.shape.length;
  const givenStarts = await c.integers(1, 'starts');
  const givenEnds = await c.integers(2, 'ends');
  if (!givenStarts || !givenEnds || givenStarts.length !== givenEnds.length) {
    throw new Unresolved('unresolved-weight', 'a Slice lacks its starts or ends');
  }
  const axes = (await c.integers(3, 'axes')) ?? givenStarts.map((_, i) => i);
  const givenSteps = (await c.integers(4, 'steps')) ?? givenStarts.map(() => 1);
  const starts = input.shape.map(() => 0);
  const steps = input.shape.map(() => 1);
  const shape = [...input.shape];
  givenStarts.forEach((givenStart, i) => {
    const axis = axisOf(axes[i] ?? NaN, rank, 'Slice');
    const size = input.shape[axis];
    const step = givenSteps[i];
    if (!Number.isSafeInteger(step) || step === 0)
      throw new Unresolved('unresolved-weight', 'a Slice has a step of 0');
    const clamp = (at: number, low: number, high: number) =>
      Math.min(Math.max(at < 0 ? at + size : at, low), high);
    const start = step > 0 ? clamp(givenStart, 0, size) : clamp(givenStart, 0, size - 1);
    const end = step > 0 ? clamp(givenEnds[i], 0, size) : clamp(givenEnds[i], -1, size - 1);
    starts[axis] = start;
    steps[axis] = step;
    shape[axis] = Math.max(0, Math.ceil((end - start) / step));
  });
  return c.make({ step: 'slice', input, starts, steps }, shape, input.numeric, input.fitsFloat32);
}

/** Rows of a tensor chosen by constant indices. */
export const gather: Rule = async (c) => {
  const input = await c.input(0);
  const places = await c.input(1);
  const axis = axisOf(c.attribute('axis')?.integer ?? 0, input.shape.length, 'Gather');
  const shape = [...input.shape.slice(0, axis), ...places.shape, ...input.shape.slice(axis + 1)];
  const make = (indices: number[] | WeightPlan) =>
    c.make({ step: 'gather', input, indices, axis }, shape, input.numeric, input.fitsFloat32);
  if (valueCount(places.shape) > MAX_STEERING_VALUES) return make(places);
  const size = input.shape[axis];
  const indices = (await c.numbers(places)).map((i) => (i < 0 ? i + size : i));
  if (indices.some((i) => !(i >= 0 && i < size && Number.isInteger(i)))) {
    throw new Unresolved('unresolved-weight', `a Gather of ${list(indices)} does not fit ${shown(input)}`);
  }
  return make(indices);
};

/** A matrix: the axes before `axis` by those from it on. */
export const flatten: Rule = async (c) => {
  const input = await c.input(0);
  const given = c.attribute('axis')?.integer ?? 1;
  const axis = given < 0 ? given + input.shape.length : given;
  return reshaped(c, input, [valueCount(input.shape.slice(0, axis)), valueCount(input.shape.slice(axis))]);
};

/** The body that a constant condition chooses. */
export const ifElse: Rule = async (c) => {
  let condition: WeightPlan;
  try {
    condition = await c.input(0);
  } catch (error) {
    const runs = error instanceof Unresolved && ['runtime-weight', 'no-weights'].includes(error.code);
    if (!runs) throw error;
    const which = c.node.outputs[c.output]?.name ?? '';
    throw new Unresolved('runtime-weight', `the tensor ${quote(which)} is chosen by If while the model runs`);
  }
  const branch = (await c.numbers(condition))[0] === 0 ? 'else_branch' : 'then_branch';
  const value = c.node.bodies?.get(branch)?.[c.output];
  if (!value) throw new Unresolved('unresolved-weight', `an If has no output ${c.output} in its ${branch}`);
  return c.resolve(value);
};
