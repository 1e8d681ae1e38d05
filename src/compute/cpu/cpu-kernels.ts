import type { Floats } from '../job';
import type { RowSquares } from '../row-gram-plan';

/** Filters and the basis they are projected on; `components` d x d row-major, row i component i. */
export interface Projection {
  x: Floats;
  peaks: Floats;
  components: Floats;
  offsets: Floats;
}

/** The kernels of kernels.ts on typed arrays, one block of partials each, sums in float64. */
export interface CpuKernels {
  peaks(x: Floats, taps: number): Floats;
  moments(x: Floats, peaks: Floats, shifts: Floats, threshold: number): Float64Array;
  rowSquares: RowSquares;
  rowGram(rows: Floats, scales: Floats, split: number): number;
  range(projection: Projection): [number, number];
  histogram(projection: Projection, low: number, high: number, bins: number): Int32Array;
  density(projection: Projection, first: number, second: number, size: number, extent: number): Int32Array;
  coefficients(projection: Projection): Float32Array;
}
