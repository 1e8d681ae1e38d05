import { describe, expect, test } from 'vitest';
import { formatLimit, formatShare, formatValue, tickFormatter } from '../../src/charts/format-number';

describe('formatValue', () => {
  test.each([
    [0, '0'],
    [-0, '0'],
    [0.031249, '0.0312'],
    [-1.2449, '−1.24'],
    [999.6, '1,000'],
    [12600.4, '12,600'],
    [3.1e-7, '3.10 × 10⁻⁷'],
    [-4.25e-12, '−4.25 × 10⁻¹²'],
    [2.5e7, '2.50 × 10⁷'],
    [0.00099999, '0.00100'],
    [NaN, '—'],
    [null, '—'],
    [undefined, '—'],
    [Infinity, '∞'],
    [-Infinity, '−∞'],
  ])('prints %s as %s', (value, text) => {
    expect(formatValue(value)).toBe(text);
  });

  test('keeps the digits asked for', () => {
    expect(formatValue(0.123456, 5)).toBe('0.12346');
  });
});

describe('formatShare', () => {
  test.each([
    [0, '0 %'],
    [1, '100 %'],
    [0.3124, '31.2 %'],
    [0.0042, '0.42 %'],
    [0.00001, '< 0.01 %'],
    [null, '—'],
    [NaN, '—'],
  ])('prints %s as %s', (share, text) => {
    expect(formatShare(share)).toBe(text);
  });
});

describe('tickFormatter', () => {
  const print = (ticks: number[]) => ticks.map(tickFormatter(ticks));

  test('prints the decimals the step needs, on every tick', () => {
    expect(print([-0.5, 0, 0.5])).toEqual(['−0.5', '0.0', '0.5']);
    expect(print([0, 10, 20])).toEqual(['0', '10', '20']);
    expect(print([0, 2000, 4000])).toEqual(['0', '2,000', '4,000']);
  });

  test('uses powers of ten for tiny and huge ranges', () => {
    expect(print([0, 1e-5, 2e-5])).toEqual(['0', '10⁻⁵', '2 × 10⁻⁵']);
    expect(print([-2e6, 0, 2e6])).toEqual(['−2 × 10⁶', '0', '2 × 10⁶']);
  });

  test('prints a single tick', () => {
    expect(print([0.25])).toEqual(['0.25']);
  });
});

test('prints a limit with the digits it has', () => {
  expect([0.14, 0.01, 0.025, 1, 0.1 + 0.2].map(formatLimit)).toEqual([
    '14 %',
    '1 %',
    '2.5 %',
    '100 %',
    '30 %',
  ]);
});
