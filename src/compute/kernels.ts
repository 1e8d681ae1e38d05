/**
 * Custom TensorFlow.js kernels, registered under the same names for the `cpu` and the `webgpu` backend, so that one
 * driver (chunking, shifts, joining partial sums in float64) runs on both.
 *
 * Notation: x is a bank [n, d] (float32; on `cpu` the tensor's storage may be a Float64Array), peaks [n] holds max |w| of
 * each filter and NaN for a filter that is not finite, which every kernel then skips. "partials [blocks, ...]" are sums
 * over disjoint runs of filters, joined in float64 by the driver; the number of blocks is the kernel's choice but
 * depends on the shapes alone, so that results do not vary from run to run.
 *
 * | kernel               | inputs                                       | attributes                | result |
 * |----------------------|----------------------------------------------|---------------------------|--------|
 * | FilterPeaks          | x                                            |                           | peaks [n] |
 * | FilterMoments        | x, peaks, shifts [2, d]                      | threshold                 | partials [blocks, 3 * (1 + d + d(d+1)/2) + 2] |
 * | RowGram              | rows [c, m] (finite), scales [c]              | split                     | partials [blocks]: sums of |g_ij|, g_ij = scales_i scales_j (rows_i . rows_j), over i < j where split is 0, else over i < split <= j |
 * | BatchedEigen         | matrices [b, d, d] (symmetric)               |                           | [values [b, d], vectors [b, d, d]], unsorted, signs free; row i of vectors belongs to value i |
 * | CoefficientRange     | x, peaks, components [d, d], offsets [d]     |                           | partials [blocks, 2]: min, max |
 * | CoefficientHistogram | x, peaks, components, offsets                | low, high, bins           | int32 [d, bins], to be read as u32 |
 * | CoefficientDensity   | x, peaks, components, offsets                | first, second, size, extent | int32 [size, size], to be read as u32 |
 * | Coefficients         | x, peaks, components, offsets                |                           | [n, d] |
 *
 * FilterMoments: three sets a row: clean (peak >= threshold), sparse (peak < threshold), scaled (x / peak, zero filters
 * stay zero); each set is count, sum of (v - shift) [d], upper triangle (row-major, i <= j) of the sum of
 * (v - shift)(v - shift)^T. Row 0 of shifts serves clean and sparse, row 1 scaled. Then sum |w| and sum w^2 over all.
 * The shift lies near the mean, so that float32 partials lose nothing to a large mean; an all-equal bank gives exact zeros.
 *
 * RowGram: scales_i is 1 / (L2 norm of row i), 0 for a zero row; the driver takes care that no square leaves the range of
 * the backend's floats. `split` lets it take a large weight panel against panel.
 *
 * Coefficients: c_i = (x . v_i) / peak - offsets_i with offsets_i = mean . v_i; for a zero filter c_i = -offsets_i.
 * Histogram bins follow numpy.histogram: bin k is [low + k w, low + (k+1) w), the last one closed, values outside not counted.
 *
 * What a kernel reads and computes per filter of d taps in float32, and what bounds it on a GPU of 10 multiply-adds per byte of
 * bandwidth (an H100 has 33.5e12 a second to 3.35e12 bytes):
 *
 * | kernel               | bytes read (written)   | multiply-adds      | 3x3: per byte | bound by |
 * |----------------------|------------------------|--------------------|---------------|----------|
 * | FilterPeaks          | 4 d (4)                | d comparisons      | 0.2           | bandwidth |
 * | FilterMoments        | 4 d + 4                | d (d + 3)          | 2.7           | bandwidth; arithmetic from d of about 40 on |
 * | CoefficientRange     | 4 d + 4                | d^2                | 2.0           | bandwidth; arithmetic from d of about 40 on |
 * | CoefficientHistogram | 4 d + 4                | d^2, d additions to counts in workgroup memory | 2.0 | the counts: atomic additions |
 * | CoefficientDensity   | 4 d + 4                | 2 d, one addition to a count in device memory | 0.5 | the counts |
 * | Coefficients         | 4 d + 4 (4 d)          | d^2                | 1.1           | bandwidth |
 * | RowGram              | 4 d                    | c d / 2, c the rows of the layer | c / 8 | arithmetic from some hundred rows on |
 * | BatchedEigen         | once per layer         | about 8 sweeps of 4 d^3 per matrix |  | latency: too little work to fill a GPU |
 *
 * Accuracy. On `cpu` all is float64 but the products of RowGram, float32 over runs of 14 joined in float64: each |g_ij| is off by
 * at most (14 + 2) 2^-24 = 9.6e-7. In float32 (`webgpu`), as the tests and the self-test hold: peaks exact; moments 1e-6 of
 * the spread of their taps; coefficients and the range 1e-6, so that a count may stand in the next bin where its filter
 * lies that near an edge; eigenvalues 1e-5 of the largest; orthogonality 1e-5.
 */
export const KERNEL = {
  peaks: 'FilterPeaks',
  moments: 'FilterMoments',
  rowGram: 'RowGram',
  eigen: 'BatchedEigen',
  range: 'CoefficientRange',
  histogram: 'CoefficientHistogram',
  density: 'CoefficientDensity',
  coefficients: 'Coefficients',
} as const;

/** Width of a FilterMoments partial row. */
export function momentsWidth(taps: number): number {
  return 3 * (1 + taps + (taps * (taps + 1)) / 2) + 2;
}
