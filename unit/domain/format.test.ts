import { expect, test } from 'vitest';
import { countOf, formatBytes } from '../../src/domain/format';

test('bytes in decimal units, the next one from a full thousand on', () => {
  expect(formatBytes(0)).toBe('0 bytes');
  expect(formatBytes(999)).toBe('999 bytes');
  expect(formatBytes(1000)).toBe('1.00 kB');
  expect(formatBytes(44_700_000)).toBe('44.7 MB');
});

test('one is one', () => {
  expect(countOf(1, 'filter')).toBe('1 filter');
  expect(countOf(0, 'filter')).toBe('0 filters');
  expect(countOf(1178, '3x3 filter')).toBe('1,178 3x3 filters');
});
