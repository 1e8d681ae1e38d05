import { formatFactor, formatValue } from './format-number';
import { peakOf } from './kernel-image';

/** Numbers to stand below each other: `cells` times `factor` (empty for 1). */
export interface AlignedNumbers {
  cells: string[];
  factor: string;
}

const MINUS = '\u2212';
const MOST_DECIMALS = 5;

/**
 * All with the decimals that give the largest three digits. Where `scale`, the largest number of all that are compared, is very
 * large or small they are printed over its power of ten, so that what stands side by side is over the same; those weaker by far,
 * and all where `compact`, go by their own. What would round to 0 without being 0 keeps one digit: `3e−5`.
 */
export function alignNumbers(values: ArrayLike<number>, scale: number, compact = false): AlignedNumbers {
  const own = exponentOf(peakOf(values));
  const common = exponentOf(scale);
  const wanted = common >= -3 && common <= 2 ? 0 : common;
  const unit = compact || wanted - own > MOST_DECIMALS - 2 ? own : wanted;
  const decimals = Math.max(0, 2 + unit - own);
  return {
    cells: Array.from(values, (value) => cell(value, unit, decimals)),
    factor: unit === 0 ? '' : formatFactor(unit),
  };
}

/** Of a number rounded to three digits; 0 for 0. */
function exponentOf(size: number): number {
  return size > 0 && size < Infinity ? Number(size.toExponential(2).split('e')[1]) : 0;
}

function cell(value: number, unit: number, decimals: number): string {
  if (value === 0 || !Number.isFinite(value)) return formatValue(value);
  const scaled = value / 10 ** unit;
  const fixed = scaled.toFixed(decimals);
  const text = Number(fixed) === 0 ? scaled.toExponential(0) : fixed;
  return text.replace(/-/g, MINUS).replace('e+', 'e');
}
