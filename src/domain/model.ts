/** How a convolution's weight is used; `transposed` layers stay outside pooled statistics. */
export type LayerKind = 'full' | 'grouped' | 'depthwise' | 'transposed';

/** What a reader could not do or had to decide: stable words for tests and grouping. */
export const WARNING_CODES = [
  'unresolved-weight',
  'runtime-weight',
  'no-weights',
  'no-scale',
  'bad-tensor',
  'missing-external-data',
  'refused-path',
  'too-large',
  'shape-mismatch',
  'group-mismatch',
  'input-scale',
  'unknown-convolution',
  'recursive-function',
  'cycle',
  'trailing-bytes',
  'no-convolutions',
  'no-readable-weights',
  'more-warnings',
] as const;
export type WarningCode = (typeof WARNING_CODES)[number];

/** Printed with the model. */
export interface ModelWarning {
  code: WarningCode;
  /** One sentence naming node and tensor, with the reason. */
  message: string;
  /** The node it is about, as named in the file. */
  node?: string;
  /** The file that would mend it, for `missing-external-data`. */
  file?: string;
}

/** One use of a convolution weight in the network. */
export interface Layer {
  /** Position in `ModelDescription.layers`: file order. */
  index: number;
  /** The node's name as in the file; may be empty or repeated. */
  name: string;
  /** Never empty and unique within the model: what the page shows. Names are untrusted text. */
  label: string;
  kind: LayerKind;
  /** Spatial extent: [k], [k_h, k_w] or [k_d, k_h, k_w]. */
  kernel: number[];
  /** The stored weight's dimensions. */
  shape: number[];
  groups: number;
  /** Rank of the layer's depth among the distinct depths of all convolutions; null for one at no convolution's depth. */
  convDepth: number | null;
  /** convDepth / (number of distinct depths - 1), 0 where there is one; null with `convDepth`. */
  depthFraction: number | null;
  /** shape[0] * shape[1]: all stored filters, those with NaN or Inf included. */
  storedFilterCount: number;
  /** Taps of one filter: the product of `kernel`. */
  taps: number;
  /** Layers with the same number share one weight: listed at each use, pooled once. */
  weightId: number;
  /** Name of the tensor the weight comes from, for messages. */
  weightName: string;
  /** Element type as stored, e.g. `float32`, `int8 (dequantised)`. */
  storedType: string;
  dilations: number[] | null;
  strides: number[] | null;
  /** A BatchNormalization follows directly: the measured weights are not folded with it. */
  batchNorm: 'unfolded' | 'none';
  /** What only the model's format knows. */
  facts: OnnxLayerFacts;
}

/** Facts of a layer of an ONNX file. */
export interface OnnxLayerFacts {
  operator: 'Conv' | 'ConvTranspose' | 'QLinearConv' | 'ConvInteger' | 'FusedConv';
  /** Longest path from a real graph input, first node 0; 0 where no input reaches the node. */
  depth: number;
}

/** Facts of an ONNX file. */
export interface OnnxFacts {
  format: 'onnx';
  producer: string;
  irVersion: number | null;
  /** Of the first domains; how many more the file names is in `omitted`. */
  opsets: Record<string, number>;
  /** Operator type to number of nodes, over the main graph and all nested bodies: of the most frequent types. */
  operatorCounts: Record<string, number>;
  /** What a file has too much of to list it whole; absent where all is listed. */
  omitted?: { opsets: number; operatorTypes: number; operatorNodes: number };
}

/** What only one format knows of a model, by `format`. */
export type FormatFacts = OnnxFacts;

export interface ModelDescription {
  /** File name. */
  name: string;
  byteLength: number;
  facts: FormatFacts;
  /** Paths, relative to the model's folder, of the files beside it that hold its weights. */
  dataFiles: string[];
  layers: Layer[];
  warnings: ModelWarning[];
}

/** `3x3`, `7`, `3x3x3`. */
export function kernelKey(kernel: readonly number[]): string {
  return kernel.join('x');
}

/** Weights of a kernel. */
export function tapCount(kernel: readonly number[]): number {
  return kernel.reduce((product, extent) => product * extent, 1);
}

/** The size as it stands before "filters": `3x3`, and `5-tap` for 1-D kernels, where "5 filters" would count them. */
export function kernelAdjective(key: string): string {
  return key.includes('x') ? key : `${key}-tap`;
}

/** A 1x1 (or 1, 1x1x1) kernel: listed and counted, no spatial analysis. */
export function isPointwise(kernel: readonly number[]): boolean {
  return kernel.every((extent) => extent === 1);
}

/** Whether the layer's filters enter the model's pooled statistics. */
export function isPooled(layer: Pick<Layer, 'kind' | 'kernel'>): boolean {
  return layer.kind !== 'transposed' && !isPointwise(layer.kernel);
}

/** Channels the convolution takes and gives. */
export function channels({ kind, shape, groups }: Layer): [input: number, output: number] {
  const [first = 0, second = 0] = shape;
  return kind === 'transposed' ? [first, second * groups] : [second * groups, first];
}

/** Finite filters of the measured layers (by layer index): a weight that several layers use counts once. */
export function distinctFilterCount(
  description: ModelDescription | null,
  layers: readonly ({ filterCount: number } | undefined)[],
): number {
  const byWeight = new Map<number, number>();
  for (const { index, weightId } of description?.layers ?? []) {
    const layer = layers[index];
    if (layer) byWeight.set(weightId, layer.filterCount);
  }
  return [...byWeight.values()].reduce((sum, count) => sum + count, 0);
}
