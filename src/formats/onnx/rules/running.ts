import type { Rule } from '../resolve';
import { Unresolved } from '../unresolved';
import { operatorWord, quote } from '../words';

/**
 * A rule for what networks compute from their data as well: a weight that comes from an input of the graph through such an
 * operator is no weight that was left out of the file, but one made anew each time the model runs.
 */
export function alsoOfData(rule: Rule): Rule {
  return async (c) => {
    try {
      return await rule(c);
    } catch (error) {
      const input = error instanceof Unresolved && error.code === 'no-weights' ? c.runtimeInput() : null;
      if (!input) throw error;
      const made = quote(c.node.outputs[c.output]?.name ?? '');
      throw new Unresolved(
        'runtime-weight',
        `the tensor ${made} is computed by ${operatorWord(c.node.node.operator)} from ${quote(input.name)} while the model runs: it is not fixed in the file`,
      );
    }
  };
}
