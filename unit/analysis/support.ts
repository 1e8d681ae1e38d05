import type { FilterBank } from '../../src/domain/filters';
import { createRandom } from '../../src/analysis/random';
import layers from '../golden/analysis/layers.json';

/** Random normal filters, the same for the same seed. */
export function randomBank(count: number, taps: number, seed = 1): FilterBank & { values: Float64Array } {
  const random = createRandom(seed);
  return { values: Float64Array.from({ length: count * taps }, () => random.normal()), count, taps };
}

export function bankOf(rows: readonly (readonly number[])[]): FilterBank & { values: Float64Array } {
  return { values: Float64Array.from(rows.flat()), count: rows.length, taps: rows[0]?.length ?? 1 };
}

/** Layers of the fixtures with their banks. */
export const goldenLayers = layers.map(({ name, shape, values, quality, basis }) => {
  const kernel = shape.slice(2);
  const taps = kernel.reduce((product, extent) => product * extent, 1);
  const bank: FilterBank = { values: Float64Array.from(values, Number), count: shape[0] * shape[1], taps };
  return { name, shape, kernel, bank, quality, basis };
});

/** Largest absolute difference of two arrays of one length; NaN where only one of a pair is NaN. */
export function maxDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return NaN;
  let largest = 0;
  for (let k = 0; k < a.length; k++) {
    const difference = Number.isNaN(a[k]) && Number.isNaN(b[k]) ? 0 : Math.abs(a[k] - b[k]);
    if (!(difference <= largest)) largest = difference;
  }
  return largest;
}

export function mean(values: ArrayLike<number>): number {
  return Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
}

export function variance(values: ArrayLike<number>): number {
  const centre = mean(values);
  return Array.from(values).reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1);
}
