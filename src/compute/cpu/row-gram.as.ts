// AssemblyScript. Sum of |g_ij| over rows packed in fours as floats: blocks of DEPTH columns, in a block group after group,
// in a group column after column, four floats each. What one pass reads is contiguous, whatever the width.
//
// Rows are scaled before they are rounded to float32, so that with scales of 1 / norm every product of two rows lies in
// [-1, 1]. Products are summed in float32 over runs of RUN columns and joined in float64. With u = 2^-24: rounding the two
// factors costs 2 u of each product, the product u, the RUN - 1 additions of a run at most (RUN - 1) u of the sum of its
// magnitudes; and magnitudes of unit rows sum to 1 at most (Cauchy-Schwarz). So each g_ij, and the mean of |g_ij|, is off by
// less than (RUN + 2) u = 9.6e-7.

import { madd, upper } from './common.as';

export { reserve } from './common.as';

/** Rows packed together, and rows of a tile. */
const GROUP: u32 = 4;
/** Groups that are the columns of a tile: all its sums stay in registers. */
const ACROSS: u32 = 2;
const TILE_BYTES: usize = GROUP * GROUP * ACROSS * 8;
/** Columns summed in float32. */
const RUN: u32 = 14;
/** Columns of a block. */
const DEPTH: u32 = 9 * RUN;
const GROUP_BYTES: usize = DEPTH * 16;
/** Groups of a strip: its part of a block (16 KB) stays in the first-level cache. */
const STRIP: u32 = 8;

/** Groups to pack for `groups` groups of rows: the last tile may reach beyond. */
export function packedGroups(groups: u32): u32 {
  return (groups + ACROSS - 1) / ACROSS * ACROSS;
}

/** Bytes of a strip's tiles. */
export function stripBytes(groups: u32): usize {
  return <usize>groups * (STRIP / ACROSS) * TILE_BYTES;
}

export function stripGroups(): u32 {
  return STRIP;
}

export function blockColumns(): u32 {
  return DEPTH;
}

/** Sum of squares of a row, in four sums that are joined at the end. */
export function squaresF32(row: usize, width: u32): f64 {
  let even = f64x2.splat(0), odd = f64x2.splat(0);
  const end = row + <usize>width * 4;
  for (; row + 16 <= end; row += 16) {
    const four = v128.load(row);
    const x = f64x2.promote_low_f32x4(four);
    const y = f64x2.promote_low_f32x4(upper(four));
    even = madd(x, x, even);
    odd = madd(y, y, odd);
  }
  let first = f64x2.extract_lane(even, 0);
  for (; row < end; row += 4) {
    const value = <f64>load<f32>(row);
    first += value * value;
  }
  return first + f64x2.extract_lane(even, 1) + (f64x2.extract_lane(odd, 0) + f64x2.extract_lane(odd, 1));
}

export function squaresF64(row: usize, width: u32): f64 {
  let even = f64x2.splat(0), odd = f64x2.splat(0);
  const end = row + <usize>width * 8;
  for (; row + 32 <= end; row += 32) {
    const x = v128.load(row), y = v128.load(row, 16);
    even = madd(x, x, even);
    odd = madd(y, y, odd);
  }
  let first = f64x2.extract_lane(even, 0);
  for (; row < end; row += 8) {
    const value = load<f64>(row);
    first += value * value;
  }
  return first + f64x2.extract_lane(even, 1) + (f64x2.extract_lane(odd, 0) + f64x2.extract_lane(odd, 1));
}

/**
 * Packs up to four rows (row-major at `source`), each times its double at `scales`, as group `group` of `groups`; missing rows
 * are zero.
 */
export function packF32(source: usize, width: u32, rows: u32, scales: usize, packed: usize, group: u32, groups: u32): void {
  pack<f32>(source, width, rows, scales, packed, group, groups);
}

export function packF64(source: usize, width: u32, rows: u32, scales: usize, packed: usize, group: u32, groups: u32): void {
  pack<f64>(source, width, rows, scales, packed, group, groups);
}

@inline
function pack<T>(source: usize, width: u32, rows: u32, scales: usize, packed: usize, group: u32, groups: u32): void {
  const stride = <usize>width * sizeof<T>();
  const s0 = load<f64>(scales), s1 = load<f64>(scales, 8), s2 = load<f64>(scales, 16), s3 = load<f64>(scales, 24);
  packed += <usize>group * GROUP_BYTES;
  for (let k: u32 = 0; k < width; k += DEPTH, packed += <usize>groups * GROUP_BYTES) {
    let to = packed;
    const end = to + <usize>min(DEPTH, width - k) * 16;
    for (; to < end; to += 16, source += sizeof<T>()) {
      store<f32>(to, <f32>(<f64>load<T>(source) * s0));
      store<f32>(to, rows > 1 ? <f32>(<f64>load<T>(source + stride) * s1) : 0, 4);
      store<f32>(to, rows > 2 ? <f32>(<f64>load<T>(source + 2 * stride) * s2) : 0, 8);
      store<f32>(to, rows > 3 ? <f32>(<f64>load<T>(source + 3 * stride) * s3) : 0, 12);
    }
  }
}

/** Makes `groups` a group of zeros, for a tile that reaches beyond the rows. */
export function packNothing(width: u32, packed: usize, group: u32, groups: u32): void {
  packed += <usize>group * GROUP_BYTES;
  for (let k: u32 = 0; k < width; k += DEPTH, packed += <usize>groups * GROUP_BYTES) {
    memory.fill(packed, 0, GROUP_BYTES);
  }
}

/** Adds four floats to four doubles. */
@inline
function flush(sums: usize, four: v128): void {
  v128.store(sums, f64x2.add(v128.load(sums), f64x2.promote_low_f32x4(four)));
  v128.store(sums, f64x2.add(v128.load(sums, 16), f64x2.promote_low_f32x4(upper(four))), 16);
}

/**
 * Adds `bytes` of columns of the group at `a` times the two groups at `b` to a tile: outer products, four columns of b a
 * register. Exported so that it stays a function of its own, where all sums find registers in every engine.
 */
export function multiply(a: usize, b: usize, bytes: usize, tile: usize): void {
  for (const last = a + bytes; a < last;) {
    const end = min(a + RUN * 16, last);
    let c00 = f32x4.splat(0), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
    for (; a < end; a += 16, b += 16) {
      const b0 = v128.load(b), b1 = v128.load(b, GROUP_BYTES);
      let x = v128.load32_splat(a);
      c00 = f32x4.add(c00, f32x4.mul(x, b0));
      c01 = f32x4.add(c01, f32x4.mul(x, b1));
      x = v128.load32_splat(a, 4);
      c10 = f32x4.add(c10, f32x4.mul(x, b0));
      c11 = f32x4.add(c11, f32x4.mul(x, b1));
      x = v128.load32_splat(a, 8);
      c20 = f32x4.add(c20, f32x4.mul(x, b0));
      c21 = f32x4.add(c21, f32x4.mul(x, b1));
      x = v128.load32_splat(a, 12);
      c30 = f32x4.add(c30, f32x4.mul(x, b0));
      c31 = f32x4.add(c31, f32x4.mul(x, b1));
    }
    flush(tile, c00);
    flush(tile + 32, c01);
    flush(tile + 64, c10);
    flush(tile + 96, c11);
    flush(tile + 128, c20);
    flush(tile + 160, c21);
    flush(tile + 192, c30);
    flush(tile + 224, c31);
  }
}

/**
 * Adds the packed columns to the tiles [rows][STRIP / ACROSS] of the strip of groups that begins at `first`: for the pairs
 * i < j, or where split is not 0 for i < split <= j.
 */
export function accumulate(packed: usize, groups: u32, width: u32, sums: usize, first: u32, split: u32): void {
  const end = min(first + STRIP, groups);
  const rows = rowGroups(end, split);
  const blockBytes = <usize>packedGroups(groups) * GROUP_BYTES;
  for (let k: u32 = 0; k < width; k += DEPTH, packed += blockBytes) {
    const bytes = <usize>min(DEPTH, width - k) * 16;
    for (let i: u32 = 0; i < rows; i++) {
      const a = packed + i * GROUP_BYTES;
      for (let j = firstTile(i, first); j < end; j += ACROSS) {
        multiply(a, packed + j * GROUP_BYTES, bytes, tileAt(sums, i, j, first));
      }
    }
  }
}

/** Sum of |g_ij| of a strip's tiles. */
export function reduce(groups: u32, sums: usize, first: u32, split: u32): f64 {
  const end = min(first + STRIP, groups);
  const rows = rowGroups(end, split);
  let total: f64 = 0;
  for (let i: u32 = 0; i < rows; i++) {
    for (let j = firstTile(i, first); j < end; j += ACROSS) {
      const tile = tileAt(sums, i, j, first);
      for (let r: u32 = 0; r < GROUP * GROUP * ACROSS; r++) {
        const row = i * GROUP + r / (GROUP * ACROSS);
        const column = j * GROUP + r % (GROUP * ACROSS);
        if (split > 0 ? row < split && column >= split : row < column) total += abs(load<f64>(tile + r * 8));
      }
    }
  }
  return total;
}

/** Groups that are rows of tiles. */
@inline
function rowGroups(end: u32, split: u32): u32 {
  return split > 0 ? (split + GROUP - 1) / GROUP : end;
}

/** First groups of a strip that have columns right of the diagonal in row i of the tiles. */
@inline
function firstTile(i: u32, first: u32): u32 {
  return max(i / ACROSS * ACROSS, first);
}

@inline
function tileAt(sums: usize, i: u32, j: u32, first: u32): usize {
  return sums + <usize>(i * (STRIP / ACROSS) + (j - first) / ACROSS) * TILE_BYTES;
}
