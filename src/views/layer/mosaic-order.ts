import { formatValue } from '../../charts/format-number';
import type { MosaicMode } from '../../charts/mosaic-layout';
import type { Weights } from '../../domain/filters';
import type { KernelOrder } from '../../state/kernel-choices';
import { coefficientName } from '../common/curves';

export interface SortInput {
  order: KernelOrder;
  /** count x taps, row-major. */
  values: Weights;
  taps: number;
  /** Filters an item of the mosaic holds: 1 in a sequence, a whole row in a matrix. */
  groupSize: number;
  /** count x taps coefficients, for sorting by one. */
  coefficients: Float32Array | null;
  component: number;
  /** Item the others are compared with. */
  reference: number | null;
}

export interface Ranking {
  /** Position to item: greatest score first, the stored order among equals, scores that are no numbers last. */
  order: Uint32Array;
  /** Item to what it is sorted by. */
  scores: Float64Array;
}

/** Filters that move as one in a layout: the stored weight's second dimension in a matrix or in colour. */
export function groupSizeOf(mode: MosaicMode, inputs: number): number {
  return mode === 'matrix' ? inputs : 1;
}

/** Null for the stored order and where what the order needs is not there. */
export function rankKernels(input: SortInput): Ranking | null {
  const scores = itemScores(input);
  if (!scores) return null;
  const order = Uint32Array.from(scores, (_, item) => item);
  const keys = scores.map((score) => (Number.isNaN(score) ? -Infinity : score));
  return { scores, order: order.sort((a, b) => keys[b] - keys[a] || a - b) };
}

/** What a score is of, such as `L2 norm of the row`; `whole` names an item of several filters. */
export function scoreName(order: KernelOrder, component: number, whole: string | null): string {
  const of = whole ? ` of the ${whole}` : '';
  switch (order) {
    case 'stored':
      return '';
    case 'norm':
      return `L2 norm${of}`;
    case 'peak':
      return `largest |w|${of}`;
    case 'coefficient':
      return whole ? `mean ${coefficientName(component)}${of}` : coefficientName(component);
    case 'similarity':
      return whole ? `similarity${of} to that of pinned kernel A` : 'similarity to pinned kernel A';
  }
}

/** `L2 norm of the row 1.23`; nothing in the stored order. */
export function scoreText(ranking: Ranking | null, name: string, item: number): string[] {
  return ranking ? [`${name} ${formatValue(ranking.scores[item])}`] : [];
}

function itemScores(input: SortInput): Float64Array | null {
  const { order, values, taps, groupSize, coefficients, component, reference } = input;
  const width = taps * groupSize;
  const count = Math.floor(values.length / width);
  const score = (of: (first: number) => number) =>
    Float64Array.from({ length: count }, (_, item) => of(item * width));
  switch (order) {
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
    case 'similarity':
      if (reference === null || reference >= count) return null;
      return score((first) => similarity(values, first, reference * width, width));
  }
}

/** Cosine of the angle between two runs of weights; NaN where one is all zeros or not finite. */
export function similarity(values: Weights, first: number, other: number, width: number): number {
  // Over the peaks, so that products stay in range.
  const a = peak(values, first, width);
  const b = peak(values, other, width);
  let [dot, aa, bb] = [0, 0, 0];
  for (let i = 0; i < width; i++) {
    const x = values[first + i] / a;
    const y = values[other + i] / b;
    dot += x * y;
    aa += x * x;
    bb += y * y;
  }
  return dot / Math.sqrt(aa * bb);
}

/** Over the peak, so that squares stay in range; 0 for an item of zeros, NaN for one that is not finite. */
function norm(values: Weights, first: number, width: number): number {
  const most = peak(values, first, width);
  if (most === 0) return 0;
  let sum = 0;
  for (let i = first; i < first + width; i++) sum += (values[i] / most) ** 2;
  return most * Math.sqrt(sum);
}

function peak(values: Weights, first: number, width: number): number {
  let most = 0;
  for (let i = first; i < first + width; i++) most = Math.max(most, Math.abs(values[i]));
  return most;
}
