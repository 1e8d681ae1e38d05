import { AppError } from '../../domain/errors';
import type { ByteSource } from '../byte-source';
import { evaluatePlan } from './evaluate';
import type { FlatNode, Value } from './expand.types';
import { checkedCount, locateTensor } from './locate';
import { mainTensor, PlanTable, valueCount } from './plan';
import type { PlanStep, WeightPlan } from './plan';
import type { AttributeInfo, SparseTensorInfo, TensorInfo } from './graph.types';
import { OPERATORS } from './operators';
import { DATA_TYPES } from './tensors/dtypes';
import type { Numeric } from './tensors/dtypes';
import { VALUES } from './schema';
import { Unresolved } from './unresolved';
import { operatorWord, quote } from './words';

/** Steps of a chain; real ones have fewer than ten. */
const MAX_CHAIN = 200;
/** Values an expression may hold at any step: 1 GiB of float64. A tensor that is read in parts has no such limit. */
const MAX_EXPRESSION_VALUES = 2 ** 27;
/** Elements of a constant that steers a step: a shape, axes, a permutation. */
const MAX_STEERING_VALUES = 1024;

/** What operator rules may ask of the resolver. */
export interface StepContext {
  node: FlatNode;
  /** The plan of input `i`; throws Unresolved where it is no constant. */
  input(i: number): Promise<WeightPlan>;
  /** Same, null where the input is not given. */
  optional(i: number): Promise<WeightPlan | null>;
  /** Integers of input `i` (shape, axes), or of the attribute of that name, as older opsets have it; null where neither is. */
  integers(i: number, attribute: string): Promise<number[] | null>;
  attribute(name: string): AttributeInfo | undefined;
  make(step: PlanStep, shape: number[], numeric: Numeric, fitsFloat32: boolean): WeightPlan;
}

/** How an operator's plan follows from its inputs' plans; throws Unresolved where they do not fit. */
export type Rule = (context: StepContext) => Promise<WeightPlan>;

/** Finds the constant expression behind a value, through the graph by name. */
export class Resolver {
  readonly table = new PlanTable();
  private readonly known = new Map<Value, WeightPlan | Unresolved>();
  private readonly open = new Set<Value>();

  constructor(
    private readonly file: ByteSource,
    private readonly companions: ReadonlyMap<string, ByteSource>,
    private readonly signal?: AbortSignal,
  ) {}

  /** @throws Unresolved with the chain of names and operators down to the obstacle */
  async resolve(value: Value): Promise<WeightPlan> {
    const known = this.known.get(value);
    if (known instanceof Unresolved) throw known;
    if (known) return known;
    if (this.open.has(value)) {
      throw new Unresolved('unresolved-weight', `the tensor ${quote(value.name)} depends on itself`);
    }
    if (this.open.size >= MAX_CHAIN) {
      throw new Unresolved('unresolved-weight', `its expression is more than ${MAX_CHAIN} steps long`);
    }
    this.signal?.throwIfAborted();
    this.open.add(value);
    try {
      const plan = await this.find(value);
      this.known.set(value, plan);
      return plan;
    } catch (error) {
      if (!(error instanceof Unresolved)) throw error;
      const operator =
        value.producer && !value.tensor ? ` (${operatorWord(value.producer.node.operator)})` : '';
      const chained = new Unresolved(error.code, error.reason, error.file);
      chained.chain.push(`${value.name}${operator}`, ...error.chain.slice(0, 8));
      this.known.set(value, chained);
      throw chained;
    } finally {
      this.open.delete(value);
    }
  }

  /** A tensor as a plan; `name` where the tensor has none of its own. */
  tensor(tensor: TensorInfo, name: string): WeightPlan {
    const location = locateTensor(tensor, tensor.name || name, this.companions);
    const type = DATA_TYPES[tensor.dataType];
    return this.table.make({ step: 'tensor', tensor: location }, tensor.dims, type.numeric, type.fitsFloat32);
  }

  private async find(value: Value): Promise<WeightPlan> {
    const title = `the tensor ${quote(value.name)}`;
    if (value.tensor) return this.tensor(value.tensor, value.name);
    if (value.sparse) return this.sparse(value.sparse, value.name);
    if (value.producer) return this.computed(value, value.producer, title);
    if (value.kind === 'input') {
      throw new Unresolved(
        'no-weights',
        `${title} is an input of the graph without a value: there are no weights in the file`,
      );
    }
    if (value.kind === 'bodyInput') {
      throw new Unresolved('unresolved-weight', `${title} is handed in while the model runs`);
    }
    throw new Unresolved('unresolved-weight', `${title} is defined nowhere in the file`);
  }

  private async computed(value: Value, node: FlatNode, title: string): Promise<WeightPlan> {
    const { operator, domain } = node.node;
    if (operator === 'Constant' && domain === '') return this.constant(node, value.name);
    if (operator === 'ConstantOfShape') {
      throw new Unresolved(
        'no-weights',
        `${title} is filled with one value by ConstantOfShape: the file holds no learned weights for it`,
      );
    }
    const rule = domain === '' || domain === 'com.microsoft' ? OPERATORS[operator] : undefined;
    if (!rule || !Object.hasOwn(OPERATORS, operator) || node.outputs[0] !== value) {
      const shown = operatorWord(domain === '' ? operator : `${domain}.${operator}`);
      throw new Unresolved('unresolved-weight', `${title} is computed by ${shown}, which is not followed`);
    }
    const plan = await rule(this.context(node, title));
    const count = checkedCount(plan.shape, title);
    if (count > MAX_EXPRESSION_VALUES && plan.step !== 'tensor') {
      throw new Unresolved(
        'too-large',
        `${title} comes to ${count} values; expressions are computed up to 1 GiB`,
      );
    }
    return plan;
  }

  private context(node: FlatNode, title: string): StepContext {
    const optional = async (i: number) => {
      const value = node.inputs[i];
      return value ? this.resolve(value) : null;
    };
    return {
      node,
      optional,
      input: async (i) => {
        const plan = await optional(i);
        if (!plan)
          throw new Unresolved(
            'unresolved-weight',
            `${title} is computed by ${node.node.operator} without its input ${i}`,
          );
        return plan;
      },
      integers: async (i, attribute) => {
        const plan = await optional(i);
        if (plan) return this.steering(plan, title);
        const given = node.attributes.get(attribute);
        return given ? given.integers : null;
      },
      attribute: (name) => node.attributes.get(name),
      make: (step, shape, numeric, fits) => this.table.make(step, shape, numeric, fits),
    };
  }

  private async steering(plan: WeightPlan, title: string): Promise<number[]> {
    if (valueCount(plan.shape) > MAX_STEERING_VALUES) {
      throw new Unresolved(
        'unresolved-weight',
        `${title} is shaped by more than ${MAX_STEERING_VALUES} numbers`,
      );
    }
    const { file, companions, signal } = this;
    try {
      return Array.from(await evaluatePlan(plan, { file, companions, signal, subject: title }));
    } catch (error) {
      if (!(error instanceof AppError) || error.code === 'unreadable') throw error;
      throw new Unresolved(
        'bad-tensor',
        `${title} is shaped by the tensor ${quote(mainTensor(plan).name)}, which does not hold what it promises`,
      );
    }
  }

  private constant(node: FlatNode, name: string): WeightPlan {
    const title = `the tensor ${quote(name)}`;
    for (const attribute of node.attributes.values()) {
      if (attribute.tensor) return this.tensor(attribute.tensor, name);
      if (attribute.sparse) return this.sparse(attribute.sparse, name);
      if (attribute.floats.length > 0) return this.floats(attribute, name);
      const literal = this.literal(attribute, name);
      if (literal) return literal;
    }
    throw new Unresolved('unresolved-weight', `${title} is a Constant without a tensor`);
  }

  /** Constant with `value_int`, `value_ints` or `value_float`. */
  private literal(attribute: AttributeInfo, constant: string): WeightPlan | null {
    const { name, integers, integer, float } = attribute;
    const make = (values: number[], shape: number[], isInteger: boolean) =>
      this.table.make(
        { step: 'literal', name: constant, values, integer: isInteger },
        shape,
        isInteger ? 'float64' : 'float32',
        !isInteger,
      );
    if (name === 'value_ints' && integers) return make(integers, [integers.length], true);
    if (name === 'value_float' && float !== null) return make([float], [], false);
    if (name === 'value_int' && integer !== null) return make([integer], [], true);
    return null;
  }

  /** Constant with `value_floats`. */
  private floats(attribute: AttributeInfo, name: string): WeightPlan {
    const dims = [attribute.floats.reduce((sum, s) => sum + (s.count ?? 0), 0)];
    const payload = { raw: null, typed: { [VALUES.float]: attribute.floats } };
    return this.tensor({ name, dataType: 1, dims, payload, external: null }, name);
  }

  private sparse(sparse: SparseTensorInfo, name: string): WeightPlan {
    const title = `the sparse tensor ${quote(name)}`;
    const values = this.tensor(sparse.values, name);
    const indices = this.tensor(sparse.indices, `${name} (indices)`);
    const count = checkedCount(sparse.dims, title);
    if (count > MAX_EXPRESSION_VALUES)
      throw new Unresolved('too-large', `${title} comes to ${count} values; 1 GiB is the most`);
    const stored = valueCount(values.shape);
    const rank = sparse.dims.length;
    const fits =
      values.shape.length === 1 &&
      stored <= count &&
      ((indices.shape.length === 1 && indices.shape[0] === stored) ||
        (indices.shape.length === 2 && indices.shape[0] === stored && indices.shape[1] === rank));
    if (!fits) {
      throw new Unresolved(
        'bad-tensor',
        `${title} has values of shape [${values.shape}] but indices of shape [${indices.shape}]`,
      );
    }
    return this.table.make(
      { step: 'sparse', values, indices },
      sparse.dims,
      values.numeric,
      values.fitsFloat32,
    );
  }
}
