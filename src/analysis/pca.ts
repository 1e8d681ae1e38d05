import type { FilterBank } from '../domain/filters';
import type { Basis, Moments } from '../domain/results';
import { symmetricEigen } from './eigen';
import { varianceFloor, varianceShares } from './entropy';
import { filterPeaks } from './filters';
import { covariance } from './moments';

/**
 * Principal components of scaled filters (section 2, [DB]) from their moments; null for n < 2. Where all filters are
 * equal but for rounding (`varianceFloor` at peak 1) the variances and their ratios are zero and the components are
 * the unit vectors.
 */
export function basisFromMoments(moments: Moments): Basis | null {
  const { count, mean } = moments;
  if (count < 2) return null;
  const taps = mean.length;
  const { values, vectors } = symmetricEigen(covariance(moments), taps);
  const explainedVariance = values.map((value) => (value < 0 ? 0 : value));
  const total = explainedVariance.reduce((sum, value) => sum + value, 0);
  const floor = varianceFloor(1, taps);
  const isFlat = total <= floor;
  return {
    taps,
    filterCount: count,
    mean: mean.slice(),
    components: isFlat ? unitVectors(taps) : vectors,
    explainedVariance: isFlat ? new Float64Array(taps) : explainedVariance,
    explainedVarianceRatio: varianceShares(explainedVariance, floor),
  };
}

function unitVectors(d: number): Float64Array {
  const vectors = new Float64Array(d * d);
  for (let i = 0; i < d; i++) vectors[i * (d + 1)] = 1;
  return vectors;
}

/** d: mean . v_i, what is taken from x . v_i / peak to centre coefficient i. */
export function offsets({ taps, mean, components }: Basis): Float64Array {
  const result = new Float64Array(taps);
  for (let i = 0; i < taps; i++) {
    for (let t = 0; t < taps; t++) result[i] += mean[t] * components[i * taps + t];
  }
  return result;
}

/**
 * Coefficients c_i = (f' - mean) . v_i of the scaled filters in float64, count x taps row-major; NaN rows for filters
 * holding NaN or Inf. Not whitened.
 */
export function coefficientsReference(bank: FilterBank, basis: Basis): Float64Array {
  const { values, count, taps } = bank;
  if (taps !== basis.taps) {
    throw new RangeError(`Filters of ${taps} taps have no coefficients on a basis of ${basis.taps}.`);
  }
  const peaks = filterPeaks(bank);
  const { mean, components } = basis;
  const result = new Float64Array(count * taps);
  const centred = new Float64Array(taps);
  for (let f = 0; f < count; f++) {
    const peak = peaks[f];
    for (let t = 0; t < taps; t++) {
      centred[t] = peak === 0 ? -mean[t] : peak > 0 ? values[f * taps + t] / peak - mean[t] : NaN;
    }
    for (let i = 0; i < taps; i++) {
      let sum = 0;
      for (let t = 0; t < taps; t++) sum += centred[t] * components[i * taps + t];
      result[f * taps + i] = sum;
    }
  }
  return result;
}

/** Smallest and largest of all coefficients; null where none is finite. */
export function rangeReference(coefficients: ArrayLike<number>): [number, number] | null {
  let low = Infinity;
  let high = -Infinity;
  for (let k = 0; k < coefficients.length; k++) {
    const value = coefficients[k];
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : null;
}
