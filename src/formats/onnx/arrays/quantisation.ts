import { type Step, valueCount } from '../plan';
import type { Values } from '../../elements/decode';
import { ELEMENT_TYPES } from '../../elements/element-types';
import { isRoundable, roundHalfToEven, roundingTo } from '../../elements/small-floats';

/** Which scale belongs to value i of a quantised tensor. */
function scaleIndex(plan: Step<'dequantize'> | Step<'quantize'>): (i: number) => number {
  const { axis, blockSize } = plan;
  if (axis === null) return () => 0;
  const along = plan.shape[axis];
  const inner = valueCount(plan.shape.slice(axis + 1));
  if (plan.scale.shape.length === 1 && blockSize === 1) return (i) => Math.floor(i / inner) % along;
  const blocks = Math.ceil(along / blockSize);
  return (i) => {
    const row = Math.floor(i / inner);
    return (Math.floor(row / along) * blocks + Math.floor((row % along) / blockSize)) * inner + (i % inner);
  };
}

export function dequantise(
  input: Values,
  scale: Values,
  zero: Values | null,
  plan: Step<'dequantize'>,
): Values {
  const out = new Float64Array(input.length);
  const of = scaleIndex(plan);
  const oneZero = zero?.length === 1;
  for (let i = 0; i < out.length; i++) {
    const s = of(i);
    out[i] = (input[i] - (zero ? zero[oneZero ? 0 : s] : 0)) * scale[s];
  }
  return out;
}

/** Division in float32 as the operator is defined, ties to even; a zero point moves integers alone. */
export function quantise(input: Values, scale: Values, zero: Values | null, plan: Step<'quantize'>): Values {
  const out = new Float64Array(input.length);
  const of = scaleIndex(plan);
  const oneZero = zero?.length === 1;
  const { range } = ELEMENT_TYPES[plan.to];
  const round = isRoundable(plan.to) ? roundingTo(plan.to, plan.saturate) : Math.fround;
  for (let i = 0; i < out.length; i++) {
    const s = of(i);
    const quotient = Math.fround(input[i] / scale[s]);
    if (!range) out[i] = round(quotient);
    else {
      const shifted = roundHalfToEven(quotient) + (zero ? zero[oneZero ? 0 : s] : 0);
      out[i] = Math.min(Math.max(shifted, range[0]), range[1]);
    }
  }
  return out;
}
