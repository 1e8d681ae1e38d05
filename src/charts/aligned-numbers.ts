import { formatFactor, formatValue } from './format-number';
import { peakOf } from './kernel-image';

/** Numbers to stand below each other: `cells` times `factor` (empty for 1). */
export interface AlignedNumbers {
  cells: string[];
  factor: string;
}

const MINUS = '\u2212';

/**
 * All with the decimals that give the largest three digits. Very large or small ones, and all where `compact`, are printed over
 * a power of ten. What would round to 0 without being 0 keeps one digit: `3e−5`.
 */
export function alignNumbers(values: ArrayLike<number>, compact = false): AlignedNumbers {
  const peak = peakOf(values);
  const exponent = peak > 0 ? Number(peak.toExponential(2).split('e')[1]) : 0;
  const plain = !compact && exponent >= -3 && exponent <= 2;
  const unit = plain ? 0 : exponent;
  const decimals = plain ? 2 - exponent : 2;
  return {
    cells: Array.from(values, (value) => cell(value, unit, decimals)),
    factor: unit === 0 ? '' : formatFactor(unit),
  };
}

function cell(value: number, unit: number, decimals: number): string {
  if (value === 0 || !Number.isFinite(value)) return formatValue(value);
  const scaled = value / 10 ** unit;
  const fixed = scaled.toFixed(decimals);
  const text = Number(fixed) === 0 ? scaled.toExponential(0) : fixed;
  return text.replace(/-/g, MINUS).replace('e+', 'e');
}
