import { AppError } from '../../domain/errors';
import { formatCount } from '../../domain/format';
import type { ByteSource } from '../byte-source';
import type { Companions } from '../companions';
import { Constants } from './constants';
import { Budget } from './budget';
import type { Cost } from './cost';
import { evaluatePlan } from './evaluate';
import type { FlatNode, Value } from './expand.types';
import { MAX_EXPRESSION_VALUES, MAX_STEERING_VALUES } from './limits';
import { checkedCount } from './locate';
import { valueCount, type PlanStep, type WeightPlan } from './plan';
import { PlanTable } from './plan-table';
import type { AttributeInfo, TensorInfo } from './graph.types';
import { adviceAbout, isRandom, sourcesOf } from './obstacles';
import { ruleOf } from './operators';
import type { Numeric } from '../elements/element-types';
import { notFollowed, Unresolved } from './unresolved';
import { operatorWord, quote } from './words';

/** Values asked for within each other; more than any file has nodes. */
const MAX_CHAIN = 500_000;
/** Values asked for within each other before the engine's stack is let unwind. */
const CHAIN_ON_STACK = 32;
/** Numbers of shapes kept for the next node that takes them. */
const MAX_KEPT_NUMBERS = 2 ** 20;
/** Uses of values looked through in all, for what weights depend on that cannot be followed. */
const MAX_SEARCHED_VALUES = 1_000_000;
/** Outputs of one node; real ones have at most some hundred. */
const MAX_OUTPUTS = 4096;
/** Operators whose later outputs are followed too. */
const MULTIPLE_OUTPUTS: ReadonlySet<string> = new Set(['Split', 'If']);

/** What operator rules may ask of the resolver. */
export interface StepContext {
  node: FlatNode;
  /** Which output is asked for: 0 but for operators of several. */
  output: number;
  /** Of the default domain. */
  opset: number;
  /** The plan of input `i`; throws Unresolved where it is no constant. */
  input(i: number): Promise<WeightPlan>;
  /** Same, null where the input is not given. */
  optional(i: number): Promise<WeightPlan | null>;
  /** Integers of input `i` (shape, axes), or of the attribute of that name, as older opsets have it; null where neither is. */
  integers(i: number, attribute: string): Promise<number[] | null>;
  attribute(name: string): AttributeInfo | undefined;
  /** The plan of a value that is no input, of a body. */
  resolve(value: Value): Promise<WeightPlan>;
  /** The plan of a tensor held by an attribute. */
  tensor(tensor: TensorInfo): WeightPlan;
  /** The values of a plan that steers the step. */
  numbers(plan: WeightPlan): Promise<number[]>;
  /** Counts numbers that the step writes out; throws Unresolved where those of the file are too many. */
  spend(numbers: number): void;
  /** Numbers that are written in the node. */
  list(values: number[], shape: number[], integer: boolean): WeightPlan;
  make(step: PlanStep, shape: number[], numeric: Numeric, fitsFloat32: boolean): WeightPlan;
  /** What the node's results depend on that is not in the file; null where nothing is found nearby. */
  runtimeInput(): Value | null;
}

/** How an operator's plan follows from its inputs' plans; throws Unresolved where they do not fit. */
export type Rule = (context: StepContext) => Promise<WeightPlan>;

/** Finds the constant expression behind a value, through the graph by name. */
export class Resolver {
  readonly table = new PlanTable();
  readonly #known = new Map<Value, WeightPlan | Unresolved>();
  readonly #open = new Set<Value>();
  readonly #constants: Constants;
  #searchesLeft = MAX_SEARCHED_VALUES;
  readonly #budget: Budget;
  /** What constants that steer hold, by plan. */
  readonly #numbers = new Map<number, readonly number[]>();
  #numbersKept = 0;

  readonly #file: ByteSource;
  readonly #companions: Companions;
  readonly #opset: number;
  readonly #signal: AbortSignal | undefined;

  /** @param opset of the default domain */
  constructor(file: ByteSource, companions: Companions, opset: number, signal?: AbortSignal) {
    this.#file = file;
    this.#companions = companions;
    this.#opset = opset;
    this.#signal = signal;
    this.#constants = new Constants(this.table, companions);
    this.#budget = new Budget(
      [file, ...companions.values()].reduce((sum, { byteLength }) => sum + byteLength, 0),
    );
  }

  /** @throws Unresolved with the chain of names and operators down to the obstacle */
  async resolve(value: Value): Promise<WeightPlan> {
    const known = this.#known.get(value);
    if (known instanceof Unresolved) throw known;
    if (known) return known;
    if (this.#open.has(value)) {
      throw new Unresolved('unresolved-weight', `the tensor ${quote(value.name)} depends on itself`);
    }
    if (this.#open.size >= MAX_CHAIN) {
      throw new Unresolved(
        'too-large',
        `its expression down to ${quote(value.name)} is more than ${formatCount(MAX_CHAIN)} steps long`,
      );
    }
    this.#signal?.throwIfAborted();
    this.#open.add(value);
    if (this.#open.size % CHAIN_ON_STACK === 0) await null;
    try {
      const plan = value.tensor ? this.#constants.tensor(value.tensor, value.name) : await this.#find(value);
      this.#known.set(value, plan);
      return plan;
    } catch (error) {
      if (!(error instanceof Unresolved)) throw error;
      const operator =
        value.producer && !value.tensor ? ` (${operatorWord(value.producer.node.operator)})` : '';
      const chained = error.behind(`${value.name}${operator}`);
      this.#known.set(value, chained);
      throw chained;
    } finally {
      this.#open.delete(value);
    }
  }

  /**
   * What evaluating a plan will cost, counted towards what the file may cost.
   * @throws Unresolved where that is too much
   */
  admit(plan: WeightPlan): Cost {
    return this.#budget.admit(plan);
  }

  /** The numbers of a constant that steers a node: `groups`, `transposed`. */
  async numbers(value: Value): Promise<number[]> {
    return this.#steering(await this.resolve(value), () => `the tensor ${quote(value.name)}`);
  }

  async #find(value: Value): Promise<WeightPlan> {
    const title = () => `the tensor ${quote(value.name)}`;
    if (value.sparse) return this.#constants.sparse(value.sparse, value.name);
    if (value.producer) return this.#computed(value, value.producer, title);
    if (value.kind === 'input') {
      throw new Unresolved(
        'no-weights',
        `${title()} is an input of the graph without a value: there are no weights in the file`,
      );
    }
    if (value.stack && (await this.#isConstant(value.stack))) {
      throw new Unresolved(
        'runtime-weight',
        `${title()} is one of the stacked weights ${quote(value.stack.name)} that a Scan takes in turn: stacked weights are not followed`,
        { advice: 'unroll' },
      );
    }
    if (value.kind === 'bodyInput') {
      throw new Unresolved('runtime-weight', `${title()} is handed in while the model runs`);
    }
    throw new Unresolved('unresolved-weight', `${title()} is defined nowhere in the file`);
  }

  async #isConstant(value: Value): Promise<boolean> {
    try {
      await this.resolve(value);
      return true;
    } catch (error) {
      if (error instanceof Unresolved) return false;
      throw error;
    }
  }

  async #computed(value: Value, node: FlatNode, title: () => string): Promise<WeightPlan> {
    const { operator, domain } = node.node;
    if (operator === 'Constant' && domain === '') return this.#constants.node(node, value.name);
    const rule = ruleOf(domain, operator);
    const output = node.outputs.length <= MAX_OUTPUTS ? node.outputs.indexOf(value) : Infinity;
    if (!rule || output === Infinity || (output > 0 && !MULTIPLE_OUTPUTS.has(operator)))
      throw this.#withoutRule(node, output, title());
    const plan = await rule(this.#context(node, value, output));
    const count = checkedCount(plan.shape, title);
    if (count > MAX_EXPRESSION_VALUES && plan.step !== 'tensor') {
      throw new Unresolved(
        'too-large',
        `${title()} comes to ${formatCount(count)} values; expressions are computed up to 1 GiB`,
      );
    }
    return plan;
  }

  /** Why an operator that is not followed keeps a weight from being read. */
  #withoutRule(flat: FlatNode, output: number, title: string): Unresolved {
    const { domain, operator, name } = flat.node;
    const shown = operatorWord(domain === '' ? operator : `${domain}.${operator}`);
    const which = output > 0 && output < Infinity ? `output ${output} of ` : '';
    const at = name === '' ? '' : ` (node ${quote(name)})`;
    const source = this.#runtimeInput(flat);
    if (source)
      return new Unresolved(
        'runtime-weight',
        `${title} is computed by ${which}${shown}${at} from ${quote(source.name)} while the model runs: it is not fixed in the file`,
      );
    if (isRandom(flat))
      return new Unresolved(
        'runtime-weight',
        `${title} is drawn at random by ${shown}${at} while the model runs: it is not fixed in the file`,
      );
    return notFollowed(
      `${title} is computed by ${which}${shown}${at}, which is not followed`,
      adviceAbout(flat),
    );
  }

  #context(node: FlatNode, value: Value, output: number): StepContext {
    const title = () => `the tensor ${quote(value.name)}`;
    const optional = async (i: number) => {
      const input = node.inputs[i];
      return input ? this.resolve(input) : null;
    };
    return {
      node,
      output,
      opset: this.#opset,
      optional,
      resolve: (inner) => this.resolve(inner),
      input: async (i) => {
        const plan = await optional(i);
        if (!plan)
          throw new Unresolved(
            'unresolved-weight',
            `${title()} is computed by ${node.node.operator} without its input ${i}`,
          );
        return plan;
      },
      integers: async (i, attribute) => {
        const plan = await optional(i);
        if (plan) return this.#steering(plan, title);
        const given = node.attributes.get(attribute);
        if (!given?.integers) return null;
        return given.integers.length === 0 && given.integer !== null ? [given.integer] : given.integers;
      },
      tensor: (tensor) => this.#constants.tensor(tensor, value.name),
      numbers: (plan) => this.#steering(plan, title),
      spend: (numbers) => this.#budget.steer(value.name, numbers),
      list: (values, shape, integer) => this.#constants.list(value.name, values, shape, integer),
      attribute: (name) => node.attributes.get(name),
      make: (step, shape, numeric, fits) => this.table.make(step, shape, numeric, fits),
      runtimeInput: () => this.#runtimeInput(node),
    };
  }

  async #steering(plan: WeightPlan, title: () => string): Promise<number[]> {
    if (valueCount(plan.shape) > MAX_STEERING_VALUES) {
      throw new Unresolved(
        'too-large',
        `${title()} is shaped by the tensor ${quote(plan.origin.name)} of ${formatCount(valueCount(plan.shape))} numbers; Filterscope takes up to ${formatCount(MAX_STEERING_VALUES)}`,
      );
    }
    const known = this.#numbers.get(plan.id);
    const work = known ? 0 : this.#budget.admit(plan).work;
    this.#budget.steer(plan.origin.name, valueCount(plan.shape), work);
    if (known) return [...known];
    const context = { file: this.#file, companions: this.#companions, signal: this.#signal };
    try {
      const numbers = Array.from(await evaluatePlan(plan, { ...context, subject: title() }));
      this.#numbersKept += numbers.length;
      if (this.#numbersKept <= MAX_KEPT_NUMBERS) this.#numbers.set(plan.id, numbers);
      return [...numbers];
    } catch (error) {
      if (!(error instanceof AppError) || error.code === 'unreadable') throw error;
      throw new Unresolved(
        'bad-tensor',
        `${title()} is shaped by the tensor ${quote(plan.origin.name)}, which does not hold what it promises`,
      );
    }
  }

  /** What a node's results depend on that is not in the file; null where nothing is found nearby. */
  #runtimeInput(node: FlatNode): Value | null {
    if (this.#searchesLeft <= 0) return null;
    const seen = new Set<Value | FlatNode>();
    const waiting = sourcesOf(node);
    this.#searchesLeft -= waiting.length;
    for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
      if (value === null || seen.has(value) || value.tensor || value.sparse) continue;
      seen.add(value);
      if (value.kind === 'input' || value.kind === 'bodyInput') return value;
      const maker = value.producer;
      if (!maker || seen.has(maker)) continue;
      if (isRandom(maker)) return value;
      seen.add(maker);
      const sources = sourcesOf(maker);
      this.#searchesLeft -= sources.length;
      if (this.#searchesLeft <= 0) return null;
      for (const source of sources) waiting.push(source);
    }
    return null;
  }
}
