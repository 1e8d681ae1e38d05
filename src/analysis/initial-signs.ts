import type { ChannelPeaks, InitialSigns, Sign } from '../domain/traits';
import type { FilterBank } from '../domain/filters';

/** The stored weight as rows of filters, and which channels they join. */
export interface ChannelLayout {
  rows: number;
  /** Filters a row. */
  columns: number;
  groups: number;
}

/** A side with fewer channels has too skewed a null. */
const LEAST_CHANNELS = 8;

/**
 * Sums over a layer's finite filters from which its initial signs and the peaks of its channels follow; taken run by run in
 * stored order, so that a layer need not be held whole.
 */
export class SquareSums {
  readonly #layout: ChannelLayout;
  readonly #rowSquares: Float64Array;
  readonly #columnSquares: Float64Array;
  readonly #rowPeaks: Float64Array;
  readonly #columnPeaks: Float64Array;
  #at = 0;
  #filters = 0;
  #taps = 0;
  #sum = 0;
  #squares = 0;
  #fourths = 0;
  #filterFourths = 0;

  constructor(layout: ChannelLayout) {
    const channels = layout.columns * layout.groups;
    this.#layout = layout;
    this.#rowSquares = new Float64Array(layout.rows);
    this.#rowPeaks = new Float64Array(layout.rows);
    this.#columnSquares = new Float64Array(channels);
    this.#columnPeaks = new Float64Array(channels);
  }

  /** @param factor power of two that keeps fourth powers in range */
  take({ values, count, taps }: FilterBank, factor = 1): void {
    const { rows, columns, groups } = this.#layout;
    const rowsPerGroup = rows / groups;
    this.#taps = taps;
    for (let i = 0, at = 0; i < count; i++) {
      let sum = 0;
      let squares = 0;
      let fourths = 0;
      let peak = 0;
      for (const end = at + taps; at < end; at++) {
        const value = values[at] * factor;
        const square = value * value;
        sum += value;
        squares += square;
        fourths += square * square;
        if (value > peak) peak = value;
        else if (-value > peak) peak = -value;
      }
      const filter = this.#at++;
      if (!(squares <= Number.MAX_VALUE)) continue;
      const row = Math.floor(filter / columns);
      const column = Math.floor(row / rowsPerGroup) * columns + (filter - row * columns);
      this.#filters++;
      this.#sum += sum;
      this.#squares += squares;
      this.#fourths += fourths;
      this.#filterFourths += squares * squares;
      this.#rowSquares[row] += squares;
      this.#columnSquares[column] += squares;
      peak /= factor;
      if (peak > this.#rowPeaks[row]) this.#rowPeaks[row] = peak;
      if (peak > this.#columnPeaks[column]) this.#columnPeaks[column] = peak;
    }
  }

  /** Of the weights times `factor` as taken, the deviation of the weights themselves; null where nothing varies in size. */
  signs(factor = 1): InitialSigns | null {
    const filterCount = this.#filters;
    const weightCount = filterCount * this.#taps;
    if (filterCount < 2 || !(this.#squares > 0)) return null;
    const { rows, columns, groups } = this.#layout;
    const squares = this.#squares;
    const isWhole = filterCount === rows * columns;
    const spread = (fourths: number, count: number, freedom: number): Sign =>
      spreadOfSquares(fourths / squares ** 2, count, freedom);
    const channels = (sums: Float64Array, filtersEach: number): Sign | null =>
      !isWhole || sums.length < LEAST_CHANNELS || filtersEach < 2
        ? null
        : spread(
            sums.reduce((sum, square) => sum + square * square, 0),
            sums.length,
            filtersEach * this.#taps,
          );
    const weights = spread(this.#fourths, weightCount, 1);
    const variance = squares / weightCount - (this.#sum / weightCount) ** 2;
    return {
      weightCount,
      filterCount,
      // The squared coefficient of variation of w^2 is 2 more than the excess kurtosis about 0.
      kurtosis: { ...weights, value: weights.value - 2, mean: weights.mean - 2 },
      filterSpread: spread(this.#filterFourths, filterCount, this.#taps),
      rowSpread: channels(this.#rowSquares, columns),
      columnSpread: channels(this.#columnSquares, rows / groups),
      deviation: Math.sqrt(Math.max(0, variance)) / factor,
    };
  }

  peaks(): ChannelPeaks {
    return { rows: this.#rowPeaks, columns: this.#columnPeaks };
  }
}

/**
 * Squared coefficient of variation n sum p_i^2 - 1 of n squared norms, p_i their shares of the total, against its
 * distribution where each is the square of `freedom` independent Gaussian weights [ours]. The shares are then Dirichlet with
 * parameter k = freedom / 2 each, whatever the scale, so that mean and variance are exact:
 * E sum p^2 = (k + 1) / (nk + 1), E (sum p^2)^2 = [n k(k+1)(k+2)(k+3) + n (n-1) (k (k+1))^2] / [nk (nk+1) (nk+2) (nk+3)].
 * @param sumOfSquares sum p_i^2
 */
export function spreadOfSquares(sumOfSquares: number, n: number, freedom: number): Sign {
  const k = freedom / 2;
  const total = n * k;
  const mean = (k + 1) / (total + 1);
  const second =
    (k * (k + 1) * (k + 2) * (k + 3) + (n - 1) * (k * (k + 1)) ** 2) /
    (k * (total + 1) * (total + 2) * (total + 3));
  const deviation = Math.sqrt(Math.max(0, second - mean * mean));
  return {
    value: n * sumOfSquares - 1,
    z: deviation > 0 ? (sumOfSquares - mean) / deviation : 0,
    mean: n * mean - 1,
    deviation: n * deviation,
  };
}
