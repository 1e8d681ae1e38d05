import type { OnnxLayerFacts } from '../../domain/model';
import type { FlatNode } from './expand.types';
import type { WeightPlan } from './plan';
import { convIntegerWeight, qLinearWeight } from './quantised';
import type { Resolver } from './resolve';
import { Unresolved } from './unresolved';

export interface ConvolutionWeight {
  plan: WeightPlan;
  /** Something decided on the way, as a sentence without its end. */
  note: string | null;
}

type WeightRule = (resolver: Resolver, node: FlatNode) => Promise<ConvolutionWeight>;

const atInput1: WeightRule = async (resolver, node) => {
  const weight = node.inputs[1];
  if (!weight) throw new Unresolved('unresolved-weight', 'it has no weight input');
  return { plan: await resolver.resolve(weight), note: null };
};

/** Convolutions whose weight is in the order the ONNX standard gives, by `domain.operator`. */
const CONVOLUTIONS: Readonly<Record<string, { operator: OnnxLayerFacts['operator']; weight: WeightRule }>> = {
  '.Conv': { operator: 'Conv', weight: atInput1 },
  '.ConvTranspose': { operator: 'ConvTranspose', weight: atInput1 },
  'com.microsoft.FusedConv': { operator: 'FusedConv', weight: atInput1 },
  '.QLinearConv': {
    operator: 'QLinearConv',
    weight: async (resolver, node) => ({ plan: await qLinearWeight(resolver, node), note: null }),
  },
  '.ConvInteger': {
    operator: 'ConvInteger',
    weight: async (resolver, node) => {
      const { plan, includesInputScale } = await convIntegerWeight(resolver, node);
      const note = includesInputScale ? 'its weights include the constant scale of its input' : null;
      return { plan, note };
    },
  },
};

export function convolutionOf(
  node: FlatNode,
): { operator: OnnxLayerFacts['operator']; weight: WeightRule } | null {
  const key = `${node.node.domain}.${node.node.operator}`;
  return Object.hasOwn(CONVOLUTIONS, key) ? CONVOLUTIONS[key] : null;
}

/** Operators that convolve by their name but keep their weights in an order of their own. */
export function isForeignConvolution(node: FlatNode): boolean {
  return /conv(?!ert)/i.test(node.node.operator) && convolutionOf(node) === null;
}
