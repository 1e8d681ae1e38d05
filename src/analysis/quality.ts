import type { LayerMoments, LayerQuality } from '../domain/results';
import { randomThreshold, varianceEntropy, varianceFloor } from './entropy';

export interface QualityInput {
  moments: LayerMoments;
  /** Eigenvalues of the covariance of `moments.raw` and of `moments.clean`, any order. */
  rawEigenvalues: ArrayLike<number>;
  cleanEigenvalues: ArrayLike<number>;
  /** Section 4's orthogonality; null where it is not defined. */
  orthogonality: number | null;
  kernel: readonly number[];
}

/**
 * Quality of a layer (section 4, [DB, Q]). Thresholds are those of the number of filters in question: all finite ones
 * for H, those left without the sparse ones for clean H. Sparsity is null for no finite filter; ratios are null where
 * there is no threshold. H is NaN where the variance itself overflows.
 */
export function layerQuality({
  moments,
  rawEigenvalues,
  cleanEigenvalues,
  orthogonality,
  kernel,
}: QualityInput): LayerQuality {
  const { filterCount, sparseCount, raw, clean, peak, normL1, normL2 } = moments;
  const floor = varianceFloor(peak, raw.mean.length);
  const entropy = raw.count < 2 ? 0 : varianceEntropy(rawEigenvalues, floor);
  const entropyClean = clean.count < 2 ? 0 : varianceEntropy(cleanEigenvalues, floor);
  const threshold = randomThreshold(raw.count, kernel);
  const thresholdClean = randomThreshold(clean.count, kernel);
  return {
    sparsity: filterCount === 0 ? null : sparseCount / filterCount,
    varianceEntropy: entropy,
    randomThreshold: threshold,
    varianceEntropyRatio: threshold === null ? null : entropy / threshold,
    varianceEntropyClean: entropyClean,
    varianceEntropyCleanRatio: thresholdClean === null ? null : entropyClean / thresholdClean,
    orthogonality,
    normL1,
    normL2,
    peak,
  };
}
