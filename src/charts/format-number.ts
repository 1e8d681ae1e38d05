import { format } from 'd3-format';

const MINUS = '\u2212';
const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** `0.0312`, `−1.24`, `12,600`, `3.10 × 10⁻⁷`: three significant digits; `—` for what is not available. */
export function formatValue(value: number | null | undefined, digits = 3): string {
  if (value === null || value === undefined || Number.isNaN(value)) return '—';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : `${MINUS}∞`;
  if (value === 0) return '0';
  const size = Math.abs(value);
  // Rounded first: 0.00099996 is 1.00 × 10⁻³ either way, not 0.00100 here and 1.00 × 10⁻³ there.
  const rounded = Number(size.toPrecision(digits));
  const sign = value < 0 ? MINUS : '';
  if (rounded < 1e-3 || rounded >= 1e7) return sign + scientific(rounded, digits);
  if (rounded >= 1000)
    return sign + new Intl.NumberFormat('en', { maximumFractionDigits: 0 }).format(rounded);
  return sign + rounded.toPrecision(digits);
}

function scientific(size: number, digits: number): string {
  const [mantissa, exponent] = size.toExponential(digits - 1).split('e') as [string, string];
  return `${mantissa} ${formatFactor(Number(exponent))}`;
}

/** `× 10⁻⁷` */
export function formatFactor(exponent: number): string {
  return `× 10${superscript(exponent)}`;
}

function superscript(exponent: number): string {
  const digits = [...String(Math.abs(exponent))].map((digit) => SUPERSCRIPTS[Number(digit)]).join('');
  return (exponent < 0 ? '⁻' : '') + digits;
}

/** `31.2 %`, `0.04 %`, `100 %`. */
export function formatShare(share: number | null | undefined): string {
  if (share === null || share === undefined || !Number.isFinite(share)) return '—';
  const percent = share * 100;
  const size = Math.abs(percent);
  if (size > 0 && size < 0.005) return `${percent < 0 ? MINUS : ''}< 0.01 %`.trim();
  const text = size >= 99.95 || size === 0 ? size.toFixed(0) : size.toFixed(size < 1 ? 2 : 1);
  return `${percent < 0 ? MINUS : ''}${text} %`;
}

/** A share that was chosen, not measured: `14 %`, `2.5 %`, no more digits than it has. */
export function formatLimit(share: number): string {
  return `${Number((share * 100).toPrecision(4))} %`;
}

/** A range of limits: `0.512 to 0.55`, or the one that all share. */
export function formatLimits(least: number, most: number): string {
  const [from, to] = [least, most].map((value) => String(Number(value.toFixed(3))));
  return from === to ? `${from}` : `${from} to ${to}`;
}

/** A formatter for the ticks of one axis: just the decimals the step needs, powers of ten where they are huge or tiny. */
export function tickFormatter(ticks: readonly number[]): (value: number) => string {
  const largest = Math.max(0, ...ticks.map(Math.abs));
  if (largest > 0 && (largest < 1e-3 || largest >= 1e6)) {
    return (value) => (value === 0 ? '0' : formatPower(value));
  }
  const step = ticks.length > 1 ? Math.abs(ticks[1] - ticks[0]) : largest;
  const exact = (decimals: number) =>
    ticks.every((tick) => Math.abs(Number(tick.toFixed(decimals)) - tick) <= 1e-6 * step);
  let decimals = 0;
  while (decimals < 12 && !exact(decimals)) decimals++;
  const print = format(`,.${decimals}f`);
  return (value) => print(value === 0 ? 0 : value);
}

/** `2 × 10⁻⁵`, `10⁶`. */
export function formatPower(value: number): string {
  const [mantissa, exponent] = Math.abs(value).toExponential().split('e') as [string, string];
  const short = Number(Number(mantissa).toPrecision(4));
  const sign = value < 0 ? MINUS : '';
  return `${sign}${short === 1 ? '' : `${short} × `}10${superscript(Number(exponent))}`;
}
