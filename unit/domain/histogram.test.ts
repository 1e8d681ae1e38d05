import { describe, expect, test } from 'vitest';
import { coarsen } from '../../src/domain/histogram';
import { BINS } from '../../src/domain/results';

describe('coarsen', () => {
  const histogram = {
    range: [0, 1] as [number, number],
    bins: 4,
    counts: Uint32Array.of(1, 2, 3, 4, 5, 6, 7, 8),
  };

  test('sums neighbouring bins of each component', () => {
    expect(coarsen(histogram, 2)).toEqual({ range: [0, 1], bins: 2, counts: Uint32Array.of(3, 7, 11, 15) });
    expect(coarsen(histogram, 4)).toEqual(histogram);
  });

  test('gives the exported bins unless told otherwise', () => {
    const fine = { range: histogram.range, bins: 3 * BINS, counts: new Uint32Array(3 * BINS).fill(1) };
    expect(coarsen(fine).counts).toEqual(new Uint32Array(BINS).fill(3));
  });

  test('refuses bins that do not sum to the wanted ones', () => {
    expect(() => coarsen(histogram, 3)).toThrow('4 bins do not sum to 3.');
  });
});
