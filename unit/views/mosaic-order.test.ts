import { describe, expect, test } from 'vitest';
import {
  groupSizeOf,
  rankKernels,
  scoreName,
  scoreText,
  similarity,
  type SortInput,
} from '../../src/views/layer/mosaic-order';

// Four filters of two taps: norms 1, 5, 2, NaN.
const values = Float32Array.of(1, 0, 3, 4, 0, -2, NaN, 1);
const input: SortInput = {
  order: 'norm',
  values,
  taps: 2,
  groupSize: 1,
  coefficients: null,
  component: 0,
  reference: null,
};
function order(changes: Partial<SortInput>) {
  const ranking = rankKernels({ ...input, ...changes });
  return ranking && Array.from(ranking.order);
}

describe('rankKernels', () => {
  test('the stored order is no order', () => expect(order({ order: 'stored' })).toBeNull());

  test('by norm and by peak, greatest first, not-a-number last', () => {
    expect(order({})).toEqual([1, 2, 0, 3]);
    expect(order({ order: 'peak' })).toEqual([1, 2, 0, 3]);
  });

  test('by a coefficient, once there are coefficients', () => {
    expect(order({ order: 'coefficient' })).toBeNull();
    const coefficients = Float32Array.of(0, 5, 1, 9, -1, 7, 0, 8);
    expect(order({ order: 'coefficient', coefficients })).toEqual([1, 0, 3, 2]);
    expect(order({ order: 'coefficient', coefficients, component: 1 })).toEqual([1, 3, 2, 0]);
  });

  test('by similarity, the pinned one first, opposites last before not-a-number', () => {
    expect(order({ order: 'similarity' })).toBeNull();
    expect(order({ order: 'similarity', reference: 1 })).toEqual([1, 0, 2, 3]);
  });

  test('rows of a matrix move as a whole', () => {
    expect(groupSizeOf('matrix', 2)).toBe(2);
    expect(groupSizeOf('sequence', 2)).toBe(1);
    const twoRows = Float32Array.of(1, 0, 1, 0, 3, 4, 0, 0);
    expect(order({ values: twoRows, groupSize: 2 })).toEqual([1, 0]);
  });

  test('every order is a permutation', () => {
    const many = Float32Array.from({ length: 200 }, (_, i) => Math.sin(i * 7));
    expect(order({ values: many })?.sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i));
  });

  test('no filters, no order', () => expect(order({ values: new Float32Array() })).toEqual([]));

  test('the score of an item is what it is sorted by', () => {
    const twoRows = Float32Array.of(1, 0, 1, 0, 3, 4, 0, 0);
    const ranking = rankKernels({ ...input, values: twoRows, groupSize: 2 });
    expect([...ranking!.scores]).toEqual([Math.SQRT2, 5]);
    expect(scoreText(ranking, scoreName('norm', 0, 'row'), 1)).toEqual(['L2 norm of the row 5.00']);
    expect(scoreText(null, '', 1)).toEqual([]);
    expect(scoreName('coefficient', 3, 'row')).toBe('mean c3 of the row');
    expect(scoreName('similarity', 0, null)).toBe('similarity to pinned kernel A');
  });
});

describe('similarity', () => {
  const pairs = Float64Array.of(1, 0, 1e200, 0, -1e-300, 0, 0, 2, 0, 0, NaN, 1);

  test('is the cosine, whatever the sizes', () => {
    expect(similarity(pairs, 0, 2, 2)).toBe(1);
    expect(similarity(pairs, 0, 4, 2)).toBe(-1);
    expect(similarity(pairs, 0, 6, 2)).toBe(0);
  });

  test('is not a number for zeros and what is not finite', () => {
    expect(similarity(pairs, 0, 8, 2)).toBeNaN();
    expect(similarity(pairs, 10, 0, 2)).toBeNaN();
  });
});
