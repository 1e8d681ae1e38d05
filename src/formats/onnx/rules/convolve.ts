import { valueCount } from '../plan';
import type { Rule, StepContext } from '../resolve';
import { shown } from '../shapes';
import { Unresolved } from '../unresolved';
import { commonNumeric, floatStep, makeBinary } from './arithmetic';
import { checkMultiplications } from './products';
import { reshaped } from './shape';

function isCount(value: number) {
  return Number.isSafeInteger(value) && value >= 1;
}

/** A Conv of two constants: kernels in a row merged into one, as branches that are trained apart are (DBB, RepVGG). */
export const convolveConstants: Rule = async (c) => {
  const [input, kernel] = [await c.input(0), await c.input(1)];
  const bias = await c.optional(2);
  const misfit = () =>
    new Unresolved('unresolved-weight', `a Conv of ${shown(input)} by ${shown(kernel)} does not fit`);
  const rank = input.shape.length - 2;
  if (rank < 1 || kernel.shape.length !== rank + 2) throw misfit();
  const given = (name: string) => {
    const integers = c.attribute(name)?.integers ?? [];
    const values = integers.length > 0 ? integers : Array.from({ length: rank }, () => 1);
    if (values.length !== rank || !values.every(isCount)) throw misfit();
    return values;
  };
  const [strides, dilations] = [given('strides'), given('dilations')];
  const groups = c.attribute('group')?.integer ?? 1;
  const [maps, channels] = kernel.shape;
  if (!isCount(groups) || channels * groups !== input.shape[1] || maps % groups !== 0) throw misfit();
  const reach = dilations.map((d, i) => d * (kernel.shape[i + 2] - 1) + 1);
  const { begins, ends } = padding(c, input.shape.slice(2), reach, strides, misfit);
  const outer = reach.map(
    (size, i) => Math.floor((input.shape[i + 2] + begins[i] + ends[i] - size) / strides[i]) + 1,
  );
  if (!outer.every(isCount)) throw misfit();
  const shape = [input.shape[0], maps, ...outer];
  const inner = valueCount(kernel.shape.slice(1));
  checkMultiplications('Conv', valueCount(shape) * inner, [input, kernel]);
  const step = { step: 'convolve', input, kernel, groups, strides, dilations, begins, inner } as const;
  const made = floatStep(c, step, shape, commonNumeric(input, kernel));
  if (!bias) return made;
  if (valueCount(bias.shape) !== maps) throw misfit();
  return makeBinary(c, 'Add', made, reshaped(c, bias, [maps, ...outer.map(() => 1)]), made.numeric);
};

function padding(
  c: StepContext,
  sizes: readonly number[],
  reach: readonly number[],
  strides: readonly number[],
  misfit: () => Unresolved,
): { begins: number[]; ends: number[] } {
  const mode = c.attribute('auto_pad')?.word || 'NOTSET';
  const given = c.attribute('pads')?.integers ?? [];
  const rank = sizes.length;
  const none = sizes.map(() => 0);
  if (mode === 'SAME_UPPER' || mode === 'SAME_LOWER') {
    const totals = sizes.map((size, i) =>
      Math.max(0, (Math.ceil(size / strides[i]) - 1) * strides[i] + reach[i] - size),
    );
    const small = totals.map((total) => Math.floor(total / 2));
    const large = totals.map((total, i) => total - small[i]);
    return mode === 'SAME_UPPER' ? { begins: small, ends: large } : { begins: large, ends: small };
  }
  if (mode === 'VALID' || given.length === 0) return { begins: none, ends: none };
  const isPad = (pad: number) => Number.isSafeInteger(pad) && pad >= 0;
  if (given.length !== 2 * rank || !given.every(isPad)) throw misfit();
  return { begins: given.slice(0, rank), ends: given.slice(rank) };
}
