import { expect, test } from 'vitest';
import { alignNumbers } from '../../src/charts/aligned-numbers';

test('the largest has three digits, the others its decimals', () => {
  expect(alignNumbers([0.0312, -0.2, 0], 1)).toEqual({ cells: ['0.031', '−0.200', '0'], factor: '' });
  expect(alignNumbers([12.34, -1], 20)).toEqual({ cells: ['12.3', '−1.0'], factor: '' });
});

test('what would round to 0 keeps a digit', () => {
  expect(alignNumbers([0.5, 0.00003, -0.0001], 0.5).cells).toEqual(['0.500', '3e−5', '−1e−4']);
});

test('very small and very large ones, and compact ones, share a factor', () => {
  expect(alignNumbers([3.1e-7, -1e-8], 4e-7)).toEqual({ cells: ['3.10', '−0.10'], factor: '× 10⁻⁷' });
  expect(alignNumbers([2e300], 2e300)).toEqual({ cells: ['2.00'], factor: '× 10³⁰⁰' });
  expect(alignNumbers([1e-320], 1e-320).cells).toEqual(['1.00']);
  expect(alignNumbers([0.0312, 0.002], 0.04, true)).toEqual({ cells: ['3.12', '0.20'], factor: '× 10⁻²' });
});

test('rounding up to the next power keeps three digits', () => {
  expect(alignNumbers([0.99999], 0.99999).cells).toEqual(['1.00']);
});

test('zeros, nothing, and what is not finite', () => {
  expect(alignNumbers([], 0)).toEqual({ cells: [], factor: '' });
  expect(alignNumbers([0, 0], 0).cells).toEqual(['0', '0']);
  expect(alignNumbers([NaN, -Infinity, 1], 1).cells).toEqual(['—', '−∞', '1.00']);
});

test('kernels of one layer stand over one factor, those weaker by far and compact ones over their own', () => {
  expect(alignNumbers([3.41e-6], 8e-5)).toEqual({ cells: ['0.341'], factor: '× 10⁻⁵' });
  expect(alignNumbers([0.000857], 0.341)).toEqual({ cells: ['8.57'], factor: '× 10⁻⁴' });
  expect(alignNumbers([0.00857], 0.341)).toEqual({ cells: ['0.00857'], factor: '' });
  expect(alignNumbers([0.0857], 0.341, true)).toEqual({ cells: ['8.57'], factor: '× 10⁻²' });
});
