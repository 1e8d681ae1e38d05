import { formatValue } from '../../charts/format-number';

const NOTHING = '—';
const FIGURE_SPACE = '\u2007';
const POINT_SPACE = '\u2008';
/** Decimals that norms are filled up to, so that their points stand below each other. */
const NORM_DECIMALS = 3;

/** `31.20 %`: one format down the column. */
export function fixedShare(share: number | null): string {
  return isFigure(share) ? `${(share * 100).toFixed(2)} %` : NOTHING;
}

/** `0.934`: one format down the column. */
export function fixedFigure(value: number | null): string {
  // What rounding leaves below 0 is printed as 0.
  return isFigure(value) ? (Number(value.toFixed(3)) + 0).toFixed(3).replace('-', '\u2212') : NOTHING;
}

/** Three significant digits, the decimal point at one place. */
export function alignedNorm(value: number | null): string {
  const text = formatValue(value);
  if (!/^[\d,.]+$/.test(text)) return text;
  const [, decimals] = text.split('.');
  const missing = Math.max(0, NORM_DECIMALS - (decimals?.length ?? 0));
  return text + (decimals === undefined ? POINT_SPACE : '') + FIGURE_SPACE.repeat(missing);
}

function isFigure(value: number | null): value is number {
  return value !== null && Number.isFinite(value);
}
