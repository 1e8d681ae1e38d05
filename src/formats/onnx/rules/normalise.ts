import { isTraining } from '../batch-norm';
import { valueCount, type Normalisation, type WeightPlan } from '../plan';
import type { Rule, StepContext } from '../resolve';
import { axisOf, shown } from '../shapes';
import { Unresolved } from '../unresolved';
import { floatStep, makeBinary, reduced, unaryStep } from './arithmetic';

const OWN_STATISTICS = { mean: null, variance: null };

type Parts = Omit<Normalisation, 'step' | 'input' | 'epsilon'>;

function normalised(c: StepContext, input: WeightPlan, parts: Parts): WeightPlan {
  const attribute = c.attribute('epsilon');
  // A writer that leaves out zeros names the attribute and gives it no value.
  const epsilon = attribute ? (attribute.float ?? 0) : 1e-5;
  return floatStep(c, { step: 'normalize', input, epsilon, ...parts }, input.shape, input.numeric);
}

/** One value a channel, channels being axis 1. */
function perChannel(input: WeightPlan, plan: WeightPlan, operator: string): WeightPlan {
  if (valueCount(plan.shape) === input.shape[1]) return plan;
  throw new Unresolved(
    'unresolved-weight',
    `${operator} of ${shown(input)} with parameters of shape ${shown(plan)} does not fit`,
  );
}

function channelShape({ shape }: WeightPlan) {
  return shape.map((size, axis) => (axis === 1 ? size : 1));
}

/** A weight standardised per channel: by its own mean and variance in training mode, by given ones otherwise. */
export const batchNormalisation: Rule = async (c) => {
  const input = await c.input(0);
  const given = async (i: number) => perChannel(input, await c.input(i), 'BatchNormalization');
  const isFixed = !isTraining(c.node, c.opset);
  const mean = isFixed ? await given(3) : null;
  const variance = isFixed ? await given(4) : null;
  const axes = input.shape.map((_, axis) => axis).filter((axis) => axis !== 1);
  const parameterShape = channelShape(input);
  return normalised(c, input, {
    axes,
    mean,
    variance,
    scale: await given(1),
    bias: await given(2),
    parameterShape,
  });
};

export const layerNormalisation: Rule = async (c) => {
  const input = await c.input(0);
  const first = axisOf(c.attribute('axis')?.integer ?? -1, input.shape.length, 'LayerNormalization');
  const parameterShape = input.shape.map((size, axis) => (axis < first ? 1 : size));
  const scale = await c.input(1);
  const bias = await c.optional(2);
  const expected = parameterShape.slice(first);
  for (const plan of [scale, bias]) {
    if (plan && plan.shape.join() !== expected.join())
      throw new Unresolved(
        'unresolved-weight',
        `LayerNormalization of ${shown(input)} with parameters of shape ${shown(plan)} does not fit`,
      );
  }
  const axes = input.shape.map((_, axis) => axis).filter((axis) => axis >= first);
  return normalised(c, input, { axes, ...OWN_STATISTICS, scale, bias, parameterShape });
};

/** Over one axis; before opset 13 over all from it on. */
export const softmax: Rule = async (c) => {
  const input = await c.input(0);
  const isOld = c.opset < 13;
  const axis = axisOf(c.attribute('axis')?.integer ?? (isOld ? 1 : -1), input.shape.length, 'Softmax');
  const axes = isOld ? input.shape.map((_, i) => i).slice(axis) : [axis];
  const shifted = makeBinary(c, 'Sub', input, reduced(c, 'ReduceMax', input, axes), input.numeric);
  const powers = unaryStep(c, 'Exp', shifted);
  return makeBinary(c, 'Div', powers, reduced(c, 'ReduceSum', powers, axes), input.numeric);
};
