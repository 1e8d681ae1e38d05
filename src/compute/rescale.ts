import { filterPeaks } from '../analysis/filters';
import type { FilterBank } from '../domain/filters';
import type { LayerMoments, Moments } from '../domain/results';

/** Between which peaks a layer is measured as it is. */
interface Range {
  low: number;
  high: number;
}

/** Peaks whose squares, and those of filters a million times weaker, stay well inside float32. */
export const FLOAT32_RANGE: Range = { low: 1e-12, high: 1e12 };
/** Peaks whose fourth powers, which an eigenproblem of covariances meets, stay well inside float64. */
export const FLOAT64_RANGE: Range = { low: 1e-60, high: 1e60 };

/** The power of two that brings a layer whose largest weight is `peak` to about 1; 1 inside the range, and for a peak of 0. */
export function rescaling(peak: number, { low, high }: Range = FLOAT32_RANGE): number {
  if (peak === 0 || (peak >= low && peak <= high)) return 1;
  return 2 ** Math.max(-1000, Math.min(1000, exponentTowardsOne(peak)));
}

/** The exponent of the power of two that brings `peak`, finite and above 0, to about 1. */
export function exponentTowardsOne(peak: number): number {
  return -Math.floor(Math.log2(peak));
}

/** `value * 2 ** exponent`, also where that power is no float64; exact but for what becomes denormal. */
export function timesPowerOfTwo(value: number, exponent: number): number {
  const half = Math.trunc(exponent / 2);
  return value * 2 ** half * 2 ** (exponent - half);
}

/** The bank times a power of two, as float32. */
export function rescaled(bank: FilterBank, factor: number): FilterBank {
  return factor === 1 ? bank : { ...bank, values: Float32Array.from(bank.values, (value) => value * factor) };
}

/** The bank times a power of two, exact but for what becomes denormal. */
export function rescaledExactly(bank: FilterBank, factor: number): FilterBank {
  return factor === 1 ? bank : { ...bank, values: Float64Array.from(bank.values, (value) => value * factor) };
}

/**
 * Each finite filter times a power of two of its own that brings its peak to about 1: scaled filters are the same, however
 * far apart the peaks of the layer lie.
 */
export function rescaledByFilter(bank: FilterBank): FilterBank {
  const { values, taps } = bank;
  const result = Float64Array.from(values);
  for (const [filter, peak] of filterPeaks(bank).entries()) {
    if (!(peak > 0)) continue;
    const exponent = exponentTowardsOne(peak);
    for (let at = filter * taps; at < (filter + 1) * taps; at++) {
      result[at] = timesPowerOfTwo(values[at], exponent);
    }
  }
  return { ...bank, values: result };
}

/** Largest finite magnitude; 0 where there is none. */
export function finitePeak({ values }: FilterBank): number {
  let peak = 0;
  for (let i = 0; i < values.length; i++) {
    const magnitude = Math.abs(values[i]);
    if (magnitude > peak && magnitude < Infinity) peak = magnitude;
  }
  return peak;
}

/** What the moments of `rescaled(bank, factor)` say about the bank itself. Scaled filters are the same in both. */
export function unscaledMoments(moments: LayerMoments, factor: number): LayerMoments {
  if (factor === 1) return moments;
  return {
    ...moments,
    peak: moments.peak / factor,
    normL1: moments.normL1 / factor,
    normL2: moments.normL2 / factor,
    raw: unscaled(moments.raw, factor),
    clean: unscaled(moments.clean, factor),
  };
}

function unscaled({ count, mean, scatter }: Moments, factor: number): Moments {
  return {
    count,
    mean: mean.map((value) => value / factor),
    scatter: scatter.map((value) => value / factor / factor),
  };
}
