// AssemblyScript. Filters arrive row-major in a stage and are laid out tap by tap in batches of doubles, so that two filters
// share a register and three taps by three are multiplied at once.

import { gather, inverse, madd, transpose, upper } from './common.as';

export { reserve } from './common.as';
export { peaksF32, peaksF64 } from './peaks.as';

/** Filters of a batch: a multiple of 4. */
const BATCH: u32 = 96;
const ROW: usize = BATCH * 8;
const TILE: usize = 9 * 16;

// A set is: filters in its open batch (8 bytes), filters in all (8), batch [padded][BATCH], sums [padded] pairs, tiles.

function padded(taps: u32): u32 {
  return ((taps + 2) / 3) * 3;
}

export function setBytes(taps: u32): usize {
  const rows = padded(taps);
  const groups = rows / 3;
  return 16 + rows * ROW + rows * 16 + ((groups * (groups + 1)) / 2) * TILE;
}

/** Bytes of the scratch of `count` filters: two lists of filters, with four places more each, and four filters tap by tap. */
export function scratchBytes(count: u32, taps: u32): usize {
  return <usize>taps * 16 + 2 * listBytes(count);
}

@inline
function listBytes(count: u32): usize {
  return (<usize>count + 4) * 4;
}

/**
 * Adds filters to the clean or sparse (first, second) and to the scaled set (third). Behind the filters and the peaks there
 * is room for one more, which is made a filter of zeros.
 */
export function appendF32(
  x: usize, peaks: usize, count: u32, taps: u32, shifts: usize, threshold: f64, sets: usize, norms: usize, scratch: usize,
): void {
  memory.fill(x + count * taps * 4, 0, taps * 4);
  store<f32>(peaks + count * 4, 0);
  const cleanList = scratch + taps * 16, sparseList = cleanList + listBytes(count);
  let clean = cleanList, sparse = sparseList;
  for (let i: u32 = 0; i < count; i++) {
    const peak = <f64>load<f32>(peaks + i * 4);
    store<u32>(clean, i);
    store<u32>(sparse, i);
    const isSparse = <usize>(peak < threshold);
    sparse += isSparse * 4;
    clean += (<usize>(peak == peak) - isSparse) * 4;
  }
  const bytes = setBytes(taps);
  appendList(x, peaks, count, taps, shifts, sets, sets + 2 * bytes, norms, scratch, cleanList, clean);
  appendList(x, peaks, count, taps, shifts, sets + bytes, sets + 2 * bytes, norms, scratch, sparseList, sparse);
}

/** Adds the listed filters, four at a time, to a set and to the scaled one; filter `zeros` fills up the last four. */
function appendList(
  x: usize, peaks: usize, zeros: u32, taps: u32, shifts: usize, set: usize, scaled: usize, norms: usize, scratch: usize,
  list: usize, end: usize,
): void {
  const width = taps * 4;
  for (let k: usize = 0; k < 16; k += 4) store<u32>(end + k, zeros);
  let absolute0 = f64x2.splat(0), absolute1 = absolute0, squares0 = absolute0, squares1 = absolute0;
  for (; list < end; list += 16) {
    const a = load<u32>(list), b = load<u32>(list, 4), c = load<u32>(list, 8), d = load<u32>(list, 12);
    transpose(x + a * width, x + b * width, x + c * width, x + d * width, taps, scratch);
    const four = gather(peaks + a * 4, peaks + b * 4, peaks + c * 4, peaks + d * 4);
    const inverse0 = inverse(f64x2.promote_low_f32x4(four)), inverse1 = inverse(f64x2.promote_low_f32x4(upper(four)));
    let to = room(set, taps, 4), scaledTo = room(scaled, taps, 4), shift = shifts;
    for (let tap = scratch, last = scratch + taps * 16; tap < last; tap += 16, to += ROW, scaledTo += ROW, shift += 8) {
      const value0 = f64x2.promote_low_f32x4(v128.load64_zero(tap));
      const value1 = f64x2.promote_low_f32x4(v128.load64_zero(tap, 8));
      absolute0 = f64x2.add(absolute0, f64x2.abs(value0));
      absolute1 = f64x2.add(absolute1, f64x2.abs(value1));
      squares0 = madd(value0, value0, squares0);
      squares1 = madd(value1, value1, squares1);
      const raw = v128.load64_splat(shift), own = v128.load64_splat(shift + taps * 8);
      v128.store(to, f64x2.sub(value0, raw));
      v128.store(to, f64x2.sub(value1, raw), 16);
      v128.store(scaledTo, f64x2.sub(f64x2.mul(value0, inverse0), own));
      v128.store(scaledTo, f64x2.sub(f64x2.mul(value1, inverse1), own), 16);
    }
    const taken = <u32>min(end - list, 16) >> 2;
    advance(set, taken);
    advance(scaled, taken);
  }
  store<f64>(norms, load<f64>(norms) + both(f64x2.add(absolute0, absolute1)));
  store<f64>(norms, load<f64>(norms, 8) + both(f64x2.add(squares0, squares1)), 8);
}

/** As appendF32, filter by filter; a reciprocal would not do, since that of a small double may overflow. */
export function appendF64(
  x: usize, peaks: usize, count: u32, taps: u32, shifts: usize, threshold: f64, sets: usize, norms: usize, _scratch: usize,
): void {
  const bytes = setBytes(taps);
  const scaled = sets + 2 * bytes;
  const width = taps * 8;
  let sumAbsolute = load<f64>(norms), sumSquares = load<f64>(norms, 8);
  for (let i: u32 = 0; i < count; i++, x += width) {
    const peak = load<f64>(peaks + i * 8);
    if (peak != peak) continue;
    const set = peak < threshold ? sets + bytes : sets;
    const to = room(set, taps, 1), scaledTo = room(scaled, taps, 1);
    let absolute: f64 = 0, squares: f64 = 0;
    for (let j: u32 = 0; j < taps; j++) {
      const value = load<f64>(x + j * 8);
      const shift = shifts + j * 8;
      absolute += abs(value);
      squares += value * value;
      store<f64>(to + j * ROW, value - load<f64>(shift));
      store<f64>(scaledTo + j * ROW, (peak > 0 ? value / peak : 0) - load<f64>(shift + width));
    }
    sumAbsolute += absolute;
    sumSquares += squares;
    advance(set, 1);
    advance(scaled, 1);
  }
  store<f64>(norms, sumAbsolute);
  store<f64>(norms, sumSquares, 8);
}

/** Where the next filters of a set go, which has room for `count` then. */
@inline
function room(set: usize, taps: u32, count: u32): usize {
  if (load<u32>(set) + count > BATCH) flush(set, taps);
  return set + 16 + load<u32>(set) * 8;
}

@inline
function advance(set: usize, count: u32): void {
  store<u32>(set, load<u32>(set) + count);
}

/** Adds the open batch of a set, filled up with zeros, to its sums and empties it. */
function flush(set: usize, taps: u32): void {
  const rows = padded(taps);
  const batch = set + 16;
  const sums = batch + rows * ROW;
  const fill = load<u32>(set);
  let tile = sums + rows * 16;
  store<f64>(set, load<f64>(set, 8) + <f64>fill, 8);
  store<u32>(set, 0);
  for (let i: u32 = 0; i < taps; i++) {
    let sum = v128.load(sums + i * 16);
    const row = batch + i * ROW;
    if (fill < BATCH) memory.fill(row + fill * 8, 0, ROW - fill * 8);
    for (let n: usize = 0; n < ROW; n += 16) sum = f64x2.add(sum, v128.load(row + n));
    v128.store(sums + i * 16, sum);
  }
  for (let i: u32 = 0; i < rows; i += 3) {
    for (let j = i; j < rows; j += 3, tile += TILE) products(batch + i * ROW, batch + j * ROW, tile);
  }
}

@inline
function products(a: usize, b: usize, tile: usize): void {
  let c00 = v128.load(tile), c01 = v128.load(tile, 16), c02 = v128.load(tile, 32);
  let c10 = v128.load(tile, 48), c11 = v128.load(tile, 64), c12 = v128.load(tile, 80);
  let c20 = v128.load(tile, 96), c21 = v128.load(tile, 112), c22 = v128.load(tile, 128);
  for (const end = a + ROW; a < end; a += 16, b += 16) {
    const b0 = v128.load(b), b1 = v128.load(b, ROW), b2 = v128.load(b, 2 * ROW);
    let x = v128.load(a);
    c00 = madd(x, b0, c00);
    c01 = madd(x, b1, c01);
    c02 = madd(x, b2, c02);
    x = v128.load(a, ROW);
    c10 = madd(x, b0, c10);
    c11 = madd(x, b1, c11);
    c12 = madd(x, b2, c12);
    x = v128.load(a, 2 * ROW);
    c20 = madd(x, b0, c20);
    c21 = madd(x, b1, c21);
    c22 = madd(x, b2, c22);
  }
  v128.store(tile, c00); v128.store(tile, c01, 16); v128.store(tile, c02, 32);
  v128.store(tile, c10, 48); v128.store(tile, c11, 64); v128.store(tile, c12, 80);
  v128.store(tile, c20, 96); v128.store(tile, c21, 112); v128.store(tile, c22, 128);
}

/** Ends a set: count, sums and upper triangle as doubles at `out`. */
export function finishSet(set: usize, taps: u32, out: usize): void {
  const rows = padded(taps);
  flush(set, taps);
  const sums = set + 16 + rows * ROW;
  const tiles = sums + rows * 16;
  const groups = rows / 3;
  store<f64>(out, load<f64>(set, 8));
  out += 8;
  for (let i: u32 = 0; i < taps; i++, out += 8) store<f64>(out, lanes(sums + i * 16));
  for (let i: u32 = 0; i < taps; i++) {
    const gi = i / 3;
    const before = gi * groups - (gi * (gi - 1)) / 2 - gi;
    for (let j = i; j < taps; j++, out += 8) {
      store<f64>(out, lanes(tiles + (before + j / 3) * TILE + ((i % 3) * 3 + (j % 3)) * 16));
    }
  }
}

@inline
function lanes(pair: usize): f64 {
  return load<f64>(pair) + load<f64>(pair, 8);
}

@inline
function both(pair: v128): f64 {
  return f64x2.extract_lane(pair, 0) + f64x2.extract_lane(pair, 1);
}
