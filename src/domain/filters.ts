/** Float64 where the exact weights do not fit float32 (double tensors, dequantised integers). */
export type Weights = Float32Array | Float64Array;

/**
 * Filters of one layer (or a run of them), row-major: filter i is values[i * taps ... (i + 1) * taps), its taps in
 * row-major spatial order; filters in (first, second) order of the stored weight's leading two dimensions.
 */
export interface FilterBank {
  values: Weights;
  count: number;
  taps: number;
}
