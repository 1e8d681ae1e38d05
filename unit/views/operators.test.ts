import { expect, test } from 'vitest';
import { operatorText } from '../../src/views/common/operators';

test('operators by frequency, equals by name, a dozen named', () => {
  expect(operatorText({ Add: 12, MatMul: 2400, Abs: 12 })).toBe('MatMul 2,400, Abs 12, Add 12');
  expect(operatorText({})).toBe('');
  const many = Object.fromEntries(Array.from({ length: 14 }, (_, i) => [`Op${i}`, 20 - i]));
  expect(operatorText(many)).toMatch(/^Op0 20, .*, Op11 9, and 2 more$/);
});
