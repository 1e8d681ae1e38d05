import type { LayerMoments, Moments } from '../domain/results';

/** Moments of no filter at all: count 0, zero mean, zero scatter. */
export function emptyMoments(taps: number): Moments {
  return { count: 0, mean: new Float64Array(taps), scatter: new Float64Array(taps * taps) };
}

/**
 * Mean and centred scatter of the selected rows of `values` (count x taps, row-major), two passes in float64.
 * `select(i)` says whether row i takes part (all where absent); rows with NaN or Inf are the caller's to leave out.
 * No selected row: `emptyMoments`.
 */
export function momentsOf(
  values: ArrayLike<number>,
  count: number,
  taps: number,
  select?: (index: number) => boolean,
): Moments {
  const moments = emptyMoments(taps);
  const { mean, scatter } = moments;
  for (let i = 0; i < count; i++) {
    if (select && !select(i)) continue;
    moments.count++;
    for (let t = 0; t < taps; t++) mean[t] += values[i * taps + t];
  }
  if (moments.count === 0) return moments;
  for (let t = 0; t < taps; t++) mean[t] /= moments.count;

  const centred = new Float64Array(taps);
  const residual = new Float64Array(taps);
  for (let i = 0; i < count; i++) {
    if (select && !select(i)) continue;
    for (let t = 0; t < taps; t++) {
      centred[t] = values[i * taps + t] - mean[t];
      residual[t] += centred[t];
    }
    for (let a = 0; a < taps; a++) {
      const factor = centred[a];
      if (factor === 0) continue;
      for (let b = a; b < taps; b++) scatter[a * taps + b] += factor * centred[b];
    }
  }
  // The rounding of the first pass is what the residual still holds: taking it out makes the mean exact to the last bits.
  removeResidual(moments, residual);
  return moments;
}

/** Corrects mean and scatter by the sum of the centred rows (zero in exact arithmetic) and mirrors the scatter. */
function removeResidual({ count, mean, scatter }: Moments, residual: Float64Array): void {
  const taps = mean.length;
  for (let a = 0; a < taps; a++) {
    for (let b = a; b < taps; b++) {
      scatter[a * taps + b] -= (residual[a] * residual[b]) / count;
      scatter[b * taps + a] = scatter[a * taps + b];
    }
  }
  for (let t = 0; t < taps; t++) mean[t] += residual[t] / count;
}

/** Moments of both sets together (Chan, Golub & LeVeque 1983), as if taken in one pass. Neither input is changed. */
export function mergeMoments(a: Moments, b: Moments): Moments {
  const taps = a.mean.length;
  if (b.mean.length !== taps) {
    throw new RangeError(`Moments of ${taps} and of ${b.mean.length} taps cannot be merged.`);
  }
  if (a.count === 0 || b.count === 0) {
    const { count, mean, scatter } = a.count === 0 ? b : a;
    return { count, mean: mean.slice(), scatter: scatter.slice() };
  }
  const count = a.count + b.count;
  const mean = new Float64Array(taps);
  const scatter = new Float64Array(taps * taps);
  const delta = new Float64Array(taps);
  for (let t = 0; t < taps; t++) {
    delta[t] = b.mean[t] - a.mean[t];
    mean[t] = a.mean[t] + (delta[t] * b.count) / count;
  }
  const weight = a.count * (b.count / count);
  for (let i = 0; i < taps; i++) {
    for (let j = 0; j < taps; j++) {
      const at = i * taps + j;
      scatter[at] = a.scatter[at] + b.scatter[at] + weight * delta[i] * delta[j];
    }
  }
  return { count, mean, scatter };
}

/**
 * Moments from sums taken about `shift` (near the mean, so that nothing cancels).
 * @param count number of filters summed
 * @param sum d: sum of (v - shift)
 * @param upperTriangle d(d+1)/2, row-major i <= j: sum of (v - shift)(v - shift)^T
 * @param shift d
 */
export function momentsFromShiftedSums(
  count: number,
  sum: ArrayLike<number>,
  upperTriangle: ArrayLike<number>,
  shift: ArrayLike<number>,
): Moments {
  const taps = shift.length;
  const moments = emptyMoments(taps);
  if (count === 0) return moments;
  moments.count = count;
  let at = 0;
  for (let i = 0; i < taps; i++) {
    moments.mean[i] = shift[i] + sum[i] / count;
    for (let j = i; j < taps; j++, at++) {
      const centred = upperTriangle[at] - (sum[i] * sum[j]) / count;
      // Rounding must not leave a negative variance.
      const value = i === j && centred < 0 ? 0 : centred;
      moments.scatter[i * taps + j] = value;
      moments.scatter[j * taps + i] = value;
    }
  }
  return moments;
}

/** Covariance, d x d row-major, n - 1 in the denominator; zeros for n < 2. */
export function covariance({ count, scatter }: Moments): Float64Array {
  return count < 2 ? new Float64Array(scatter.length) : scatter.map((value) => value / (count - 1));
}

/** Variance of each tap (the covariance's diagonal), n - 1 in the denominator; zeros for n < 2. */
export function tapVariance({ count, mean, scatter }: Moments): Float64Array {
  const taps = mean.length;
  return Float64Array.from({ length: taps }, (_, t) =>
    count < 2 ? 0 : scatter[t * (taps + 1)] / (count - 1),
  );
}

/** Moments of two runs of a layer's filters, both told the layer's peak, as those of the whole. */
export function mergeLayerMoments(a: LayerMoments, b: LayerMoments): LayerMoments {
  return {
    filterCount: a.filterCount + b.filterCount,
    nonFiniteCount: a.nonFiniteCount + b.nonFiniteCount,
    peak: Math.max(a.peak, b.peak),
    normL1: a.normL1 + b.normL1,
    normL2: Math.hypot(a.normL2, b.normL2),
    sparseCount: a.sparseCount + b.sparseCount,
    sparsityEpsilon: a.sparsityEpsilon,
    raw: mergeMoments(a.raw, b.raw),
    clean: mergeMoments(a.clean, b.clean),
    scaled: mergeMoments(a.scaled, b.scaled),
  };
}
