import type { Reduction, WeightPlan } from '../plan';
import type { Rule, StepContext } from '../resolve';
import { axisOf, shown } from '../shapes';
import { Unresolved } from '../unresolved';

const REDUCTIONS: ReadonlySet<string> = new Set<Reduction>(['none', 'add', 'mul', 'max', 'min']);

function misfit(c: StepContext, ...plans: WeightPlan[]): Unresolved {
  const { operator } = c.node.node;
  return new Unresolved('unresolved-weight', `${operator} of ${plans.map(shown).join(', ')} does not fit`);
}

/** How updates are put: `none` replaces. */
function reductionOf(c: StepContext): Reduction {
  const word = c.attribute('reduction')?.word || 'none';
  if (REDUCTIONS.has(word)) return word as Reduction;
  throw new Unresolved('unresolved-weight', `a ${c.node.node.operator} has a reduction that is not known`);
}

/** A tensor with some of its values replaced, as masked and difference convolutions are exported. */
export const scatterND: Rule = async (c) => {
  const [input, indices, updates] = [await c.input(0), await c.input(1), await c.input(2)];
  const depth = indices.shape.at(-1) ?? 0;
  const expected = [...indices.shape.slice(0, -1), ...input.shape.slice(depth)];
  const fits =
    indices.shape.length > 0 && depth <= input.shape.length && expected.join() === updates.shape.join();
  if (!fits) throw misfit(c, input, indices, updates);
  const exact = input.fitsFloat32 && updates.fitsFloat32;
  const step = { step: 'scatter', input, indices, updates, reduction: reductionOf(c) } as const;
  return c.make(step, input.shape, input.numeric, exact);
};

/** Runs of values by their places, as tensors are indexed by several lists. */
export const gatherND: Rule = async (c) => {
  const [input, indices] = [await c.input(0), await c.input(1)];
  const batch = c.attribute('batch_dims')?.integer ?? 0;
  const depth = indices.shape.at(-1) ?? 0;
  const fits =
    batch >= 0 &&
    indices.shape.length > batch &&
    batch + depth <= input.shape.length &&
    input.shape.slice(0, batch).join() === indices.shape.slice(0, batch).join();
  if (!fits) throw misfit(c, input, indices);
  const shape = [...indices.shape.slice(0, -1), ...input.shape.slice(batch + depth)];
  return c.make({ step: 'gatherRuns', input, indices, batch }, shape, input.numeric, input.fitsFloat32);
};

/** Whether places stand beside values of `input`: as many axes, and none longer but the one they count along. */
function isBeside(places: WeightPlan, input: WeightPlan, axis: number): boolean {
  return (
    places.shape.length === input.shape.length &&
    places.shape.every((size, i) => i === axis || size <= input.shape[i])
  );
}

/** One value for each place, which counts along the axis alone. */
export const gatherElements: Rule = async (c) => {
  const [input, indices] = [await c.input(0), await c.input(1)];
  const axis = axisOf(c.attribute('axis')?.integer ?? 0, input.shape.length, 'GatherElements');
  if (!isBeside(indices, input, axis)) throw misfit(c, input, indices);
  const step = { step: 'gatherElements', input, indices, axis } as const;
  return c.make(step, indices.shape, input.numeric, input.fitsFloat32);
};

/** One value put at each place, which counts along the axis alone. */
export const scatterElements: Rule = async (c) => {
  const [input, indices, updates] = [await c.input(0), await c.input(1), await c.input(2)];
  const axis = axisOf(c.attribute('axis')?.integer ?? 0, input.shape.length, 'ScatterElements');
  const fits = isBeside(indices, input, axis) && indices.shape.join() === updates.shape.join();
  if (!fits) throw misfit(c, input, indices, updates);
  const exact = input.fitsFloat32 && updates.fitsFloat32;
  const step = { step: 'scatterElements', input, indices, updates, axis, reduction: reductionOf(c) } as const;
  return c.make(step, input.shape, input.numeric, exact);
};

/** The upper (or lower) triangle of matrices, the rest zero; `k` moves the diagonal. */
export const triangle: Rule = async (c) => {
  const input = await c.input(0);
  if (input.shape.length < 2) throw misfit(c, input);
  const given = await c.optional(1);
  const offset = given ? ((await c.numbers(given))[0] ?? 0) : 0;
  const upper = (c.attribute('upper')?.integer ?? 1) !== 0;
  const step = { step: 'triangle', input, offset, upper } as const;
  return c.make(step, input.shape, input.numeric, input.fitsFloat32);
};
