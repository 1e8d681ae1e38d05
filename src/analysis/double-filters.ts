import type { FilterBank } from '../domain/filters';
import type { DoubleList } from '../domain/traits';
import { DOUBLE_COSINE } from './double-chance';

/** Doubles that are listed and marked; more are counted. */
export const LISTED_DOUBLES = 2000;
/** Filters below this share of the layer's peak have no direction worth comparing: they are told as sparse. */
export const DOUBLE_FLOOR = 0.01;
/** Two unit filters within the cosine lie at most this far apart. */
const REACH = Math.sqrt(2 - 2 * DOUBLE_COSINE);
const REACH_IN_FLOAT32 = REACH + 1e-6;
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
  const grid = new UnitGrid(bank, layerPeak, COMPARISONS * count + 1e6);
  for (let i = 0; i < count; i++) {
    if (!grid.place(i)) continue;
    const of = grid.find();
    if (grid.budget < 0) return null;
    if (of >= 0) {
      list.count++;
      if (grid.cosine < 0) list.flipped++;
      if (list.pairs.length < LISTED_DOUBLES) list.pairs.push([i, of]);
    }
    grid.add(i);
  }
  return list;
}

/** Unit filters by the cell they lie in, those of opposite direction in one: of each the one whose leading coordinate is positive. */
class UnitGrid {
  readonly #values: FilterBank['values'];
  readonly #taps: number;
  readonly #floor: number;
  readonly #places: number;
  readonly #norms: Float64Array;
  readonly #heads: Int32Array;
  readonly #next: Int32Array;
  /** The last tap of each, which tells most neighbours apart without a look at their weights. */
  readonly #lasts: Float32Array;
  readonly #unit: Float64Array;
  readonly #coordinates: Float64Array;
  /** Differences of hash to the neighbouring cells within reach, one a direction. */
  readonly #steps: Int32Array;
  #hash = 0;
  /** Of the filter found: its cosine to the one asked for. */
  cosine = 0;
  budget: number;

  constructor({ values, count, taps }: FilterBank, layerPeak: number, budget: number) {
    this.#values = values;
    this.#taps = taps;
    this.#floor = DOUBLE_FLOOR * layerPeak;
    this.#places = Math.min(MOST_PLACES, taps);
    this.#norms = new Float64Array(count);
    this.#heads = new Int32Array(2 ** Math.ceil(Math.log2(2 * count + 2))).fill(-1);
    this.#next = new Int32Array(count);
    this.#lasts = new Float32Array(count);
    this.#unit = new Float64Array(taps);
    this.#coordinates = new Float64Array(this.#places);
    this.#steps = new Int32Array(this.#places);
    this.budget = budget;
  }

  /** Takes filter i as the one to ask for; false where it has no direction. */
  place(i: number): boolean {
    const taps = this.#taps;
    const values = this.#values;
    const first = i * taps;
    let peak = 0;
    for (let at = first; at < first + taps; at++) {
      const magnitude = Math.abs(values[at]);
      if (!(magnitude <= Number.MAX_VALUE)) return false;
      if (magnitude > peak) peak = magnitude;
    }
    if (peak === 0 || peak < this.#floor) return false;
    let squares = 0;
    for (let t = 0; t < taps; t++) {
      const value = values[first + t] / peak;
      this.#unit[t] = value;
      squares += value * value;
    }
    const norm = Math.sqrt(squares);
    const factor = 1 / norm;
    for (let t = 0; t < taps; t++) this.#unit[t] *= factor;
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
      this.#coordinates[p] = to - from === 1 ? sum : sum / Math.sqrt(to - from);
    }
  }

  /** An earlier filter of the same direction or of the opposite one, -1 where there is none; the budget falls below 0 if too dear. */
  find(): number {
    const lead = this.#coordinates[0];
    const sign = lead < 0 ? -1 : 1;
    const found = this.#findOn(sign);
    // So near to 0 the other may have been turned round.
    return found < 0 && Math.abs(lead) <= REACH ? this.#findOn(-sign) : found;
  }

  #findOn(sign: number): number {
    const dimensions = this.#enter(sign);
    const mask = this.#heads.length - 1;
    const steps = this.#steps;
    const last = sign * this.#unit[this.#taps - 1];
    for (let subset = 0; subset < 1 << dimensions; subset++) {
      let hash = this.#hash;
      for (let bits = subset, d = 0; bits !== 0; bits >>= 1, d++) if (bits & 1) hash = (hash + steps[d]) | 0;
      this.budget--;
      for (let j = this.#heads[mixed(hash) & mask]; j >= 0; j = this.#next[j]) {
        if (--this.budget < 0) return -1;
        if (Math.abs(this.#lasts[j] - last) > REACH_IN_FLOAT32) continue;
        const cosine = this.#cosineTo(j);
        if (Math.abs(cosine) <= DOUBLE_COSINE) continue;
        this.cosine = cosine;
        return j;
      }
    }
    return -1;
  }

  /** Hash of the cell of the filter times `sign`, and the steps to its neighbours within reach; returns how many. */
  #enter(sign: number): number {
    let dimensions = 0;
    let hash = 0;
    for (let p = 0; p < this.#places; p++) {
      const at = (sign * this.#coordinates[p]) / CELL;
      const cell = Math.floor(at);
      const offset = (at - cell) * CELL;
      const prime = PRIMES[p];
      hash = (hash + Math.imul(cell, prime)) | 0;
      if (offset <= REACH) this.#steps[dimensions++] = -prime;
      else if (CELL - offset <= REACH) this.#steps[dimensions++] = prime;
    }
    this.#hash = hash;
    return dimensions;
  }

  add(i: number): void {
    const sign = this.#coordinates[0] < 0 ? -1 : 1;
    this.#enter(sign);
    this.#lasts[i] = sign * this.#unit[this.#taps - 1];
    const at = mixed(this.#hash) & (this.#heads.length - 1);
    this.#next[i] = this.#heads[at];
    this.#heads[at] = i;
  }

  #cosineTo(j: number): number {
    const taps = this.#taps;
    const unit = this.#unit;
    const values = this.#values;
    const first = j * taps;
    let sum = 0;
    for (let t = 0; t < taps; t++) sum += unit[t] * values[first + t];
    return sum / this.#norms[j];
  }
}

/** One a direction: the hash of a cell is the sum of its coordinates times these, so that a neighbour's is one step away. */
const PRIMES = [
  0x1fc8ee35, 0x2f0b4c47, 0x3d4d51cb, 0x4cf5ad43, 0x5851f42d, 0x6b43a9b5, 0x74cc2d6d, 0x7ed55d17,
].map((prime) => prime | 0);

function mixed(hash: number): number {
  const half = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b);
  return (half ^ (half >>> 16)) >>> 0;
}
