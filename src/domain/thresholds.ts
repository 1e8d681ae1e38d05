/** Verdict thresholds: defaults of the papers, all on sliders. */
export interface Thresholds {
  /** A filter is sparse where max |w| < sparsityEpsilon * max |W| of its layer. */
  sparsityEpsilon: number;
  /** Sparse verdict: sparsity >= this share. */
  sparseShare: number;
  /** Verdict low in diversity: H < this, for 3x3 kernels. */
  lowEntropy: number;
  /** Nearly random: H >= T_H - this margin. */
  randomMargin: number;
}

export const DEFAULT_THRESHOLDS: Thresholds = {
  sparsityEpsilon: 0.01,
  sparseShare: 0.14,
  lowEntropy: 0.5,
  randomMargin: 0.02,
};

/** What a slider or an address can set them to. */
export const THRESHOLD_RANGES: Record<keyof Thresholds, readonly [least: number, most: number]> = {
  sparsityEpsilon: [1e-4, 0.5],
  sparseShare: [0, 1],
  lowEntropy: [0, 1],
  randomMargin: [0, 0.2],
};
