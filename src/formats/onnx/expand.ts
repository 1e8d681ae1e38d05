import { AppError } from '../../domain/errors';
import { formatCount } from '../../domain/format';
import type { ModelWarning } from '../../domain/model';
import type { FlatNode, Value } from './expand.types';
import type { AttributeInfo, FunctionInfo, GraphInfo, ModelInfo, NodeInfo } from './graph.types';
import { quote } from './words';

/** Names bound while expanding; a function that calls another twice, and so on, doubles at each level. */
const MAX_BOUND_NAMES = 16_000_000;
const MAX_EXPANDED_NODES = 250_000;
const MAX_CALL_DEPTH = 100;
/** Bodies and functions within each other, which take the engine's stack; networks have some ten. */
const MAX_NESTING = 250;

export interface ExpandedGraph {
  nodes: FlatNode[];
  /** Operator type to count over the main graph, its bodies and every called function, each definition once. */
  operatorCounts: Record<string, number>;
  warnings: ModelWarning[];
}

interface Scope {
  values: Map<string, Value>;
  parent: Scope | null;
  /** The node whose body this scope is; null for the main graph and functions. */
  holder: FlatNode | null;
  /** Attributes of the calling node, inside a function. */
  call: ReadonlyMap<string, AttributeInfo> | null;
  callStack: readonly FunctionInfo[];
  /** Bodies and functions that this scope lies in. */
  nesting: number;
}

/** Binds every name to its value, lays bodies and local functions out in file order. */
export function expandModel(model: ModelInfo, file: string): ExpandedGraph {
  return new Expander(model, file).expand(model.graph);
}

class Expander {
  readonly #nodes: FlatNode[] = [];
  readonly #functions: Map<string, FunctionInfo>;
  readonly #counts = new Map<string, number>();
  readonly #counted = new Set<readonly NodeInfo[]>();
  readonly #warnings: ModelWarning[] = [];
  readonly #refused = new Set<FunctionInfo>();
  #boundNames = 0;
  #placedNodes = 0;

  readonly #file: string;

  constructor(model: ModelInfo, file: string) {
    this.#file = file;
    this.#functions = new Map(model.functions.map((f) => [functionKey(f.domain, f.name, f.overload), f]));
  }

  expand(graph: GraphInfo): ExpandedGraph {
    this.#graph(graph, null, {
      values: new Map(),
      parent: null,
      holder: null,
      call: null,
      callStack: [],
      nesting: 0,
    });
    return { nodes: this.#nodes, operatorCounts: Object.fromEntries(this.#counts), warnings: this.#warnings };
  }

  #graph(graph: GraphInfo, holder: FlatNode | null, scope: Scope): Value[] {
    const { inputs, outputs, initializers, sparseInitializers } = graph;
    this.#bind(inputs.length + outputs.length + initializers.length + sparseInitializers.length);
    for (const [i, name] of graph.inputs.entries()) {
      const value = makeValue(name, holder || scope.parent ? 'bodyInput' : 'input');
      const stack = holder && stackOf(holder, i, graph.inputs.length);
      scope.values.set(name, stack ? { ...value, stack } : value);
    }
    for (const tensor of graph.initializers) {
      const value = makeValue(tensor.name, 'initializer');
      value.tensor = tensor;
      scope.values.set(tensor.name, value);
    }
    for (const sparse of graph.sparseInitializers) {
      scope.values.set(sparse.name, { ...makeValue(sparse.name, 'initializer'), sparse });
    }
    this.#body(graph.nodes, scope);
    return holder ? graph.outputs.map((name) => this.#lookUp(name, scope)) : [];
  }

  #body(nodes: readonly NodeInfo[], scope: Scope): void {
    for (const node of nodes) for (const name of node.outputs) declare(name, scope);
    for (const node of nodes) this.#place(node, scope);
    if (this.#counted.has(nodes)) return;
    this.#counted.add(nodes);
    for (const { operator } of nodes) this.#counts.set(operator, (this.#counts.get(operator) ?? 0) + 1);
  }

  #place(node: NodeInfo, scope: Scope): void {
    if (++this.#placedNodes > MAX_EXPANDED_NODES) throw this.#tooLarge('nodes', MAX_EXPANDED_NODES);
    this.#bind(node.inputs.length + node.outputs.length + node.attributes.size);
    const inputs = node.inputs.map((name) => (name === '' ? null : this.#lookUp(name, scope)));
    const outputs = node.outputs.map((name) => (name === '' ? null : declare(name, scope)));
    const attributes = scope.call ? bindAttributes(node.attributes, scope.call) : node.attributes;
    const callee = this.#functionOf(node);
    if (callee && this.#mayCall(callee, node, scope)) {
      this.#call(callee, node, inputs, outputs, attributes, scope);
      return;
    }
    const flat = this.#push(node, inputs, outputs, attributes, scope);
    for (const attribute of attributes.values()) {
      for (const graph of attribute.graphs) {
        const outputs = this.#graph(graph, flat, {
          values: new Map(),
          parent: scope,
          holder: flat,
          call: scope.call,
          callStack: scope.callStack,
          nesting: scope.nesting + 1,
        });
        (flat.bodies ??= new Map()).set(attribute.name, outputs);
      }
    }
  }

  #functionOf({ domain, operator, overload }: NodeInfo): FunctionInfo | undefined {
    if (this.#functions.size === 0) return undefined;
    return this.#functions.get(functionKey(domain, operator, overload));
  }

  #push(
    node: NodeInfo,
    inputs: (Value | null)[],
    outputs: (Value | null)[],
    attributes: ReadonlyMap<string, AttributeInfo>,
    scope: Scope,
  ): FlatNode {
    const flat: FlatNode = {
      index: this.#nodes.length,
      node,
      inputs,
      outputs,
      holder: scope.holder,
      captured: null,
      bodies: null,
      attributes,
    };
    for (const input of inputs) {
      if (!input) continue;
      if (input.consumers.length > 0) input.consumers.push(flat);
      // One that begins empty takes room for many, and most values have one consumer.
      else input.consumers = [flat];
    }
    for (const output of outputs) {
      if (!output) continue;
      output.producer = flat;
      if (output.kind === 'undefined') output.kind = 'computed';
    }
    this.#nodes.push(flat);
    return flat;
  }

  /** Counts names that are given a value here. */
  #bind(names: number): void {
    this.#boundNames += names;
    if (this.#boundNames > MAX_BOUND_NAMES) throw this.#tooLarge('names', MAX_BOUND_NAMES);
  }

  #tooLarge(what: string, most: number): AppError {
    return new AppError(
      'too-large',
      `"${this.#file}" has more than ${formatCount(most)} ${what} once its functions are expanded; Filterscope reads no more than that.`,
      { file: this.#file },
    );
  }

  #mayCall(callee: FunctionInfo, node: NodeInfo, scope: Scope): boolean {
    const recursive = scope.callStack.includes(callee);
    const isNear = scope.callStack.length < MAX_CALL_DEPTH && scope.nesting < MAX_NESTING;
    if (!recursive && isNear) return true;
    const tooDeep =
      scope.nesting < MAX_NESTING
        ? `is called more than ${MAX_CALL_DEPTH} deep`
        : `is called within more than ${MAX_NESTING} bodies and functions`;
    const how = recursive ? 'calls itself' : tooDeep;
    if (!this.#refused.has(callee)) {
      this.#refused.add(callee);
      this.#warnings.push({
        code: 'recursive-function',
        message: `The local function ${quote(callee.name)} ${how}; the call at node ${quote(node.name)} is not expanded.`,
        node: node.name,
      });
    }
    return false;
  }

  #call(
    callee: FunctionInfo,
    node: NodeInfo,
    inputs: (Value | null)[],
    outputs: (Value | null)[],
    attributes: ReadonlyMap<string, AttributeInfo>,
    scope: Scope,
  ): void {
    this.#bind(callee.inputs.length + callee.outputs.length + callee.defaults.size + attributes.size);
    const values = new Map<string, Value>();
    const inner: Scope = {
      values,
      parent: null,
      holder: scope.holder,
      call: new Map([...callee.defaults, ...attributes]),
      callStack: [...scope.callStack, callee],
      nesting: scope.nesting + 1,
    };
    callee.inputs.forEach((name, i) => {
      if (name !== '') values.set(name, inputs[i] ?? makeValue(name, 'bodyInput'));
    });
    const passed: [Value, Value][] = [];
    callee.outputs.forEach((name, i) => {
      const outer = outputs[i];
      if (!outer || name === '') return;
      const bound = values.get(name);
      if (bound) passed.push([bound, outer]);
      else values.set(name, outer);
    });
    this.#body(callee.nodes, inner);
    for (const [from, to] of passed) {
      this.#push(
        { ...node, operator: 'Identity', domain: '', attributes: new Map() },
        [from],
        [to],
        new Map(),
        inner,
      );
    }
  }

  /** The value a name stands for, noted as captured by every body between its use and its scope. */
  #lookUp(name: string, scope: Scope): Value {
    const holders: FlatNode[] = [];
    for (let at: Scope | null = scope; at; at = at.parent) {
      const value = at.values.get(name);
      if (value) {
        for (const holder of holders) (holder.captured ??= new Set()).add(value);
        return value;
      }
      if (at.parent && at.holder) holders.push(at.holder);
    }
    const unknown = makeValue(name, 'undefined');
    scope.values.set(name, unknown);
    return unknown;
  }
}

const NO_CONSUMERS: FlatNode[] = [];

function makeValue(name: string, kind: Value['kind']): Value {
  return { name, kind, tensor: null, sparse: null, producer: null, consumers: NO_CONSUMERS };
}

/** What a Scan takes input `i` of its body from, slice by slice: the last of its inputs, as many as it says. */
function stackOf(holder: FlatNode, i: number, bodyInputs: number): Value | null {
  const { node, inputs, attributes } = holder;
  if (node.operator !== 'Scan' || node.domain !== '') return null;
  const slices = attributes.get('num_scan_inputs')?.integer ?? 0;
  return i < bodyInputs - slices ? null : (inputs[inputs.length - bodyInputs + i] ?? null);
}

/** The value an output is bound to: of this scope only, whatever outer scopes call by the same name. */
function declare(name: string, scope: Scope): Value | null {
  if (name === '') return null;
  let value = scope.values.get(name);
  if (!value) {
    value = makeValue(name, 'computed');
    scope.values.set(name, value);
  }
  return value;
}

function bindAttributes(
  own: ReadonlyMap<string, AttributeInfo>,
  call: ReadonlyMap<string, AttributeInfo>,
): ReadonlyMap<string, AttributeInfo> {
  const bound = new Map<string, AttributeInfo>();
  for (const [name, attribute] of own) {
    const value = attribute.reference === '' ? attribute : call.get(attribute.reference);
    if (value) bound.set(name, value);
  }
  return bound;
}

function functionKey(domain: string, name: string, overload: string): string {
  return JSON.stringify([domain, name, overload]);
}
