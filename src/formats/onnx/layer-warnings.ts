import { formatCount } from '../../domain/format';
import type { ModelWarning } from '../../domain/model';
import type { FlatNode } from './expand.types';
import type { Unresolved } from './unresolved';
import { MAX_MESSAGE, operatorWord, quote } from './words';

/** A node for a sentence: by its name, or by what it makes. */
export function title(node: FlatNode): string {
  const { name, outputs } = node.node;
  const operator = operatorWord(node.node.operator);
  if (name !== '') return `${operator} ${quote(name)}`;
  return outputs[0] ? `${operator} (unnamed, making ${quote(outputs[0])})` : `${operator} (unnamed)`;
}

/** Enough for every layer of a large network; more help nobody. */
const MAX_WARNINGS = 1000;
/** Of all messages together. */
const MAX_CHARACTERS = 200_000;
const MAX_NODE_NAME = 1000;

export function failureWarning(node: FlatNode, { code, reason, chain, advice }: Unresolved): ModelWarning {
  const start = `${title(node)} is left out: ${reason}`;
  const end = advice === '' ? '.' : `; ${advice}.`;
  const path = pathOf(chain, MAX_MESSAGE - start.length - end.length);
  const message = `${start}${path}${end}`;
  return { code, message, node: node.node.name };
}

/** The way down to the obstacle, as much of it as has room. */
function pathOf(chain: readonly string[], room: number): string {
  if (chain.length < 2) return '';
  let path = quote(chain[0]);
  for (const name of chain.slice(1)) {
    const longer = `${path} <- ${quote(name)}`;
    if (longer.length > room) return ` (${path} <- ...)`;
    path = longer;
  }
  return ` (${path})`;
}

/** Warnings of a model, in order; of more than a reader can use only the number. */
export class WarningList {
  readonly #warnings: ModelWarning[] = [];
  #characters = 0;
  #left = 0;

  /** @param make gives the warning, asked only where it is listed: sentences are long to make */
  addMade(make: () => ModelWarning): void {
    if (this.#warnings.length < MAX_WARNINGS && this.#characters <= MAX_CHARACTERS) this.add(make());
    else this.#left++;
  }

  add(...warnings: ModelWarning[]): void {
    for (const warning of warnings) {
      this.#characters += warning.message.length;
      if (this.#warnings.length < MAX_WARNINGS && this.#characters <= MAX_CHARACTERS)
        this.#warnings.push({
          ...warning,
          ...(warning.node && { node: warning.node.slice(0, MAX_NODE_NAME) }),
        });
      else this.#left++;
    }
  }

  toArray(): ModelWarning[] {
    if (this.#left === 0) return [...this.#warnings];
    const message = `${formatCount(this.#left)} more warnings are not shown.`;
    return [...this.#warnings, { code: 'more-warnings', message }];
  }
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
