import type { ModelWarning } from '../../domain/model';
import type { FlatNode } from './expand.types';
import type { Unresolved } from './unresolved';
import { operatorWord, quote } from './words';

/** A node for a sentence: by its name, or by what it makes. */
export function title(node: FlatNode): string {
  const { name, outputs } = node.node;
  const operator = operatorWord(node.node.operator);
  if (name !== '') return `${operator} ${quote(name)}`;
  return outputs[0] ? `${operator} (unnamed, making ${quote(outputs[0])})` : `${operator} (unnamed)`;
}

/** What to do about a weight that cannot be read. */
const ADVICE: Readonly<Record<Unresolved['code'], string>> = {
  'unresolved-weight': '; export the model with constant folding, so that the weight is stored as a tensor',
  'runtime-weight': '',
  'no-weights': '; export the model with its weights in it',
  'no-scale': '; export it with the scales of its integers, or before it is quantised',
  'bad-tensor': '; export the model again',
  'missing-external-data': '; drop that file together with the model',
  'refused-path': '; export the model with its weights beside it',
  'too-large': '',
};

export function failureWarning(node: FlatNode, { code, reason, chain }: Unresolved): ModelWarning {
  const path = chain.length > 1 ? ` (${chain.map((name) => quote(name)).join(' <- ')})` : '';
  const message = `${title(node)} is left out: ${reason}${path}${ADVICE[code]}.`;
  return { code, message, node: node.node.name };
}

export function foreignWarning(node: FlatNode): ModelWarning {
  const { domain, operator, name } = node.node;
  const reason = /deform/i.test(operator)
    ? 'its taps move with the input, so its kernels have no fixed shape'
    : 'the order it stores its weights in is not known, and not guessed; export the model with standard operators';
  return {
    code: 'unknown-convolution',
    message: `${title(node)}${domain ? ` of the domain ${quote(domain)}` : ''} is left out: ${reason}.`,
    node: name,
  };
}

export function cycleWarning(cyclic: FlatNode[]): ModelWarning {
  const first = cyclic[0];
  return {
    code: 'cycle',
    message: `${cyclic.length} nodes lie on a cycle or behind one (the first is ${title(first)}); their depth is unknown and given as 0.`,
    node: first.node.name,
  };
}
