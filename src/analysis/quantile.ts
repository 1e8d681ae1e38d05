/** Share of draws that an interval leaves out on either side. */
export const TAIL = 0.025;
/** The same of a normal distribution, in standard deviations from its mean. */
export const NORMAL_TAIL = 1.96;
/** Quantile of a null up to which chance explains a value. */
export const CHANCE_LEVEL = 0.95;

/** Quantile q of values sorted rising, linear between order statistics (numpy's default); NaN for none. */
export function quantileOfSorted(sorted: ArrayLike<number>, q: number): number {
  if (sorted.length === 0) return NaN;
  const position = q * (sorted.length - 1);
  const below = Math.floor(position);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
}
