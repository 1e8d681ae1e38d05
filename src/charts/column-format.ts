import { formatPower, formatValue } from './format-number';
import type { CsvCell } from '../domain/export/csv';

const DIGITS = 6;
const MOST_DECIMALS = 12;
const MINUS = '\u2212';

/**
 * One format for the numbers of a column, so that they stand in line and compare by eye; null for a column that holds anything
 * but numbers and gaps. Whole numbers are printed in full. Others get the decimals that show the largest with six digits, or,
 * where the largest is too small or too large for that, stand as factors of one power of ten.
 */
export function columnFormat(cells: readonly CsvCell[]): ((value: number) => string) | null {
  const numbers = cells.filter((cell) => cell !== null);
  if (numbers.length === 0 || !numbers.every((cell) => typeof cell === 'number')) return null;
  const finite = numbers.filter(Number.isFinite);
  const largest = Math.max(0, ...finite.map(Math.abs));
  if (finite.every(Number.isInteger) && largest < 1e9) return decimals(0);
  const exponent = Math.floor(Math.log10(largest));
  if (exponent >= -3 && exponent < DIGITS) return decimals(DIGITS - 1 - exponent);
  const unit = 10 ** exponent;
  // A power beyond the doubles cannot be divided by.
  if (!(unit > 0) || !Number.isFinite(unit)) return (value) => formatValue(value, DIGITS);
  const print = decimals(DIGITS - 1);
  return (value) =>
    Number.isFinite(value) ? `${print(value / unit)} × ${formatPower(unit)}` : formatValue(value);
}

function decimals(digits: number): (value: number) => string {
  const fixed = Math.min(MOST_DECIMALS, Math.max(0, digits));
  const format = new Intl.NumberFormat('en', { minimumFractionDigits: fixed, maximumFractionDigits: fixed });
  return (value) => {
    if (!Number.isFinite(value)) return formatValue(value);
    const text = format.format(Math.abs(value));
    return value < 0 && /[1-9]/.test(text) ? MINUS + text : text;
  };
}
