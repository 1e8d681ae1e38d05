// AssemblyScript. Coefficients of scaled filters, a batch at a time: filters tap by tap, two in a register, three components by
// six filters at once. Products are summed in the order of the taps, so that range and histogram see the same bits.

import { inverse, madd, transpose, upper } from './common.as';

export { reserve } from './common.as';

/** Filters of a batch: a multiple of 6 and of 4. */
const BATCH: u32 = 96;
const ROW: usize = BATCH * 8;

function padded(taps: u32): u32 {
  return ((taps + 2) / 3) * 3;
}

/** Bytes of a batch, of its coefficients behind it, and of four filters tap by tap. */
export function batchBytes(taps: u32): usize {
  return 2 * padded(taps) * ROW + taps * 16;
}

/** Min and max of all coefficients so far are kept at `out`. */
export function rangeF32(
  x: usize, peaks: usize, count: u32, taps: u32, components: usize, offsets: usize, batch: usize, out: usize,
): void {
  range<f32>(x, peaks, count, taps, components, offsets, batch, out);
}

export function rangeF64(
  x: usize, peaks: usize, count: u32, taps: u32, components: usize, offsets: usize, batch: usize, out: usize,
): void {
  range<f64>(x, peaks, count, taps, components, offsets, batch, out);
}

@inline
function range<T>(
  x: usize, peaks: usize, count: u32, taps: u32, components: usize, offsets: usize, batch: usize, out: usize,
): void {
  const end = peaks + count * sizeof<T>();
  let low = v128.load64_splat(out), high = v128.load64_splat(out, 8);
  while (peaks < end) {
    const taken = fill<T>(x, peaks, end, taps, batch);
    x += (taken >> 8) * taps * sizeof<T>();
    peaks += (taken >> 8) * sizeof<T>();
    if ((taken & 255) == 0) continue;
    const coefficients = project(taps, components, offsets, batch);
    for (let i: u32 = 0; i < taps; i++) {
      const row = coefficients + i * ROW;
      for (let n: usize = 0; n < ROW; n += 16) {
        const c = v128.load(row + n);
        low = f64x2.pmin(low, c);
        high = f64x2.pmax(high, c);
      }
    }
  }
  store<f64>(out, min(f64x2.extract_lane(low, 0), f64x2.extract_lane(low, 1)));
  store<f64>(out, max(f64x2.extract_lane(high, 0), f64x2.extract_lane(high, 1)), 8);
}

/** Adds to counts [taps][bins + 1] of u32, the last of each row for coefficients outside [low, high]. */
export function histogramF32(
  x: usize, peaks: usize, count: u32, taps: u32, components: usize, offsets: usize, batch: usize,
  low: f64, high: f64, bins: u32, counts: usize,
): void {
  histogram<f32>(x, peaks, count, taps, components, offsets, batch, low, high, bins, counts);
}

export function histogramF64(
  x: usize, peaks: usize, count: u32, taps: u32, components: usize, offsets: usize, batch: usize,
  low: f64, high: f64, bins: u32, counts: usize,
): void {
  histogram<f64>(x, peaks, count, taps, components, offsets, batch, low, high, bins, counts);
}

@inline
function histogram<T>(
  x: usize, peaks: usize, count: u32, taps: u32, components: usize, offsets: usize, batch: usize,
  low: f64, high: f64, bins: u32, counts: usize,
): void {
  const end = peaks + count * sizeof<T>();
  const lows = f64x2.splat(low), highs = f64x2.splat(high);
  const scales = f64x2.splat(<f64>bins / (high - low));
  const last = f64x2.splat(<f64>(bins - 1)), outside = f64x2.splat(<f64>bins);
  // Adding 2^52 leaves a whole number in the low bits.
  const whole = f64x2.splat(4503599627370496);
  while (peaks < end) {
    const taken = fill<T>(x, peaks, end, taps, batch);
    const n = taken & 255;
    x += (taken >> 8) * taps * sizeof<T>();
    peaks += (taken >> 8) * sizeof<T>();
    if (n == 0) continue;
    const coefficients = project(taps, components, offsets, batch);
    for (let k: u32 = 0; k < n; k += 2) {
      let row = counts;
      for (let i: u32 = 0; i < taps; i++, row += (bins + 1) * 4) {
        const c = v128.load(coefficients + i * ROW + k * 8);
        const inside = v128.and(f64x2.ge(c, lows), f64x2.le(c, highs));
        const bin = f64x2.pmin(f64x2.floor(f64x2.mul(f64x2.sub(c, lows), scales)), last);
        const bits = f64x2.add(v128.bitselect(bin, outside, inside), whole);
        const a = row + i32x4.extract_lane(bits, 0) * 4;
        store<u32>(a, load<u32>(a) + 1);
        if (k + 1 < n) {
          const b = row + i32x4.extract_lane(bits, 2) * 4;
          store<u32>(b, load<u32>(b) + 1);
        }
      }
    }
  }
}

/**
 * Lays out the next finite filters, scaled, tap by tap; a batch that does not fill is padded with its first filter.
 * Returns filters looked at * 256 + filters laid out.
 */
@inline
function fill<T>(x: usize, peaks: usize, end: usize, taps: u32, batch: usize): u32 {
  const width = taps * sizeof<T>();
  let seen: u32 = 0, n: u32 = 0;
  while (peaks < end && n < BATCH) {
    const to = batch + n * 8;
    if (sizeof<T>() == 4 && n + 4 <= BATCH && peaks + 16 <= end) {
      const four = v128.load(peaks);
      if (v128.all_true<i32>(f32x4.eq(four, four))) {
        fillFour(x, width, four, taps, to, batch + 2 * padded(taps) * ROW);
        n += 4;
        seen += 4;
        peaks += 16;
        x += 4 * width;
        continue;
      }
    }
    const peak = <f64>load<T>(peaks);
    if (peak == peak) {
      const factor = peak > 0 ? 1 / peak : 0;
      for (let j: u32 = 0; j < taps; j++) store<f64>(to + j * ROW, scale<T>(<f64>load<T>(x + j * sizeof<T>()), peak, factor));
      n++;
    }
    seen++;
    peaks += sizeof<T>();
    x += width;
  }
  if (n > 0 && n < BATCH) {
    for (let j: u32 = 0; j < taps; j++) {
      const row = batch + j * ROW;
      const first = load<f64>(row);
      for (let k = n; k < BATCH; k++) store<f64>(row + k * 8, first);
    }
  }
  return (seen << 8) | n;
}

/** Lays out four filters of floats, one after the other at `x`. */
@inline
function fillFour(x: usize, width: usize, peaks: v128, taps: u32, to: usize, scratch: usize): void {
  transpose(x, x + width, x + 2 * width, x + 3 * width, taps, scratch);
  const inverse0 = inverse(f64x2.promote_low_f32x4(peaks)), inverse1 = inverse(f64x2.promote_low_f32x4(upper(peaks)));
  for (let tap = scratch, last = scratch + taps * 16; tap < last; tap += 16, to += ROW) {
    v128.store(to, f64x2.mul(f64x2.promote_low_f32x4(v128.load64_zero(tap)), inverse0));
    v128.store(to, f64x2.mul(f64x2.promote_low_f32x4(v128.load64_zero(tap, 8)), inverse1), 16);
  }
}

/** A reciprocal serves float32; that of a small double may overflow. */
@inline
function scale<T>(value: f64, peak: f64, factor: f64): f64 {
  return sizeof<T>() == 4 ? value * factor : peak > 0 ? value / peak : 0;
}

/** Coefficients [padded][BATCH] of the batch, laid out behind it; `components` [padded / 3][taps][3] doubles. */
function project(taps: u32, components: usize, offsets: usize, batch: usize): usize {
  const rows = padded(taps);
  const coefficients = batch + rows * ROW;
  let out = coefficients;
  for (let i: u32 = 0; i < rows; i += 3, out += 3 * ROW, components += taps * 24, offsets += 24) {
    for (let n: usize = 0; n < ROW; n += 48) {
      let c00 = f64x2.splat(0), c01 = f64x2.splat(0), c02 = f64x2.splat(0);
      let c10 = f64x2.splat(0), c11 = f64x2.splat(0), c12 = f64x2.splat(0);
      let c20 = f64x2.splat(0), c21 = f64x2.splat(0), c22 = f64x2.splat(0);
      let v = components;
      let a = batch + n;
      for (const end = a + taps * ROW; a < end; a += ROW, v += 24) {
        const a0 = v128.load(a), a1 = v128.load(a, 16), a2 = v128.load(a, 32);
        let w = v128.load64_splat(v);
        c00 = madd(a0, w, c00);
        c01 = madd(a1, w, c01);
        c02 = madd(a2, w, c02);
        w = v128.load64_splat(v, 8);
        c10 = madd(a0, w, c10);
        c11 = madd(a1, w, c11);
        c12 = madd(a2, w, c12);
        w = v128.load64_splat(v, 16);
        c20 = madd(a0, w, c20);
        c21 = madd(a1, w, c21);
        c22 = madd(a2, w, c22);
      }
      const to = out + n;
      let offset = v128.load64_splat(offsets);
      v128.store(to, f64x2.sub(c00, offset));
      v128.store(to, f64x2.sub(c01, offset), 16);
      v128.store(to, f64x2.sub(c02, offset), 32);
      offset = v128.load64_splat(offsets, 8);
      v128.store(to, f64x2.sub(c10, offset), ROW);
      v128.store(to, f64x2.sub(c11, offset), ROW + 16);
      v128.store(to, f64x2.sub(c12, offset), ROW + 32);
      offset = v128.load64_splat(offsets, 16);
      v128.store(to, f64x2.sub(c20, offset), 2 * ROW);
      v128.store(to, f64x2.sub(c21, offset), 2 * ROW + 16);
      v128.store(to, f64x2.sub(c22, offset), 2 * ROW + 32);
    }
  }
  return coefficients;
}
