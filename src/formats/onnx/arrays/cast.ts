import { isRoundable, roundingTo } from '../../elements/small-floats';
import { allocate, type Values } from '../../elements/decode';
import type { ElementType } from '../../elements/element-types';
import type { Step } from '../plan';
import { DATA_TYPES } from '../tensors/dtypes';

/** Values as a running model casts them (Cast in the ONNX operator documentation). */
export function castValues(input: Values, plan: Step<'cast'>): Values {
  if (plan.mode === 'keep') return input;
  const cast = castTo(DATA_TYPES[plan.to], plan.mode);
  const out = allocate(input.length, plan.fitsFloat32);
  for (let i = 0; i < input.length; i++) out[i] = cast(input[i]);
  return out;
}

function castTo(type: ElementType, mode: Step<'cast'>['mode']): (value: number) => number {
  if (mode === 'nonzero') return (value) => (value === 0 ? 0 : 1);
  if (mode === 'wrap') return wrappingTo(type);
  if (isRoundable(type.name)) return roundingTo(type.name, mode === 'saturate');
  return type.name === 'float32' ? Math.fround : (value) => value;
}

/**
 * Fractions are cut off, and what is too large wraps around the width of the type. What no 64-bit integer holds, NaN among
 * it, has no defined result: it becomes the least one first, as x86 processors convert.
 */
function wrappingTo({ bits, range }: ElementType): (value: number) => number {
  const signed = range![0] < 0;
  const wrap = signed ? BigInt.asIntN : BigInt.asUintN;
  const [low, high] = range!;
  return (value) => {
    const whole = Math.trunc(value);
    if (whole >= low && whole <= high) return whole + 0;
    const isHeld = Math.abs(whole) < 2 ** 63;
    return Number(wrap(bits, isHeld ? BigInt(whole) : -(2n ** 63n)));
  };
}
