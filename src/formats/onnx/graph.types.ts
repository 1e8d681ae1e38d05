import type { Payload, Segment } from './payload';

/** A tensor as declared: where its values lie, nothing read yet. */
export interface TensorInfo {
  name: string;
  /** Number of TensorProto.DataType; 0 where undefined. */
  dataType: number;
  dims: number[];
  payload: Payload;
  external: { location: string; offset: string; length: string } | null;
}

export interface SparseTensorInfo {
  name: string;
  values: TensorInfo;
  indices: TensorInfo;
  dims: number[];
}

/** Read by field: files of IR 1 leave the type of an attribute unset. */
export interface AttributeInfo {
  name: string;
  /** Inside a function: the attribute of the call that stands here. */
  reference: string;
  integer: number | null;
  float: number | null;
  /** '' where it is none, or longer than any mode is. */
  word: string;
  /** null where the list was too long to keep. */
  integers: number[] | null;
  floats: Segment[];
  tensor: TensorInfo | null;
  sparse: SparseTensorInfo | null;
  graphs: GraphInfo[];
}

export interface NodeInfo {
  name: string;
  operator: string;
  /** '' for the default domain, also where the file says `ai.onnx`. */
  domain: string;
  overload: string;
  inputs: string[];
  outputs: string[];
  attributes: ReadonlyMap<string, AttributeInfo>;
}

export interface GraphInfo {
  nodes: NodeInfo[];
  initializers: TensorInfo[];
  sparseInitializers: SparseTensorInfo[];
  inputs: string[];
  outputs: string[];
}

export interface FunctionInfo {
  name: string;
  domain: string;
  overload: string;
  inputs: string[];
  outputs: string[];
  nodes: NodeInfo[];
  defaults: ReadonlyMap<string, AttributeInfo>;
}

export interface ModelInfo {
  irVersion: number | null;
  producer: string;
  opsets: Record<string, number>;
  graph: GraphInfo;
  functions: FunctionInfo[];
  /** Every path that a tensor names as the place of its values, as written. */
  locations: ReadonlySet<string>;
}
