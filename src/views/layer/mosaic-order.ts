import type { MosaicMode } from '../../charts/mosaic-layout';
import type { Weights } from '../../domain/filters';

export type SortBy = 'stored' | 'norm' | 'peak' | 'coefficient' | 'similarity';

export interface SortInput {
  sortBy: SortBy;
  /** count x taps, row-major. */
  values: Weights;
  taps: number;
  /** Filters an item of the mosaic holds: 1 in a sequence, a whole row in a matrix. */
  groupSize: number;
  /** count x taps coefficients, for sorting by one. */
  coefficients: Float32Array | null;
  component: number;
  /** Item the others are likened to. */
  pinnedItem: number | null;
}

/** Filters that move as one in a layout: the stored weight's second dimension in a matrix or in colour. */
export function groupSizeOf(mode: MosaicMode, inputs: number): number {
  return mode === 'matrix' ? inputs : 1;
}

/**
 * Position to item, greatest score first, the stored order among equals; items whose score is not a number come last.
 * Null for the stored order and where what the order needs is not there.
 */
export function mosaicOrder(input: SortInput): Uint32Array | null {
  const scores = itemScores(input);
  if (!scores) return null;
  const order = Uint32Array.from(scores, (_, item) => item);
  const key = (item: number) => (Number.isNaN(scores[item]) ? -Infinity : scores[item]);
  return order.sort((a, b) => key(b) - key(a) || a - b);
}

function itemScores(input: SortInput): Float64Array | null {
  const { sortBy, values, taps, groupSize, coefficients, component, pinnedItem } = input;
  const width = taps * groupSize;
  const count = Math.floor(values.length / width);
  const score = (of: (first: number) => number) =>
    Float64Array.from({ length: count }, (_, item) => of(item * width));
  switch (sortBy) {
    case 'stored':
      return null;
    case 'norm':
      return score((first) => norm(values, first, width));
    case 'peak':
      return score((first) => peak(values, first, width));
    case 'coefficient':
      if (!coefficients) return null;
      return score((first) => {
        let sum = 0;
        for (let i = first + component; i < first + width; i += taps) sum += coefficients[i];
        return sum / groupSize;
      });
    case 'similarity': {
      if (pinnedItem === null || pinnedItem >= count) return null;
      const from = pinnedItem * width;
      const pinned = unit(values, from, width);
      return score((first) => {
        const own = unit(values, first, width);
        return own.reduce((sum, value, i) => sum + value * pinned[i], 0);
      });
    }
  }
}

/** Over the peak, so that squares stay in range; 0 for an item of zeros, NaN for one that is not finite. */
function norm(values: Weights, first: number, width: number): number {
  const most = peak(values, first, width);
  if (most === 0) return 0;
  let sum = 0;
  for (let i = first; i < first + width; i++) sum += (values[i] / most) ** 2;
  return most * Math.sqrt(sum);
}

/** The item over its norm; NaN throughout for one of zeros or one that is not finite. */
function unit(values: Weights, first: number, width: number): Float64Array {
  const most = peak(values, first, width);
  const scaled = Float64Array.from(values.subarray(first, first + width), (value) => value / most);
  const length = Math.sqrt(scaled.reduce((sum, value) => sum + value * value, 0));
  return scaled.map((value) => value / length);
}

function peak(values: Weights, first: number, width: number): number {
  let most = 0;
  for (let i = first; i < first + width; i++) most = Math.max(most, Math.abs(values[i]));
  return most;
}
