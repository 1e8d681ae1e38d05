import { describe, expect, it } from 'vitest';
import { BankCache } from '../../src/workers/bank-cache';

const bank = (bytes: number) => ({ values: new Float32Array(bytes / 4), count: bytes / 4, taps: 1 });

describe('BankCache', () => {
  it('drops the least recently used bank when over its limit', () => {
    const cache = new BankCache(100);
    cache.set('a', bank(40));
    cache.set('b', bank(40));
    cache.get('a');
    cache.set('c', bank(40));
    expect(cache.get('b')).toBeUndefined();
    expect(cache.get('a')).toBeDefined();
    expect(cache.get('c')).toBeDefined();
  });

  it('does not hold a bank larger than its limit, nor push others out for it', () => {
    const cache = new BankCache(100);
    cache.set('a', bank(40));
    cache.set('huge', bank(400));
    expect(cache.get('huge')).toBeUndefined();
    expect(cache.get('a')).toBeDefined();
  });

  it('counts a replaced bank once', () => {
    const cache = new BankCache(100);
    for (let i = 0; i < 5; i++) cache.set('a', bank(60));
    cache.set('b', bank(40));
    expect(cache.get('a')).toBeDefined();
    expect(cache.get('b')).toBeDefined();
  });

  it('forgets the banks of one model', () => {
    const cache = new BankCache(100);
    cache.set('m1:0', bank(20));
    cache.set('m2:0', bank(20));
    cache.deleteWhere('m1:');
    expect(cache.get('m1:0')).toBeUndefined();
    expect(cache.get('m2:0')).toBeDefined();
  });
});
