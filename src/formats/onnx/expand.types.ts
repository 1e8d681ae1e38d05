import type { AttributeInfo, NodeInfo, SparseTensorInfo, TensorInfo } from './graph.types';

/** A tensor of the running graph, one for each place it exists at once functions are expanded. */
export interface Value {
  name: string;
  /** `input`: an input of the main graph; `bodyInput`: one of an If, Loop or Scan body; `undefined`: named but made nowhere. */
  kind: 'input' | 'bodyInput' | 'initializer' | 'computed' | 'undefined';
  tensor: TensorInfo | null;
  sparse: SparseTensorInfo | null;
  producer: FlatNode | null;
  consumers: FlatNode[];
  /** What a Scan takes this input of its body from, a slice each turn. */
  stack?: Value;
}

/** A node of the expanded graph, its names bound to values. */
export interface FlatNode {
  /** Position in file order, bodies and expanded functions at the place of the node that holds or calls them. */
  index: number;
  node: NodeInfo;
  inputs: (Value | null)[];
  outputs: (Value | null)[];
  /** The node whose body this one lies in. */
  holder: FlatNode | null;
  /** Values of outer scopes that the bodies of this node use. */
  captured: Set<Value> | null;
  /** What the bodies of this node give, by the attribute that holds the body. */
  bodies: Map<string, Value[]> | null;
  /** Attributes with references to those of the calling node resolved. */
  attributes: ReadonlyMap<string, AttributeInfo>;
}
