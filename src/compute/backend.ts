import type { Eigen } from '../analysis/eigen';
import type { FilterBank } from '../domain/filters';
import type { BackendName, Basis, CoefficientHistogram, LayerMoments } from '../domain/results';

export interface MomentsOptions {
  sparsityEpsilon: number;
  /** The layer's peak where the bank is one chunk of a larger layer; the bank's own peak otherwise. */
  layerPeak?: number;
}

/**
 * The domain's verbs over filter banks. Filters holding NaN or Inf are skipped by every verb. Every verb gives the same
 * bytes when run twice on one backend. Inputs are never modified or transferred.
 */
export interface ComputeBackend {
  readonly name: BackendName;
  readonly description: string;

  /** One look at each filter: peaks, norms, sparse filters, moments of raw, clean and scaled filters. */
  layerMoments(bank: FilterBank, options: MomentsOptions): Promise<LayerMoments>;

  /**
   * Section 4's orthogonality of the weight as `rows` rows (the stored weight's first dimension): rows L2-normalised,
   * zero rows stay zero, rows with NaN or Inf left out; null for fewer than two rows left.
   */
  orthogonality(bank: FilterBank, rows: number): Promise<number | null>;

  /** Batched symmetric eigendecomposition of d x d row-major matrices. */
  eigen(matrices: readonly Float64Array[], taps: number): Promise<Eigen[]>;

  /** Smallest and largest coefficient over all components of the scaled filters; null for no finite filter. */
  coefficientRange(bank: FilterBank, basis: Basis): Promise<[number, number] | null>;

  /** Exact counts of each component's coefficients in `bins` equal bins over `range`, last bin closed. */
  coefficientHistogram(
    bank: FilterBank,
    basis: Basis,
    range: readonly [number, number],
    bins: number,
  ): Promise<CoefficientHistogram>;

  /**
   * 2-D counts of two components: `size` x `size` cells over [-extent, extent]^2, row-major with the y component
   * (second) rising by row; filters outside are not counted.
   */
  coefficientDensity(
    bank: FilterBank,
    basis: Basis,
    components: readonly [number, number],
    size: number,
    extent: number,
  ): Promise<Uint32Array>;

  /** Coefficients of scaled filters, count x taps row-major (NaN rows for filters that are not finite). */
  coefficients(bank: FilterBank, basis: Basis): Promise<Float32Array>;

  /** Frees device memory; the backend is not used afterwards. */
  dispose(): void;
}
