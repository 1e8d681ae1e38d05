import { describe, expect, test } from 'vitest';
import { groupSizeOf, mosaicOrder, type SortInput } from '../../src/views/layer/mosaic-order';

// Four filters of two taps: norms 1, 5, 2, NaN.
const values = Float32Array.of(1, 0, 3, 4, 0, -2, NaN, 1);
const input: SortInput = {
  sortBy: 'norm',
  values,
  taps: 2,
  groupSize: 1,
  coefficients: null,
  component: 0,
  pinnedItem: null,
};
function order(changes: Partial<SortInput>) {
  const result = mosaicOrder({ ...input, ...changes });
  return result && Array.from(result);
}

describe('mosaicOrder', () => {
  test('the stored order is no order', () => expect(order({ sortBy: 'stored' })).toBeNull());

  test('by norm and by peak, greatest first, not-a-number last', () => {
    expect(order({})).toEqual([1, 2, 0, 3]);
    expect(order({ sortBy: 'peak' })).toEqual([1, 2, 0, 3]);
  });

  test('by a coefficient, once there are coefficients', () => {
    expect(order({ sortBy: 'coefficient' })).toBeNull();
    const coefficients = Float32Array.of(0, 5, 1, 9, -1, 7, 0, 8);
    expect(order({ sortBy: 'coefficient', coefficients })).toEqual([1, 0, 3, 2]);
    expect(order({ sortBy: 'coefficient', coefficients, component: 1 })).toEqual([1, 3, 2, 0]);
  });

  test('by likeness, the pinned one first, opposites last before not-a-number', () => {
    expect(order({ sortBy: 'similarity' })).toBeNull();
    expect(order({ sortBy: 'similarity', pinnedItem: 1 })).toEqual([1, 0, 2, 3]);
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
});
