import { ELEMENT_TYPES, type ElementType } from '../elements/element-types';
import { isRoundable } from '../elements/small-floats';
import type { FlatNode, Value } from './expand.types';
import { runtimeType, valueCount, type Quantisation, type WeightPlan } from './plan';
import type { Resolver, Rule, StepContext } from './resolve';
import { axisOf, shown } from './shapes';
import { DATA_TYPES } from './tensors/dtypes';
import { notFollowed, Unresolved } from './unresolved';
import { quote } from './words';

/** (x - zero) * scale in float64; per tensor, per axis (default 1) or in blocks along it. */
export const dequantise: Rule = async (c) =>
  dequantised(c, await c.input(0), await c.input(1), axisAndBlock(c));

async function dequantised(
  c: StepContext,
  input: WeightPlan,
  scale: WeightPlan,
  layout: Layout,
): Promise<WeightPlan> {
  const parts = scaled(input, scale, await c.optional(2), layout);
  return c.make({ step: 'dequantize', ...parts }, input.shape, 'float64', false);
}

/** Rounded to the type of zero, else to `output_dtype`, else uint8: weights that a trainer pretends to quantise. */
export const quantise: Rule = async (c) => {
  const zero = await c.optional(2);
  const number = c.attribute('output_dtype')?.integer || UINT8;
  return quantised(c, (zero ? runtimeType(zero) : DATA_TYPES[number]) ?? null, zero);
};

async function quantised(
  c: StepContext,
  type: ElementType | null,
  zero: WeightPlan | null,
): Promise<WeightPlan> {
  if (!type || !(type.range || isRoundable(type.name)))
    throw notFollowed(
      `a ${c.node.node.operator} rounds to ${type ? type.name : 'a type that is not known'}, which is not followed`,
    );
  const parts = scaled(await c.input(0), await c.input(1), zero, axisAndBlock(c));
  const saturate = type.range !== null || (c.attribute('saturate')?.integer ?? 1) !== 0;
  const step = { step: 'quantize', to: type.name, saturate, ...parts } as const;
  return c.make(step, parts.input.shape, type.numeric, false);
}

/**
 * The quantisers that NVIDIA's exporters (Model Optimizer, Transformer Engine) write: those of the standard with their type
 * fixed, whose float8 may be declared as bytes.
 */
export const trtQuantise: Record<'float8e4m3fn' | 'int4', Rule> = {
  float8e4m3fn: (c) => quantised(c, ELEMENT_TYPES.float8e4m3fn, null),
  int4: (c) => quantised(c, ELEMENT_TYPES.int4, null),
};

export const trtFloat8Dequantise: Rule = async (c) =>
  dequantised(c, asFloats(c, await c.input(0), FLOAT8E4M3FN), await c.input(1), axisAndBlock(c));

/** Blocks of 32 along the last axis unless said otherwise, scales that are powers of two (OCP microscaling). */
export const trtMicroscaledDequantise: Rule = async (c) => {
  const layout = axisAndBlock(c, { axis: -1, blockSize: 32 });
  const scale = asFloats(c, await c.input(1), FLOAT8E8M0);
  return dequantised(c, asFloats(c, await c.input(0), FLOAT8E4M3FN), scale, layout);
};

const UINT8 = 2;
const FLOAT8E4M3FN = 17;
const FLOAT8E8M0 = 24;

/** A stored tensor of bytes read as small floats; others as they are. */
function asFloats(c: StepContext, plan: WeightPlan, dataType: number): WeightPlan {
  if (plan.step !== 'tensor' || plan.numeric !== 'integer' || DATA_TYPES[plan.tensor.dataType].bits !== 8)
    return plan;
  const { numeric, fitsFloat32 } = DATA_TYPES[dataType];
  return c.make({ step: 'tensor', tensor: { ...plan.tensor, dataType } }, plan.shape, numeric, fitsFloat32);
}

/** Along which axis scales lie, and how many values share one; 0 where they are one an index. */
interface Layout {
  axis: number;
  blockSize: number;
}

function axisAndBlock(c: StepContext, defaults: Layout = { axis: 1, blockSize: 0 }): Layout {
  return {
    axis: c.attribute('axis')?.integer ?? defaults.axis,
    blockSize: c.attribute('block_size')?.integer ?? defaults.blockSize,
  };
}

function scaled(
  input: WeightPlan,
  scale: WeightPlan,
  zero: WeightPlan | null,
  { axis: givenAxis, blockSize }: Layout,
): Quantisation {
  const scales = valueCount(scale.shape);
  const zeros = zero ? valueCount(zero.shape) : scales;
  const misfit = () =>
    new Unresolved(
      'unresolved-weight',
      `a scale of shape ${shown(scale)} does not fit quantised values of shape ${shown(input)}`,
    );
  if (zeros !== scales && zeros !== 1) throw misfit();
  if (scales === 1 && blockSize === 0) return { input, scale, zero, axis: null, blockSize: 1 };
  const axis = axisOf(givenAxis, input.shape.length, 'DequantizeLinear');
  if (blockSize > 0) {
    const expected = input.shape.map((d, i) => (i === axis ? Math.ceil(d / blockSize) : d));
    if (expected.length !== scale.shape.length || expected.some((d, i) => d !== scale.shape[i]))
      throw misfit();
    return { input, scale, zero, axis, blockSize };
  }
  if (scale.shape.length !== 1 || scales !== input.shape[axis]) throw misfit();
  return { input, scale, zero, axis, blockSize: 1 };
}

/** QLinearConv: integers at input 3, scale 4, zero point 5; a scale of many values is one an output channel. */
export async function qLinearWeight(resolver: Resolver, node: FlatNode): Promise<WeightPlan> {
  const weight = await given(resolver, node, 3);
  const scale = await given(resolver, node, 4);
  const zero = await given(resolver, node, 5);
  return makeDequantised(resolver, weight, scale, zero);
}

export interface ConvIntegerWeight {
  plan: WeightPlan;
  /** The one constant found is the product of the scales of weight and input. */
  includesInputScale: boolean;
}

/**
 * ConvInteger: integers at input 1, zero point 3. Dynamic quantisation multiplies the result (after a Cast) by a running
 * input scale and the constant weight scale, in one Mul by their product or in one Mul each: the constant factor is the
 * weight's scale.
 */
export async function convIntegerWeight(resolver: Resolver, node: FlatNode): Promise<ConvIntegerWeight> {
  const weight = await given(resolver, node, 1);
  const zero = node.inputs[3] ? await given(resolver, node, 3) : null;
  const factors = factorsAfter(node);
  if (factors.length === 0) {
    throw new Unresolved('no-scale', 'the scale of its integers is missing: no Mul follows it');
  }
  const dequantised = (scale: WeightPlan, includesInputScale: boolean) => ({
    plan: makeDequantised(resolver, weight, flat(resolver, scale), zero),
    includesInputScale,
  });
  for (const [i, factor] of factors.entries()) {
    const whole = await constant(resolver, factor);
    if (whole) return dequantised(whole, i === 0 && !isRunningScale(factors[1]));
    const parts = factor.producer?.node.operator === 'Mul' ? factor.producer.inputs : [];
    for (const part of parts) {
      const scale = part && (await constant(resolver, part));
      if (scale) return dequantised(scale, false);
    }
  }
  throw new Unresolved(
    'no-scale',
    `the scale of its integers is no constant (${quote(factors[0].name)} is computed while the model runs)`,
    { advice: 'unquantised' },
  );
}

function isRunningScale(factor: Value | undefined): boolean {
  return factor?.producer?.node.operator === 'DynamicQuantizeLinear';
}

/** Nodes that are looked at for the scale of a result: its own is the first or second. */
const MAX_CONSUMERS = 64;

/** The other operands of the first two Muls that follow a ConvInteger, directly or after Cast and Reshape. */
function factorsAfter(node: FlatNode): Value[] {
  const factors: Value[] = [];
  let value = node.outputs[0];
  for (let hops = 0; value && hops < 5 && factors.length < 2; hops++) {
    const from: Value = value;
    const next = from.consumers
      .slice(0, MAX_CONSUMERS)
      .find((n) => ['Cast', 'Mul', 'Reshape'].includes(n.node.operator));
    const factor = next?.node.operator === 'Mul' && next.inputs.find((input) => input && input !== from);
    if (factor) factors.push(factor);
    value = next?.outputs[0] ?? null;
  }
  return factors;
}

async function constant(resolver: Resolver, value: Value): Promise<WeightPlan | null> {
  try {
    return await resolver.resolve(value);
  } catch (error) {
    if (error instanceof Unresolved) return null;
    throw error;
  }
}

async function given(resolver: Resolver, node: FlatNode, i: number): Promise<WeightPlan> {
  const value = node.inputs[i];
  if (!value) throw new Unresolved('unresolved-weight', `its input ${i} is not given`);
  return resolver.resolve(value);
}

/** A scale written to broadcast over the result ([1, C, 1, 1]) as one value a channel. */
function flat(resolver: Resolver, scale: WeightPlan): WeightPlan {
  if (scale.shape.length === 1) return scale;
  return resolver.table.make(
    { step: 'reshape', input: scale },
    [valueCount(scale.shape)],
    scale.numeric,
    scale.fitsFloat32,
  );
}

function makeDequantised(
  resolver: Resolver,
  weight: WeightPlan,
  scale: WeightPlan,
  zero: WeightPlan | null,
): WeightPlan {
  const parts = scaled(weight, scale, zero, { axis: 0, blockSize: 0 });
  return resolver.table.make({ step: 'dequantize', ...parts }, weight.shape, 'float64', false);
}
