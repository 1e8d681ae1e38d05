import { expect, test } from 'vitest';
import { menuMove } from '../../src/charts/menu';

test('moves around the ends', () => {
  expect(menuMove('ArrowDown', 2, 3)).toBe(0);
  expect(menuMove('ArrowUp', 0, 3)).toBe(2);
  expect(menuMove('Home', 2, 3)).toBe(0);
  expect(menuMove('End', 0, 3)).toBe(2);
});

test('closes on Escape and Tab, and leaves other keys alone', () => {
  expect(menuMove('Escape', 1, 3)).toBe('close');
  expect(menuMove('Tab', 1, 3)).toBe('close');
  expect(menuMove('a', 1, 3)).toBeNull();
});
