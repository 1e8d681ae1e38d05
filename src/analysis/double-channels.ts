import type { FilterBank } from '../domain/filters';
import type { DoubleList } from '../domain/traits';
import { DOUBLE_COSINE } from './double-chance';
import { DOUBLE_FLOOR, LISTED_DOUBLES } from './double-filters';
import type { ChannelLayout } from './initial-signs';
import { createRandom } from './random';

/** Coordinates of a channel's sketch. */
const SKETCH = 32;
/** Squared distance of two unit sketches beyond which the channels are no doubles: four times what theirs may be. */
const REACH = 4 * (2 - 2 * DOUBLE_COSINE);
/** Pairs of channels that are compared at most, within one group. */
const MOST_PAIRS = 5e7;
/** Multiply-adds of pairs that are compared whole at most: more only where nearly all channels are alike. */
const MOST_WORK = 4e8;

/** Rows or columns of the stored weight as vectors over the bank. */
interface Side {
  channels: number;
  /** Channels of one group, whose vectors hold weights of the same places. */
  perGroup: number;
  filtersEach: number;
  /** Index of filter k of a channel. */
  filterOf: (channel: number, k: number) => number;
}

/**
 * Channels that repeat an earlier one of their group up to scale and sign, |cos| > 0.999 between all their weights [ours]. Unit
 * channels are first compared by count sketches of 32 coordinates, whose squared distance is that of the channels on average and
 * exceeds four times it with a probability below 1e-6; those that are close are compared weight by weight. Null where a channel
 * has a single filter (`doubleFilters` tells those) or there are too many.
 */
export function doubleChannels(
  bank: FilterBank,
  layout: ChannelLayout,
  layerPeak: number,
): { rows: DoubleList | null; columns: DoubleList | null } {
  const { rows, columns, groups } = layout;
  const rowsPerGroup = rows / groups;
  return {
    rows: doublesOf(bank, layerPeak, {
      channels: rows,
      perGroup: rowsPerGroup,
      filtersEach: columns,
      filterOf: (row, k) => row * columns + k,
    }),
    columns: doublesOf(bank, layerPeak, {
      channels: columns * groups,
      perGroup: columns,
      filtersEach: rowsPerGroup,
      filterOf: (channel, k) =>
        (Math.floor(channel / columns) * rowsPerGroup + k) * columns + (channel % columns),
    }),
  };
}

function doublesOf(bank: FilterBank, layerPeak: number, side: Side): DoubleList | null {
  const { channels, perGroup, filtersEach } = side;
  if (filtersEach < 2 || perGroup < 2 || !(layerPeak > 0)) return null;
  if ((channels * (perGroup - 1)) / 2 > MOST_PAIRS) return null;
  const { sketches, norms } = sketchesOf(bank, layerPeak, side);
  const list: DoubleList = { count: 0, flipped: 0, pairs: [] };
  let work = MOST_WORK;
  for (let i = 0; i < channels; i++) {
    if (!(norms[i] > 0)) continue;
    for (let j = i - (i % perGroup); j < i; j++) {
      if (!(norms[j] > 0)) continue;
      const sign = areClose(sketches, i, j);
      if (sign === 0) continue;
      work -= filtersEach * bank.taps;
      if (work < 0) return null;
      const cosine = dot(bank, side, i, j, layerPeak) / norms[i] / norms[j];
      if (Math.abs(cosine) <= DOUBLE_COSINE) continue;
      list.count++;
      if (cosine < 0) list.flipped++;
      if (list.pairs.length < LISTED_DOUBLES) list.pairs.push([i, j]);
      break;
    }
  }
  return list;
}

/** 1 or -1 where the unit sketches, or one and the other's opposite, are close; else 0. */
function areClose(sketches: Float64Array, i: number, j: number): number {
  const a = i * SKETCH;
  const b = j * SKETCH;
  for (const sign of [1, -1]) {
    let distance = 0;
    for (let k = 0; k < SKETCH && distance <= REACH; k++) {
      distance += (sketches[a + k] - sign * sketches[b + k]) ** 2;
    }
    if (distance <= REACH) return sign;
  }
  return 0;
}

/** Unit sketches, and the channels' norms over the layer's peak: 0 for channels below the floor or not finite. */
function sketchesOf(
  { values, taps }: FilterBank,
  layerPeak: number,
  { channels, filtersEach, filterOf }: Side,
): { sketches: Float64Array; norms: Float64Array } {
  const random = createRandom(1, filtersEach, taps);
  const places = Uint8Array.from({ length: filtersEach * taps }, () =>
    Math.floor(random.uniform() * 2 * SKETCH),
  );
  const sketches = new Float64Array(channels * SKETCH);
  const norms = new Float64Array(channels);
  for (let channel = 0; channel < channels; channel++) {
    const base = channel * SKETCH;
    let squares = 0;
    let peak = 0;
    for (let k = 0, place = 0; k < filtersEach; k++) {
      const first = filterOf(channel, k) * taps;
      for (let at = first; at < first + taps; at++, place++) {
        const value = values[at] / layerPeak;
        squares += value * value;
        if (value > peak) peak = value;
        else if (-value > peak) peak = -value;
        const target = places[place];
        if (target < SKETCH) sketches[base + target] += value;
        else sketches[base + target - SKETCH] -= value;
      }
    }
    if (!(squares < Infinity) || peak < DOUBLE_FLOOR) continue;
    norms[channel] = Math.sqrt(squares);
    for (let k = base; k < base + SKETCH; k++) sketches[k] /= norms[channel];
  }
  return { sketches, norms };
}

/** Over the peak squared, so that products stay in range. */
function dot(
  { values, taps }: FilterBank,
  { filtersEach, filterOf }: Side,
  i: number,
  j: number,
  peak: number,
): number {
  let sum = 0;
  for (let k = 0; k < filtersEach; k++) {
    const a = filterOf(i, k) * taps;
    const b = filterOf(j, k) * taps;
    for (let t = 0; t < taps; t++) sum += (values[a + t] / peak) * (values[b + t] / peak);
  }
  return sum;
}
