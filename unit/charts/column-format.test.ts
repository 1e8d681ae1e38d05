import { expect, test } from 'vitest';
import { columnFormat } from '../../src/charts/column-format';

function printed(cells: (number | string | null)[]) {
  const format = columnFormat(cells);
  return format && cells.filter((cell) => typeof cell === 'number').map(format);
}

test('numbers of a column have the same decimals', () => {
  expect(printed([0.75, 0.0001, 0, 12.5])).toEqual(['0.7500', '0.0001', '0.0000', '12.5000']);
  expect(printed([0.5, null, -0.25])).toEqual(['0.500000', '−0.250000']);
  expect(printed([1234.5, 1])).toEqual(['1,234.50', '1.00']);
});

test('whole numbers are printed in full', () => {
  expect(printed([1_234_567, -2, 0])).toEqual(['1,234,567', '−2', '0']);
  expect(printed([0, 0])).toEqual(['0', '0']);
});

test('where the largest is tiny or huge, all stand in its power of ten', () => {
  expect(printed([2e-7, -1e-8, 0])).toEqual(['2.00000 × 10⁻⁷', '−0.10000 × 10⁻⁷', '0.00000 × 10⁻⁷']);
  expect(printed([1.5e9, 3])).toEqual(['1.50000 × 10⁹', '0.00000 × 10⁹']);
  expect(printed([5e-324])![0]).toContain('10⁻³²⁴');
});

test('a sign is not left to what rounds to 0, and what is not finite says so', () => {
  expect(printed([-1e-9, 0.5, NaN, Infinity])).toEqual(['0.000000', '0.500000', '—', '∞']);
  expect(printed([NaN])).toEqual(['—']);
});

test('a column of anything else has no format', () => {
  expect(columnFormat(['a', 1])).toBeNull();
  expect(columnFormat([null])).toBeNull();
  expect(columnFormat([])).toBeNull();
});
