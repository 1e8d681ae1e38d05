/**
 * Bounds on what a file may ask of the walker; far beyond real graphs (the largest known take about 30 MB of skeleton),
 * near enough to end within seconds and without exhausting memory.
 */
export const SKELETON_LIMITS = {
  skeletonBytes: 64 * 1024 * 1024,
  fields: 32_000_000,
  messages: 2_000_000,
  nesting: 100,
  textBytes: 1024 * 1024,
  wordBytes: 64,
  segmentsPerTensor: 4096,
  attributeIntsBytes: 64 * 1024,
} as const;

/** Convolutions listed of one model; known networks have up to some thousand. Each costs results, a row and marks in charts. */
export const MAX_LAYERS = 10_000;

/** Values an expression may hold at any step: 1 GiB of float64. A tensor that is read in parts has no such limit. */
export const MAX_EXPRESSION_VALUES = 2 ** 27;

/** Elements of a constant that steers a step: a shape, axes, a permutation of channels. */
export const MAX_STEERING_VALUES = 16_384;

/** Memory of one evaluation, all values held at once; one runs at a time for each file. */
export const MAX_EVALUATION_BYTES = 3 * 2 ** 28;
