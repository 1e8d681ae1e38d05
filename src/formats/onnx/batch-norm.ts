import { AppError } from '../../domain/errors';
import type { Layer } from '../../domain/model';
import { evaluatePlan } from './evaluate';
import type { FlatNode, Value } from './expand.types';
import type { WeightPlan } from './plan';
import { isReadDirectly, type ReadContext } from './read-tensor';
import type { Resolver } from './resolve';
import { Unresolved } from './unresolved';

/** What a batch norm multiplies each output channel by, nothing read yet: gamma / sqrt(variance + epsilon). */
export interface ChannelScalePlan {
  gamma: WeightPlan;
  variance: WeightPlan;
  epsilon: number;
  /** Most bytes held at once while gamma and variance are computed; 0 where both are read as they lie. */
  evaluationBytes: number;
}

const BYTES_PER_VALUE = 8;

/** By the value they take; several nodes may claim to make one, and any number use it. */
const BATCH_NORMS = new WeakMap<Value, FlatNode | null>();

/** The BatchNormalization that takes the node's output as its data; null where there is none. */
export function batchNormAfter(node: FlatNode): FlatNode | null {
  const output = node.outputs[0];
  if (!output) return null;
  let found = BATCH_NORMS.get(output);
  if (found === undefined) {
    const takes = (n: FlatNode) => n.node.operator === 'BatchNormalization' && n.inputs[0] === output;
    found = output.consumers.find(takes) ?? null;
    BATCH_NORMS.set(output, found);
  }
  return found;
}

/**
 * The factor a following batch norm puts on each output channel, where it can be folded into the convolution: between the
 * two lies no activation, no other node uses the convolution's output, and the factor is constant at inference. Its mean and
 * bias end up in the convolution's bias alone and are not looked at.
 * @param opset of the default domain
 */
export async function planChannelScale(
  node: FlatNode,
  layer: Pick<Layer, 'facts' | 'shape' | 'groups'>,
  resolver: Resolver,
  opset: number,
): Promise<ChannelScalePlan | null> {
  const batchNorm = batchNormAfter(node);
  if (!batchNorm || batchNorm.node.domain !== '' || node.outputs[0]?.consumers.length !== 1) return null;
  const channels = outputChannels(layer);
  const [, gamma, , , variance] = batchNorm.inputs;
  if (channels === null || !gamma || !variance || isTraining(batchNorm, opset)) return null;
  if (integer(batchNorm, 'spatial') === 0) return null;
  try {
    const plans = { gamma: await resolver.resolve(gamma), variance: await resolver.resolve(variance) };
    const isOneEach = ({ shape }: WeightPlan) => shape.length === 1 && shape[0] === channels;
    if (!isOneEach(plans.gamma) || !isOneEach(plans.variance)) return null;
    const first = resolver.admit(plans.gamma).peakBytes;
    const second = resolver.admit(plans.variance).peakBytes + BYTES_PER_VALUE * channels;
    const isStored = isReadDirectly(plans.gamma) && isReadDirectly(plans.variance);
    const epsilon = batchNorm.attributes.get('epsilon');
    return {
      ...plans,
      // A writer that leaves out zeros names the attribute and gives it no value.
      epsilon: epsilon ? (epsilon.float ?? 0) : 1e-5,
      evaluationBytes: isStored ? 0 : Math.max(first, second),
    };
  } catch (error) {
    if (!(error instanceof Unresolved)) throw error;
    return null;
  }
}

/**
 * The factors in float64, one an output channel; null where a variance is negative or not finite, a factor is not, or a
 * tensor does not hold what it promises.
 */
export async function readChannelScale(
  plan: ChannelScalePlan,
  context: ReadContext,
): Promise<Float64Array | null> {
  try {
    const gamma = await evaluatePlan(plan.gamma, context);
    const variance = await evaluatePlan(plan.variance, context);
    const scale = Float64Array.from(gamma, (g, i) => g / Math.sqrt(variance[i] + plan.epsilon));
    const isVariance = (v: number) => v >= 0 && Number.isFinite(v);
    return variance.every(isVariance) && scale.every(Number.isFinite) ? scale : null;
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'unreadable') throw error;
    return null;
  }
}

/** null where an activation or a quantisation lies between the sum and the output, or where the groups do not fit. */
function outputChannels({ facts, shape, groups }: Parameters<typeof planChannelScale>[1]): number | null {
  const { operator } = facts;
  if (operator === 'Conv') return shape[0];
  if (operator === 'ConvTranspose' && shape[0] % groups === 0) return shape[1] * groups;
  return null;
}

/** Opset 14 says so, before 7 `is_test` did (0 by default), between them more than one output does. */
export function isTraining(batchNorm: FlatNode, opset: number): boolean {
  if ((integer(batchNorm, 'training_mode') ?? 0) !== 0) return true;
  const isTest = integer(batchNorm, 'is_test') ?? (opset < 7 ? 0 : null);
  if (isTest !== null) return isTest === 0;
  return batchNorm.outputs.some((output, i) => i > 0 && output !== null);
}

function integer(node: FlatNode, name: string): number | null {
  const attribute = node.attributes.get(name);
  return attribute ? (attribute.integer ?? 0) : null;
}
