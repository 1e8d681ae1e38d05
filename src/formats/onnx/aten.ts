import type { FlatNode } from './expand.types';
import type { AttributeInfo } from './graph.types';
import type { Resolver } from './resolve';

/** Where PyTorch's convolutions take their settings from (native_functions.yaml); data and weight are inputs 0 and 1. */
interface Signature {
  stride: number;
  dilation: number;
  groups: number;
  /** An input, or what the operator is by its name. */
  transposed: number | boolean;
}

const GENERAL: Signature = { stride: 3, dilation: 5, transposed: 6, groups: 8 };
const FORWARD: Signature = { stride: 3, dilation: 5, groups: 6, transposed: false };
const TRANSPOSED: Signature = { stride: 3, groups: 6, dilation: 7, transposed: true };

const SIGNATURES: Readonly<Record<string, Signature>> = {
  _convolution: GENERAL,
  convolution: GENERAL,
  convolution_overrideable: GENERAL,
  _convolution_mode: FORWARD,
  conv1d: FORWARD,
  conv2d: FORWARD,
  conv3d: FORWARD,
  conv_transpose1d: TRANSPOSED,
  conv_transpose2d: TRANSPOSED,
  conv_transpose3d: TRANSPOSED,
};

/**
 * The name of the PyTorch operator that a node stands for: torch.onnx falls back to `ATen` nodes that name it (in the
 * domain of ONNX Runtime, of Caffe2, or its own), or falls through to the operator itself. null for other nodes.
 */
export function atenOperator({ node }: FlatNode): string | null {
  const { domain, operator, attributes } = node;
  if (operator === 'ATen') return (attributes.get('operator')?.word ?? '').replace(/^aten::/, '');
  return domain === 'aten' || domain === 'org.pytorch.aten' ? operator : null;
}

export function isAtenConvolution(node: FlatNode): boolean {
  const operator = atenOperator(node);
  return operator !== null && Object.hasOwn(SIGNATURES, operator);
}

/** The node with its settings as the attributes of Conv or ConvTranspose, and which of the two it is. */
export async function asStandard(
  resolver: Resolver,
  node: FlatNode,
): Promise<{ operator: 'Conv' | 'ConvTranspose'; node: FlatNode }> {
  const signature = SIGNATURES[atenOperator(node) ?? ''];
  const numbers = async (i: number, name: string): Promise<number[] | null> => {
    const input = node.inputs[i];
    if (input) return resolver.numbers(input);
    const given = node.attributes.get(name);
    if (!given) return null;
    return given.integers && given.integers.length > 0 ? given.integers : [given.integer ?? 0];
  };
  const { transposed } = signature;
  const isTransposed =
    typeof transposed === 'boolean'
      ? transposed
      : ((await numbers(transposed, 'transposed'))?.[0] ?? 0) !== 0;
  const settings: [string, number[] | null][] = [
    ['group', await numbers(signature.groups, 'groups')],
    ['strides', await numbers(signature.stride, 'stride')],
    ['dilations', await numbers(signature.dilation, 'dilation')],
  ];
  const attributes = new Map<string, AttributeInfo>();
  for (const [name, integers] of settings)
    if (integers) attributes.set(name, integerAttribute(name, integers));
  return { operator: isTransposed ? 'ConvTranspose' : 'Conv', node: { ...node, attributes } };
}

function integerAttribute(name: string, integers: number[]): AttributeInfo {
  return {
    name,
    reference: '',
    integer: integers[0] ?? null,
    float: null,
    word: '',
    integers,
    floats: [],
    tensor: null,
    sparse: null,
    graphs: [],
  };
}
