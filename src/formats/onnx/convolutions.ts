import type { OnnxLayerFacts } from '../../domain/model';
import { asStandard, atenOperator, isAtenConvolution } from './aten';
import type { FlatNode, Value } from './expand.types';
import type { WeightPlan } from './plan';
import { convIntegerWeight, qLinearWeight } from './quantised';
import type { Resolver } from './resolve';
import { Unresolved } from './unresolved';

export interface Convolution {
  operator: OnnxLayerFacts['operator'];
  /** The node, its settings as the standard names them. */
  node: FlatNode;
  plan: WeightPlan;
  /** Something decided on the way, as a sentence without its end. */
  note: string | null;
}

/** How a node is read that convolves; throws Unresolved where its weight is no constant. */
type ConvolutionRule = (resolver: Resolver, node: FlatNode) => Promise<Convolution>;

interface Kind {
  read: ConvolutionRule;
  /** Which input is the weight. */
  weight: number;
}

function standard(operator: OnnxLayerFacts['operator']): Kind {
  return {
    read: async (resolver, node) => ({ operator, node, plan: await weightAt1(resolver, node), note: null }),
    weight: 1,
  };
}

async function weightAt1(resolver: Resolver, node: FlatNode): Promise<WeightPlan> {
  const weight = node.inputs[1];
  if (!weight) throw new Unresolved('unresolved-weight', 'it has no weight input');
  return resolver.resolve(weight);
}

/** Convolutions whose weight is in the order the ONNX standard gives, by `domain.operator`. */
const CONVOLUTIONS: Readonly<Record<string, Kind>> = {
  '.Conv': standard('Conv'),
  '.ConvTranspose': standard('ConvTranspose'),
  'com.microsoft.FusedConv': standard('FusedConv'),
  '.QLinearConv': {
    read: async (resolver, node) => {
      const plan = await qLinearWeight(resolver, node);
      return { operator: 'QLinearConv', node, plan, note: null };
    },
    weight: 3,
  },
  '.ConvInteger': {
    read: async (resolver, node) => {
      const { plan, includesInputScale } = await convIntegerWeight(resolver, node);
      const note = includesInputScale ? 'its weights include the constant scale of its input' : null;
      return { operator: 'ConvInteger', node, plan, note };
    },
    weight: 1,
  },
};

const ATEN: Kind = {
  read: async (resolver, node) => ({
    ...(await asStandard(resolver, node)),
    plan: await weightAt1(resolver, node),
    note: null,
  }),
  weight: 1,
};

function kindOf(node: FlatNode): Kind | null {
  const key = `${node.node.domain}.${node.node.operator}`;
  if (Object.hasOwn(CONVOLUTIONS, key)) return CONVOLUTIONS[key];
  return isAtenConvolution(node) ? ATEN : null;
}

/** How to read a node as a layer; null where it is no convolution whose weight is stored in a known order. */
export function convolutionOf(node: FlatNode): ConvolutionRule | null {
  return kindOf(node)?.read ?? null;
}

/** Operators that convolve by their name but keep their weights in an order of their own. */
export function isForeignConvolution(node: FlatNode): boolean {
  return /conv(?!ert)/i.test(atenOperator(node) ?? node.node.operator) && kindOf(node) === null;
}

/** Every node that the weight of some convolution is computed from: a Conv among them may make a kernel. */
export function nodesBehindWeights(nodes: readonly FlatNode[]): ReadonlySet<FlatNode> {
  const behind = new Set<FlatNode>();
  const waiting: (Value | null | undefined)[] = [];
  for (const node of nodes) {
    const kind = kindOf(node);
    if (kind) waiting.push(node.inputs[kind.weight]);
  }
  while (waiting.length > 0) {
    const maker = waiting.pop()?.producer;
    if (!maker || behind.has(maker)) continue;
    behind.add(maker);
    for (const input of maker.inputs) waiting.push(input);
    for (const outputs of maker.bodies?.values() ?? []) for (const output of outputs) waiting.push(output);
  }
  return behind;
}
