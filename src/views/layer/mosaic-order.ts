import type { MosaicMode } from '../../charts/mosaic-layout';

export type SortBy = 'stored' | 'norm' | 'peak' | 'coefficient' | 'similarity';

export interface SortInput {
  sortBy: SortBy;
  /** count x taps, row-major. */
  values: Float32Array;
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
      return score((first) => Math.sqrt(dot(values, first, first, width)));
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
      const norm = Math.sqrt(dot(values, from, from, width));
      return score(
        (first) => dot(values, first, from, width) / (norm * Math.sqrt(dot(values, first, first, width))),
      );
    }
  }
}

function dot(values: Float32Array, a: number, b: number, width: number): number {
  let sum = 0;
  for (let i = 0; i < width; i++) sum += values[a + i] * values[b + i];
  return sum;
}

function peak(values: Float32Array, first: number, width: number): number {
  let most = 0;
  for (let i = first; i < first + width; i++) most = Math.max(most, Math.abs(values[i]));
  return most;
}
