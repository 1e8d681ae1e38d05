import type { FilterBank } from '../domain/filters';
import type { DoubleList } from '../domain/traits';
import { DOUBLE_COSINE } from './double-chance';

/** Doubles that are listed and marked; more are counted. */
export const LISTED_DOUBLES = 2000;
/** Filters below this share of the layer's peak have no direction worth comparing: they are told as sparse. */
export const DOUBLE_FLOOR = 0.01;
/** Two unit filters within the cosine lie at most this far apart. */
const REACH = Math.sqrt(2 - 2 * DOUBLE_COSINE);
/** Width of a cell of the grid, several times the reach. */
const CELL = 0.25;
const MOST_PLACES = 8;
/** Comparisons a filter may cost on average, so that no bank takes for ever. */
const COMPARISONS = 200;

/**
 * Filters that repeat an earlier one of the layer up to scale and sign, |cos| > 0.999 [ours]; filters not finite or below
 * `DOUBLE_FLOOR` of the peak are left out. Unit filters are put into a grid over up to eight orthonormal directions, in
 * which only the cells within reach need be looked through. Null where too many lie together to be compared, and for one tap.
 */
export function doubleFilters(bank: FilterBank, layerPeak: number): DoubleList | null {
  const { count, taps } = bank;
  if (taps < 2) return null;
  const list: DoubleList = { count: 0, flipped: 0, pairs: [] };
  const grid = new UnitGrid(bank, layerPeak);
  let left = COMPARISONS * count + 1e6;
  for (let i = 0; i < count; i++) {
    if (!grid.place(i)) continue;
    const found = grid.find(left);
    left = found.left;
    if (left < 0) return null;
    if (found.of >= 0) {
      list.count++;
      if (found.cosine < 0) list.flipped++;
      if (list.pairs.length < LISTED_DOUBLES) list.pairs.push([i, found.of]);
    }
    grid.add(i);
  }
  return list;
}

class UnitGrid {
  readonly #values: FilterBank['values'];
  readonly #taps: number;
  readonly #floor: number;
  readonly #places: number;
  readonly #norms: Float64Array;
  readonly #heads: Int32Array;
  readonly #next: Int32Array;
  readonly #unit: Float64Array;
  readonly #coordinates: Float64Array;
  readonly #cells: Int32Array;
  readonly #steps: Int32Array;
  readonly #query: Int32Array;

  constructor({ values, count, taps }: FilterBank, layerPeak: number) {
    this.#values = values;
    this.#taps = taps;
    this.#floor = DOUBLE_FLOOR * layerPeak;
    this.#places = Math.min(MOST_PLACES, taps);
    this.#norms = new Float64Array(count);
    this.#heads = new Int32Array(2 ** Math.ceil(Math.log2(2 * count + 2))).fill(-1);
    this.#next = new Int32Array(count);
    this.#unit = new Float64Array(taps);
    this.#coordinates = new Float64Array(this.#places);
    this.#cells = new Int32Array(this.#places);
    this.#steps = new Int32Array(this.#places);
    this.#query = new Int32Array(this.#places);
  }

  /** Takes filter i as the one to ask for; false where it has no direction. */
  place(i: number): boolean {
    const taps = this.#taps;
    const first = i * taps;
    let peak = 0;
    for (let t = 0; t < taps; t++) {
      const magnitude = Math.abs(this.#values[first + t]);
      if (!(magnitude <= Number.MAX_VALUE)) return false;
      if (magnitude > peak) peak = magnitude;
    }
    if (peak === 0 || peak < this.#floor) return false;
    let squares = 0;
    for (let t = 0; t < taps; t++) squares += (this.#values[first + t] / peak) ** 2;
    const norm = Math.sqrt(squares);
    // Divided one by one: peak times norm may leave the range.
    for (let t = 0; t < taps; t++) this.#unit[t] = this.#values[first + t] / peak / norm;
    this.#norms[i] = norm * peak;
    this.#locate();
    return true;
  }

  /** Disjoint runs of taps, each summed with equal weights: orthonormal directions in which smooth filters differ most. */
  #locate(): void {
    const places = this.#places;
    const taps = this.#taps;
    for (let p = 0; p < places; p++) {
      const from = Math.floor((p * taps) / places);
      const to = Math.floor(((p + 1) * taps) / places);
      let sum = 0;
      for (let t = from; t < to; t++) sum += this.#unit[t];
      this.#coordinates[p] = sum / Math.sqrt(to - from);
    }
  }

  /** An earlier filter of the same direction, or of the opposite one: -1 where there is none. */
  find(budget: number): { of: number; cosine: number; left: number } {
    let left = budget;
    for (const sign of [1, -1]) {
      // Bits of `steps`: to which neighbours along each direction the reach extends.
      let dimensions = 0;
      for (let p = 0; p < this.#places; p++) {
        const at = (sign * this.#coordinates[p]) / CELL;
        const cell = Math.floor(at);
        const offset = (at - cell) * CELL;
        this.#cells[p] = cell;
        this.#steps[p] = offset <= REACH ? -1 : CELL - offset <= REACH ? 1 : 0;
        if (this.#steps[p] !== 0) dimensions++;
      }
      for (let mask = 0; mask < 1 << dimensions; mask++) {
        for (let p = 0, bit = 0; p < this.#places; p++) {
          const step = this.#steps[p];
          const taken = step !== 0 && ((mask >> bit++) & 1) === 1;
          this.#query[p] = this.#cells[p] + (taken ? step : 0);
        }
        left--;
        for (let j = this.#heads[this.#hash(this.#query)]; j >= 0; j = this.#next[j]) {
          if (--left < 0) return { of: -1, cosine: 0, left };
          const cosine = this.#cosine(j);
          if (sign * cosine > DOUBLE_COSINE) return { of: j, cosine, left };
        }
      }
    }
    return { of: -1, cosine: 0, left };
  }

  add(i: number): void {
    for (let p = 0; p < this.#places; p++) this.#cells[p] = Math.floor(this.#coordinates[p] / CELL);
    const hash = this.#hash(this.#cells);
    this.#next[i] = this.#heads[hash];
    this.#heads[hash] = i;
  }

  #cosine(j: number): number {
    const first = j * this.#taps;
    let sum = 0;
    for (let t = 0; t < this.#taps; t++) sum += this.#unit[t] * (this.#values[first + t] / this.#norms[j]);
    return sum;
  }

  #hash(cells: Int32Array): number {
    let hash = 0x9e3779b9;
    for (let p = 0; p < cells.length; p++) hash = Math.imul(hash ^ cells[p], 0x85ebca6b) ^ (hash >>> 15);
    return (hash ^ (hash >>> 13)) & (this.#heads.length - 1);
  }
}
