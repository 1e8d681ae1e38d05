// AssemblyScript. Filters arrive row-major in a stage and are laid out tap by tap in batches of doubles, so that two filters
// share a register and three taps by three are multiplied at once.

/** Filters of a batch: a multiple of 6. */
const BATCH: u32 = 96;
const ROW: usize = BATCH * 8;
const TILE: usize = 9 * 16;

export function reserve(bytes: usize): usize {
  const base = (__heap_base + 15) & ~15;
  const missing = <i32>((base + bytes + 0xffff) >>> 16) - memory.size();
  if (missing > 0 && memory.grow(missing) < 0) return 0;
  return base;
}

/** Largest |w| of each filter, NaN where one is not finite: magnitudes as integers, which order alike and keep NaN on top. */
export function peaksF32(x: usize, count: u32, taps: u32, out: usize): void {
  for (let i: u32 = 0; i < count; i++) {
    let most: i32 = 0;
    for (const end = x + taps * 4; x < end; x += 4) {
      const bits = load<i32>(x) & 0x7fffffff;
      most = select(bits, most, bits > most);
    }
    store<f32>(out, most < 0x7f800000 ? reinterpret<f32>(most) : f32.NaN);
    out += 4;
  }
}

export function peaksF64(x: usize, count: u32, taps: u32, out: usize): void {
  for (let i: u32 = 0; i < count; i++) {
    let most: i64 = 0;
    for (const end = x + taps * 8; x < end; x += 8) {
      const bits = load<i64>(x) & 0x7fffffffffffffff;
      most = select(bits, most, bits > most);
    }
    store<f64>(out, most < 0x7ff0000000000000 ? reinterpret<f64>(most) : f64.NaN);
    out += 8;
  }
}

// ---- moments -------------------------------------------------------------------------------------------------------
// A set is: filters in its open batch (8 bytes), filters in all (8), batch [padded][BATCH], sums [padded] pairs, tiles.

function padded(taps: u32): u32 {
  return ((taps + 2) / 3) * 3;
}

export function setBytes(taps: u32): usize {
  const rows = padded(taps);
  const groups = rows / 3;
  return 16 + rows * ROW + rows * 16 + ((groups * (groups + 1)) / 2) * TILE;
}

export function appendF32(
  x: usize, peaks: usize, count: u32, taps: u32, shifts: usize, threshold: f64, sets: usize, norms: usize,
): void {
  append<f32>(x, peaks, count, taps, shifts, threshold, sets, norms);
}

export function appendF64(
  x: usize, peaks: usize, count: u32, taps: u32, shifts: usize, threshold: f64, sets: usize, norms: usize,
): void {
  append<f64>(x, peaks, count, taps, shifts, threshold, sets, norms);
}

/** Adds filters to the clean or sparse (first, second) and to the scaled set (third). */
@inline
function append<T>(
  x: usize, peaks: usize, count: u32, taps: u32, shifts: usize, threshold: f64, sets: usize, norms: usize,
): void {
  const bytes = setBytes(taps);
  const scaled = sets + 2 * bytes;
  const width = taps * sizeof<T>();
  const scaledShifts = taps * 8;
  let sumAbsolute = load<f64>(norms), sumSquares = load<f64>(norms, 8);
  for (let i: u32 = 0; i < count; i++, x += width) {
    const peak = <f64>load<T>(peaks + i * sizeof<T>());
    if (peak != peak) continue;
    const set = peak < threshold ? sets + bytes : sets;
    const at = set + 16 + load<u32>(set) * 8;
    const scaledAt = scaled + 16 + load<u32>(scaled) * 8;
    const inverse = peak > 0 ? 1 / peak : 0;
    let absolute: f64 = 0, squares: f64 = 0;
    for (let j: u32 = 0; j < taps; j++) {
      const value = <f64>load<T>(x + j * sizeof<T>());
      const shift = shifts + j * 8;
      absolute += abs(value);
      squares += value * value;
      store<f64>(at + j * ROW, value - load<f64>(shift));
      store<f64>(scaledAt + j * ROW, scale<T>(value, peak, inverse) - load<f64>(shift + scaledShifts));
    }
    sumAbsolute += absolute;
    sumSquares += squares;
    advance(set, taps);
    advance(scaled, taps);
  }
  store<f64>(norms, sumAbsolute);
  store<f64>(norms, sumSquares, 8);
}

/** A reciprocal serves float32; that of a small double may overflow. */
@inline
function scale<T>(value: f64, peak: f64, inverse: f64): f64 {
  return sizeof<T>() == 4 ? value * inverse : peak > 0 ? value / peak : 0;
}

@inline
function advance(set: usize, taps: u32): void {
  const fill = load<u32>(set) + 1;
  store<u32>(set, fill);
  if (fill == BATCH) flush(set, taps);
}

/** Adds the open batch of a set to its sums and empties it. */
function flush(set: usize, taps: u32): void {
  const rows = padded(taps);
  const batch = set + 16;
  const sums = batch + rows * ROW;
  let tile = sums + rows * 16;
  store<f64>(set, load<f64>(set, 8) + <f64>load<u32>(set), 8);
  store<u32>(set, 0);
  for (let i: u32 = 0; i < taps; i++) {
    let sum = v128.load(sums + i * 16);
    const row = batch + i * ROW;
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
    c00 = f64x2.add(c00, f64x2.mul(x, b0));
    c01 = f64x2.add(c01, f64x2.mul(x, b1));
    c02 = f64x2.add(c02, f64x2.mul(x, b2));
    x = v128.load(a, ROW);
    c10 = f64x2.add(c10, f64x2.mul(x, b0));
    c11 = f64x2.add(c11, f64x2.mul(x, b1));
    c12 = f64x2.add(c12, f64x2.mul(x, b2));
    x = v128.load(a, 2 * ROW);
    c20 = f64x2.add(c20, f64x2.mul(x, b0));
    c21 = f64x2.add(c21, f64x2.mul(x, b1));
    c22 = f64x2.add(c22, f64x2.mul(x, b2));
  }
  v128.store(tile, c00); v128.store(tile, c01, 16); v128.store(tile, c02, 32);
  v128.store(tile, c10, 48); v128.store(tile, c11, 64); v128.store(tile, c12, 80);
  v128.store(tile, c20, 96); v128.store(tile, c21, 112); v128.store(tile, c22, 128);
}

/** Ends a set: count, sums and upper triangle as doubles at `out`. */
export function finishSet(set: usize, taps: u32, out: usize): void {
  const rows = padded(taps);
  const fill = load<u32>(set);
  for (let i: u32 = 0; i < rows; i++) memory.fill(set + 16 + i * ROW + fill * 8, 0, ROW - fill * 8);
  if (fill > 0) flush(set, taps);
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
