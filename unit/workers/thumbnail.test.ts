import { describe, expect, test } from 'vitest';
import { Thumbnail } from '../../src/workers/thumbnail';

/** A bank whose filter i holds the value i in every tap. */
function bank(first: number, count: number, taps: number) {
  return {
    values: Float32Array.from({ length: count * taps }, (_, i) => first + Math.floor(i / taps)),
    count,
    taps,
  };
}

describe('Thumbnail', () => {
  test('takes every kernel of a small layer', () => {
    const thumbnail = new Thumbnail({ storedFilterCount: 3, taps: 2 });
    thumbnail.take(bank(0, 3, 2));
    expect([...thumbnail.kernels().values]).toEqual([0, 0, 1, 1, 2, 2]);
  });

  test('spreads 24 kernels over a large layer, the same however it is cut into chunks', () => {
    const whole = new Thumbnail({ storedFilterCount: 100, taps: 1 });
    whole.take(bank(0, 100, 1));
    expect(whole.kernels().count).toBe(24);
    expect([...whole.kernels().values].slice(0, 4)).toEqual([0, 4, 8, 12]);
    for (const step of [1, 7, 50]) {
      const cut = new Thumbnail({ storedFilterCount: 100, taps: 1 });
      for (let first = 0; first < 100; first += step) cut.take(bank(first, Math.min(step, 100 - first), 1));
      expect(cut.kernels()).toEqual(whole.kernels());
    }
  });

  test('takes fewer of large kernels, and none that would fill memory', () => {
    expect(new Thumbnail({ storedFilterCount: 100, taps: 2 ** 15 }).kernels().count).toBe(8);
    expect(new Thumbnail({ storedFilterCount: 100, taps: 2 ** 30 }).kernels().count).toBe(0);
  });

  test('is empty for a layer without filters', () => {
    expect(new Thumbnail({ storedFilterCount: 0, taps: 9 }).kernels()).toEqual({
      values: new Float32Array(),
      count: 0,
    });
  });
});
