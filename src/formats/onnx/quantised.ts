import type { FlatNode, Value } from './expand.types';
import { runtimeType, valueCount, type Quantisation, type WeightPlan } from './plan';
import type { Resolver, StepContext } from './resolve';
import { axisOf, shown } from './shapes';
import { DATA_TYPES } from './tensors/dtypes';
import { Unresolved } from './unresolved';
import { quote } from './words';

/** (x - zero) * scale in float64; per tensor, per axis (default 1) or in blocks along it. */
export async function dequantise(c: StepContext): Promise<WeightPlan> {
  const parts = quantisation(await c.input(0), await c.input(1), await c.optional(2), c);
  return c.make({ step: 'dequantize', ...parts }, parts.input.shape, 'float64', false);
}

/** round(x / scale) + zero, saturated to the type of zero (uint8 without one): weights that a trainer pretends to quantise. */
export async function quantise(c: StepContext): Promise<WeightPlan> {
  const parts = quantisation(await c.input(0), await c.input(1), await c.optional(2), c);
  const type = parts.zero ? runtimeType(parts.zero) : DATA_TYPES[c.attribute('output_dtype')?.integer || 2];
  if (!type?.range)
    throw new Unresolved('unresolved-weight', 'a QuantizeLinear rounds to a type that is no integer');
  return c.make({ step: 'quantize', range: type.range, ...parts }, parts.input.shape, 'integer', false);
}

function quantisation(
  input: WeightPlan,
  scale: WeightPlan,
  zero: WeightPlan | null,
  c: StepContext,
): Quantisation {
  const blockSize = c.attribute('block_size')?.integer ?? 0;
  return scaled(input, scale, zero, c.attribute('axis')?.integer ?? 1, blockSize);
}

function scaled(
  input: WeightPlan,
  scale: WeightPlan,
  zero: WeightPlan | null,
  givenAxis: number,
  blockSize: number,
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
 * ConvInteger: integers at input 1, zero point 3. Dynamic quantisation multiplies the result (after a Cast) by the product
 * of a running input scale and the constant weight scale: the constant factor of that Mul is the weight's scale.
 */
export async function convIntegerWeight(resolver: Resolver, node: FlatNode): Promise<ConvIntegerWeight> {
  const weight = await given(resolver, node, 1);
  const zero = node.inputs[3] ? await given(resolver, node, 3) : null;
  const factor = factorAfter(node);
  if (!factor) {
    throw new Unresolved('no-scale', 'the scale of its integers is missing: no Mul follows it');
  }
  const whole = await constant(resolver, factor);
  if (whole)
    return { plan: makeDequantised(resolver, weight, flat(resolver, whole), zero), includesInputScale: true };
  const parts = factor.producer?.node.operator === 'Mul' ? factor.producer.inputs : [];
  for (const part of parts) {
    const scale = part && (await constant(resolver, part));
    if (scale)
      return {
        plan: makeDequantised(resolver, weight, flat(resolver, scale), zero),
        includesInputScale: false,
      };
  }
  throw new Unresolved(
    'no-scale',
    `the scale of its integers is no constant (${quote(factor.name)} is computed while the model runs)`,
  );
}

/** The other operand of the Mul that follows a ConvInteger, directly or after Cast and Reshape. */
function factorAfter(node: FlatNode): Value | null {
  let value = node.outputs[0];
  for (let hops = 0; value && hops < 4; hops++) {
    const next: FlatNode | undefined = value.consumers.find((n) =>
      ['Cast', 'Mul', 'Reshape'].includes(n.node.operator),
    );
    if (!next) return null;
    if (next.node.operator === 'Mul') return next.inputs.find((input) => input && input !== value) ?? null;
    value = next.outputs[0];
  }
  return null;
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
  const parts = scaled(weight, scale, zero, 0, 0);
  return resolver.table.make({ step: 'dequantize', ...parts }, weight.shape, 'float64', false);
}
