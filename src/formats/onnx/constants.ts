import { formatCount } from '../../domain/format';
import type { Companions } from '../companions';
import type { FlatNode } from './expand.types';
import type { AttributeInfo, SparseTensorInfo, TensorInfo } from './graph.types';
import { MAX_EXPRESSION_VALUES } from './limits';
import { checkedCount, locateTensor } from './locate';
import type { WeightPlan } from './plan';
import type { PlanTable } from './plan-table';
import { VALUES } from './schema';
import { DATA_TYPES } from './tensors/dtypes';
import { Unresolved } from './unresolved';
import { list, quote } from './words';

/** Plans of what a file gives as it is: initializers, sparse ones, and Constant nodes in every form. */
export class Constants {
  readonly #table: PlanTable;
  readonly #companions: Companions;

  constructor(table: PlanTable, companions: Companions) {
    this.#table = table;
    this.#companions = companions;
  }

  /** A tensor as a plan; `name` where the tensor has none of its own. */
  tensor(tensor: TensorInfo, name: string): WeightPlan {
    const location = locateTensor(tensor, tensor.name || name, this.#companions);
    const type = DATA_TYPES[tensor.dataType];
    return this.#table.make(
      { step: 'tensor', tensor: location },
      tensor.dims,
      type.numeric,
      type.fitsFloat32,
    );
  }

  /** What a Constant node gives. */
  node(node: FlatNode, name: string): WeightPlan {
    for (const attribute of node.attributes.values()) {
      if (attribute.tensor) return this.tensor(attribute.tensor, name);
      if (attribute.sparse) return this.sparse(attribute.sparse, name);
      if (attribute.floats.length > 0) return this.#floats(attribute, name);
      const literal = this.#literal(attribute, name);
      if (literal) return literal;
    }
    throw new Unresolved(
      'unresolved-weight',
      `the tensor ${quote(name)} is given by a Constant without a tensor`,
    );
  }

  /** `value_int`, `value_ints` or `value_float`. */
  #literal(attribute: AttributeInfo, constant: string): WeightPlan | null {
    const { name, integers, integer, float } = attribute;
    if (name === 'value_ints' && integers) return this.list(constant, integers, [integers.length], true);
    if (name === 'value_float' && float !== null) return this.list(constant, [float], [], false);
    if (name === 'value_int' && integer !== null) return this.list(constant, [integer], [], true);
    return null;
  }

  /** Numbers that are no tensor of the file. */
  list(name: string, values: number[], shape: number[], integer: boolean): WeightPlan {
    const numeric = integer ? 'integer' : 'float32';
    return this.#table.make({ step: 'literal', name, values }, shape, numeric, !integer);
  }

  /** `value_floats`. */
  #floats(attribute: AttributeInfo, name: string): WeightPlan {
    const dims = [attribute.floats.reduce((sum, s) => sum + (s.count ?? 0), 0)];
    const payload = { raw: null, typed: { [VALUES.float]: attribute.floats } };
    return this.tensor({ name, dataType: 1, dims, payload, external: null }, name);
  }

  /** COO: values, and where they stand: flat positions [NNZ], or one coordinate an axis [NNZ, rank]. */
  sparse(sparse: SparseTensorInfo, name: string): WeightPlan {
    const title = () => `the sparse tensor ${quote(name)}`;
    const values = this.tensor(sparse.values, name);
    const indices = this.tensor(sparse.indices, `${name} (indices)`);
    const count = checkedCount(sparse.dims, title);
    if (count > MAX_EXPRESSION_VALUES)
      throw new Unresolved(
        'too-large',
        `${title()} of shape ${list(sparse.dims)} comes to ${formatCount(count)} values; 1 GiB is the most`,
      );
    const [stored] = values.shape;
    const places = indices.shape;
    const fits =
      values.shape.length === 1 &&
      stored <= count &&
      places[0] === stored &&
      (places.length === 1 || (places.length === 2 && places[1] === sparse.dims.length));
    if (!fits) {
      throw new Unresolved(
        'bad-tensor',
        `${title()} of shape ${list(sparse.dims)} has values of shape ${list(values.shape)} but indices of shape ${list(places)}`,
      );
    }
    if (indices.numeric !== 'integer')
      throw new Unresolved('bad-tensor', `${title()} has indices that are no integers`);
    const step = { step: 'sparse', values, indices } as const;
    return this.#table.make(step, sparse.dims, values.numeric, values.fitsFloat32);
  }
}
