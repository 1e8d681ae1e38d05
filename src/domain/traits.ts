import type { EntropyNull } from './results';

/**
 * How the weights of a layer are spread, against Gaussian filters of the same number and size: what tells initial weights
 * from trained ones where variance entropy cannot. All are free of the weights' scale.
 */
export interface InitialSigns {
  /** Finite weights, and the filters they make. */
  weightCount: number;
  filterCount: number;
  /** N sum w^4 / (sum w^2)^2 - 3: 0 for a normal start, -1.2 for a uniform one. */
  kurtosis: Sign;
  /** Squared coefficient of variation of |f|^2: 2 / d for a normal start, 0.8 / d for a uniform one. */
  filterSpread: Sign;
  /** The same of the squared norms of the stored weight's rows and columns; null where they are few, or of one filter each. */
  rowSpread: Sign | null;
  columnSpread: Sign | null;
  /** Standard deviation of the weights. */
  deviation: number;
}

/** A figure and where it lies in its distribution for Gaussian weights, known in closed form. */
export interface Sign {
  value: number;
  /** Standard deviations from the mean of the Gaussian null. */
  z: number;
  mean: number;
  deviation: number;
}

/** What a bank of filters was built as, told by its weights alone. */
export type Design =
  'constant' | 'one-hot' | 'bilinear' | 'blur' | 'edge' | 'wavelet' | 'sinusoid' | 'symmetric' | 'repeated';

/**
 * Largest |w| of each channel over its finite filters, by which dead channels are told at any threshold. Rows are the output
 * channels of a convolution and the input channels of a transposed one, columns the others, group by group.
 */
export interface ChannelPeaks {
  rows: Float64Array;
  columns: Float64Array;
}

/** Filters and channels that repeat an earlier one, up to scale and sign. */
export interface Doubles {
  /** Null for kernels of one tap, and where there are too many alike to compare. */
  filters: DoubleList | null;
  /** Filters that would be doubles if all were Gaussian. */
  filtersByChance: number;
  /** Channels of one group are compared; null where a channel has a single filter, or there are too many. */
  rows: DoubleList | null;
  columns: DoubleList | null;
}

export interface DoubleList {
  /** Those with |cos| > 0.999 to one before them. */
  count: number;
  /** Of these, those of opposite sign. */
  flipped: number;
  /** The first of them, each with one before it that it repeats. */
  pairs: [double: number, of: number][];
}

/** What is told of a layer beside its quality. */
export interface LayerTraits {
  /** Null for fewer than two filters of some weight. */
  signs: InitialSigns | null;
  design: Design | null;
  peaks: ChannelPeaks;
  /** Measured last; null until then and where the weights are not held at once. */
  doubles: Doubles | null;
  /** H of random layers of this size; measured last. */
  entropyNull: EntropyNull | null;
}
