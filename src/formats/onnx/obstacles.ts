import type { FlatNode, Value } from './expand.types';
import type { Advice } from './unresolved';

/** What a node takes, its bodies included. */
export function sourcesOf({ inputs, captured }: FlatNode): (Value | null)[] {
  return [...inputs, ...(captured ?? [])];
}

const RANDOM: ReadonlySet<string> = new Set([
  'Bernoulli',
  'Multinomial',
  'RandomNormal',
  'RandomNormalLike',
  'RandomUniform',
  'RandomUniformLike',
]);

/** Whether a node gives other values each time the model runs. */
export function isRandom({ node }: FlatNode): boolean {
  return node.domain === '' && RANDOM.has(node.operator);
}

/** What helps where constants go into an operator that is not followed. */
export function adviceAbout({ node, bodies }: FlatNode): Advice {
  // Constant folding knows the operators of the standard and of ONNX Runtime, and leaves loops alone.
  if (node.domain !== '' && node.domain !== 'com.microsoft') return 'standard';
  if (bodies) return 'unroll';
  return node.operator === 'DynamicQuantizeLinear' ? 'unquantised' : 'fold';
}
