import type { Weights } from './filters';
import type { Layer } from './model';
import type { LayerTraits } from './traits';

export type BackendName = 'webgpu' | 'cpu';

/** What the setting or the address asks for. */
export interface BackendPreference {
  /** `automatic`: WebGPU where a real adapter passes the self-test, else CPU. */
  backend: 'automatic' | BackendName;
}

/** Which backend runs, and why not another. */
export interface BackendReport {
  name: BackendName;
  /** Adapter or engine in words, e.g. `NVIDIA Ampere (WebGPU)`, `CPU (WebAssembly SIMD)`. */
  description: string;
  /** `automatic` or forced by the setting or the address. */
  choice: 'automatic' | 'forced';
  /** Backends tried or passed over, each with a sentence of reason. */
  refused: { name: BackendName; reason: string }[];
}

/** Mean and centred scatter sum((x - mean)(x - mean)^T) of `count` vectors; scatter is d x d row-major. */
export interface Moments {
  count: number;
  mean: Float64Array;
  scatter: Float64Array;
}

/** What one pass over a layer's filters yields; everything else about the layer derives from it. */
export interface LayerMoments {
  /** Finite filters. */
  filterCount: number;
  /** Filters left out because they hold NaN or Inf. */
  nonFiniteCount: number;
  /** max |w| over finite filters; 0 where there is none. */
  peak: number;
  normL1: number;
  normL2: number;
  /** Filters with max |w| < sparsityEpsilon * peak; all of them where the peak is 0. */
  sparseCount: number;
  sparsityEpsilon: number;
  raw: Moments;
  /** As `raw`, sparse filters left out. */
  clean: Moments;
  /** Filters divided by their own max |w|; all-zero filters stay zero. */
  scaled: Moments;
}

/** Section 4 of the definitions; names as exported. */
export interface LayerQuality {
  /** Share of sparse filters; null where the layer has no finite filter. */
  sparsity: number | null;
  varianceEntropy: number;
  /** Only for 3x3 kernels with n >= 9. */
  randomThreshold: number | null;
  varianceEntropyRatio: number | null;
  varianceEntropyClean: number;
  varianceEntropyCleanRatio: number | null;
  orthogonality: number | null;
  normL1: number;
  normL2: number;
  peak: number;
}

/** Of a layer whose weights were not looked at: nothing is known. */
export const UNMEASURED_QUALITY: LayerQuality = {
  sparsity: null,
  varianceEntropy: NaN,
  randomThreshold: null,
  varianceEntropyRatio: null,
  varianceEntropyClean: NaN,
  varianceEntropyCleanRatio: null,
  orthogonality: null,
  normL1: NaN,
  normL2: NaN,
  peak: NaN,
};

/** Variance entropy of random layers. */
export interface EntropyNull {
  mean: number;
  /** 2.5 % and 97.5 % quantile over the draws. */
  low: number;
  high: number;
  draws: number;
  /** Two standard errors of `low`. */
  error: number;
}

/** What is derived from a layer's statistics, and a few of its kernels. */
export interface LayerResult {
  index: Layer['index'];
  filterCount: number;
  nonFiniteCount: number;
  quality: LayerQuality;
  /** Share of variance of each principal component of the raw filters, falling; [] for pointwise layers. */
  varianceShares: Float64Array;
  /** Variance of each tap over the raw filters (n - 1), spatial order. */
  tapVariance: Float64Array;
  /** A few kernels to draw beside the name: evenly taken from the layer, row-major, at most 24. */
  thumbnail: { values: Weights; count: number };
  /** Null where the weights were not looked at. */
  traits: LayerTraits | null;
  /** Sentences about what was left out or approximated for this layer. */
  notes: string[];
}

/** Principal components of scaled filters of one kernel size. */
export interface Basis {
  /** Taps d. */
  taps: number;
  filterCount: number;
  /** d */
  mean: Float64Array;
  /** d x d row-major; row i is component i, by falling variance; the loading of largest magnitude is positive. */
  components: Float64Array;
  /** d, n - 1 in the denominator, never negative. */
  explainedVariance: Float64Array;
  explainedVarianceRatio: Float64Array;
}

/** Bins of the exported and compared histograms. */
export const BINS = 70;
/** Fine bins per exported bin: the fine counts sum to the exported ones and feed the KDE. */
export const FINE_PER_BIN = 16;

/** Counts of coefficients, one histogram a component over one common range; last bin closed. */
export interface CoefficientHistogram {
  range: [number, number];
  bins: number;
  /** components x bins row-major; a whole multiple of BINS bins a component. */
  counts: Uint32Array;
}

/** A histogram that says what its coefficients are of: only those of one basis can be added. */
export interface BasisHistogram extends CoefficientHistogram {
  basisId: string;
}

/** Groups of filters on one basis: how each is distributed, and how far they lie apart. */
export interface FilterGroups {
  /** What the filters were grouped by, for instance depth deciles 0 to 9: those that hold filters, rising. */
  keys: number[];
  filterCounts: number[];
  /** Fine histograms, in the order of `keys`, on one range. */
  histograms: BasisHistogram[];
  /** Symmetric, keys x keys row-major. */
  drift: Float64Array;
}

/** Everything derived for one kernel size of a model. */
export interface KernelSizeResult {
  /** `3x3` */
  key: string;
  kernel: number[];
  basis: Basis;
  basisId: string;
  /** Layers whose filters are pooled here, each weight once. */
  layerIndices: number[];
  /** Smallest and largest coefficient of all components; histograms widen it where both are equal. */
  coefficientRange: [number, number];
  /** Fine histogram (BINS * FINE_PER_BIN bins; BINS for kernels of many taps) over all pooled filters. */
  histogram: BasisHistogram;
  depthDeciles: FilterGroups;
}

/** What a layer view needs beyond `LayerResult`; computed on demand. */
export interface LayerDetail {
  index: number;
  /** Layer's own fine histogram on the model's basis and range; null for pointwise or transposed layers. */
  histogram: CoefficientHistogram | null;
  /** Basis of this layer's scaled filters alone; null for n < 2. */
  basis: Basis | null;
  /** Covariance of the raw filters, d x d row-major, n - 1 in the denominator. */
  covariance: Float64Array;
  /** Mean of the raw filters. */
  mean: Float64Array;
  /** With the batch norm that follows multiplied into the weights; null where none can be. */
  folded: LayerQuality | null;
}

/** Null distribution and interval for drift between two groups at their sizes (section 5). */
export interface DriftNull {
  key: string;
  draws: number;
  seed: number;
  /** deciles x deciles row-major: mean and 95th percentile of drift between random halves at the same sizes. */
  nullMean: Float64Array;
  null95: Float64Array;
  /** 95 % interval of the drift without the bias of small groups (basic bootstrap). */
  low: Float64Array;
  high: Float64Array;
}
