import { valueCount } from '../plan';
import type { Rule } from '../resolve';
import { notFollowed, Unresolved } from '../unresolved';
import { list } from '../words';

/** Numbers a Range may write out: the places of a weight's rows or taps. */
const MAX_RANGE = 16_384;

/** The shape of a constant, itself a constant (weight standardisation divides by it). */
export const shapeOf: Rule = async (c) => {
  const { shape } = await c.input(0);
  const values = shape.slice(c.attribute('start')?.integer ?? 0, c.attribute('end')?.integer ?? shape.length);
  return c.list(values, [values.length], true);
};

export const sizeOf: Rule = async (c) => c.list([valueCount((await c.input(0)).shape)], [], true);

/** One value everywhere: zero unless given. */
export const constantOfShape: Rule = async (c) => {
  const shape = (await c.integers(0, 'shape')) ?? [];
  if (!shape.every((d) => Number.isSafeInteger(d) && d >= 0))
    throw new Unresolved('unresolved-weight', `a ConstantOfShape of ${list(shape)} is none`);
  const given = c.attribute('value')?.tensor;
  const plan = given ? c.tensor(given) : null;
  const value = plan ? ((await c.numbers(plan))[0] ?? 0) : 0;
  const name = c.node.outputs[0]?.name ?? '';
  const fits = plan?.fitsFloat32 ?? true;
  return c.make({ step: 'fill', name, value }, shape, plan?.numeric ?? 'float32', fits);
};

export const rangeOf: Rule = async (c) => {
  const plans = [await c.input(0), await c.input(1), await c.input(2)];
  const [start, limit, delta] = (await Promise.all(plans.map((p) => c.numbers(p)))).map((n) => n[0] ?? NaN);
  const count = Math.max(0, Math.ceil((limit - start) / delta));
  if (!(count <= MAX_RANGE))
    throw notFollowed(`a Range from ${start} to ${limit} by ${delta} is not followed`);
  c.spend(count);
  const values = Array.from({ length: count }, (_, i) => start + i * delta);
  return c.list(values, [count], plans[0].numeric === 'integer');
};
