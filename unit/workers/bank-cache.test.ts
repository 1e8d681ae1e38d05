import { describe, expect, test } from 'vitest';
import { BankCache } from '../../src/workers/bank-cache';

function bank(bytes: number) {
  return { values: new Float32Array(bytes / 4), count: bytes / 4, taps: 1 };
}

describe('BankCache', () => {
  test('keeps the first banks that fit and no more than its limit', () => {
    const cache = new BankCache(100);
    cache.offer(0, bank(40));
    cache.offer(1, bank(40));
    cache.offer(2, bank(40));
    expect(cache.get(0)).toBeDefined();
    expect(cache.get(1)).toBeDefined();
    expect(cache.get(2)).toBeUndefined();
  });

  test('passes over a bank too large and still takes a smaller one', () => {
    const cache = new BankCache(100);
    cache.offer(0, bank(400));
    cache.offer(1, bank(40));
    expect(cache.get(0)).toBeUndefined();
    expect(cache.get(1)).toBeDefined();
  });

  test('counts a bank offered again once', () => {
    const cache = new BankCache(100);
    for (let i = 0; i < 5; i++) cache.offer(0, bank(60));
    cache.offer(1, bank(40));
    expect(cache.get(1)).toBeDefined();
  });
});
