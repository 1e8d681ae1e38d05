// AssemblyScript. Sum of |g_ij| over rows packed in pairs: blocks of DEPTH columns, in a block pair after pair, in a pair
// column after column, two doubles each. So what one pass reads is contiguous, whatever the width, and tiles may have any even
// number of rows.

import { madd, upper } from './common.as';

export { reserve } from './common.as';

/** Rows packed together, and columns of a tile. */
const GROUP: u32 = 4;
/** Rows of a tile: as many as leave all its sums in registers; a product that is not fused needs a register too. */
const HEIGHT: u32 = ASC_FEATURE_RELAXED_SIMD ? 6 : 4;
const TILE_BYTES: usize = HEIGHT * GROUP * 8;
/** Columns of a block. */
const DEPTH: u32 = 128;
const PAIR_BYTES: usize = DEPTH * 16;
/** Groups of a strip: its part of a block (32 KB) stays in the first-level cache. */
const STRIP: u32 = 8;

/** Tiles that `rows` rows make, one below the other. */
@inline
function tileRows(rows: u32): u32 {
  return (rows + HEIGHT - 1) / HEIGHT;
}

/** Groups to pack for `groups` groups of rows: the lowest tile may reach beyond. */
export function packedGroups(groups: u32): u32 {
  return (tileRows(groups * GROUP) * HEIGHT + GROUP - 1) / GROUP;
}

/** Bytes of a strip's tiles. */
export function stripBytes(groups: u32): usize {
  return <usize>tileRows(groups * GROUP) * STRIP * TILE_BYTES;
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

/** Packs up to four rows (row-major at `source`) as group `group` of `groups`; missing rows are zero. */
export function packF32(source: usize, width: u32, rows: u32, packed: usize, group: u32, groups: u32): void {
  pack<f32>(source, width, rows, packed, group, groups);
}

export function packF64(source: usize, width: u32, rows: u32, packed: usize, group: u32, groups: u32): void {
  pack<f64>(source, width, rows, packed, group, groups);
}

@inline
function pack<T>(source: usize, width: u32, rows: u32, packed: usize, group: u32, groups: u32): void {
  const stride = <usize>width * sizeof<T>();
  packed += <usize>group * 2 * PAIR_BYTES;
  for (let k: u32 = 0; k < width; k += DEPTH, packed += <usize>groups * 2 * PAIR_BYTES) {
    let to = packed;
    const end = to + <usize>min(DEPTH, width - k) * 16;
    if (rows == GROUP) {
      for (; to < end; to += 16, source += sizeof<T>()) {
        store<f64>(to, <f64>load<T>(source));
        store<f64>(to, <f64>load<T>(source + stride), 8);
        store<f64>(to, <f64>load<T>(source + 2 * stride), PAIR_BYTES);
        store<f64>(to, <f64>load<T>(source + 3 * stride), PAIR_BYTES + 8);
      }
    } else {
      for (; to < end; to += 16, source += sizeof<T>()) {
        for (let row: u32 = 0; row < GROUP; row++) {
          const value = row < rows ? <f64>load<T>(source + row * stride) : 0;
          store<f64>(to + (row >> 1) * PAIR_BYTES + (row & 1) * 8, value);
        }
      }
    }
  }
}

/**
 * Adds `bytes` of columns of the pairs from `a` on times the group at `b` to a tile: outer products, two columns of b a
 * register. Exported so that it stays a function of its own, where all sums find registers in every engine.
 */
export function multiply(a: usize, b: usize, bytes: usize, tile: usize): void {
  let c00 = v128.load(tile), c01 = v128.load(tile, 16);
  let c10 = v128.load(tile, 32), c11 = v128.load(tile, 48);
  let c20 = v128.load(tile, 64), c21 = v128.load(tile, 80);
  let c30 = v128.load(tile, 96), c31 = v128.load(tile, 112);
  let c40 = f64x2.splat(0), c41 = c40, c50 = c40, c51 = c40;
  if (HEIGHT > 4) {
    c40 = v128.load(tile, 128); c41 = v128.load(tile, 144);
    c50 = v128.load(tile, 160); c51 = v128.load(tile, 176);
  }
  for (const end = a + bytes; a < end; a += 16, b += 16) {
    const b0 = v128.load(b), b1 = v128.load(b, PAIR_BYTES);
    let x = v128.load64_splat(a);
    c00 = madd(x, b0, c00);
    c01 = madd(x, b1, c01);
    x = v128.load64_splat(a, 8);
    c10 = madd(x, b0, c10);
    c11 = madd(x, b1, c11);
    x = v128.load64_splat(a, PAIR_BYTES);
    c20 = madd(x, b0, c20);
    c21 = madd(x, b1, c21);
    x = v128.load64_splat(a, PAIR_BYTES + 8);
    c30 = madd(x, b0, c30);
    c31 = madd(x, b1, c31);
    if (HEIGHT > 4) {
      x = v128.load64_splat(a, 2 * PAIR_BYTES);
      c40 = madd(x, b0, c40);
      c41 = madd(x, b1, c41);
      x = v128.load64_splat(a, 2 * PAIR_BYTES + 8);
      c50 = madd(x, b0, c50);
      c51 = madd(x, b1, c51);
    }
  }
  v128.store(tile, c00); v128.store(tile, c01, 16);
  v128.store(tile, c10, 32); v128.store(tile, c11, 48);
  v128.store(tile, c20, 64); v128.store(tile, c21, 80);
  v128.store(tile, c30, 96); v128.store(tile, c31, 112);
  if (HEIGHT > 4) {
    v128.store(tile, c40, 128); v128.store(tile, c41, 144);
    v128.store(tile, c50, 160); v128.store(tile, c51, 176);
  }
}

/**
 * Adds the packed columns to the tiles [rows][STRIP] of the strip of groups that begins at `first`: for the pairs i < j,
 * or where split is not 0 for i < split <= j.
 */
export function accumulate(packed: usize, groups: u32, width: u32, sums: usize, first: u32, split: u32): void {
  const end = min(first + STRIP, groups);
  const rows = tileRows(split > 0 ? split : end * GROUP);
  const blockBytes = <usize>packedGroups(groups) * 2 * PAIR_BYTES;
  for (let k: u32 = 0; k < width; k += DEPTH, packed += blockBytes) {
    const bytes = <usize>min(DEPTH, width - k) * 16;
    for (let i: u32 = 0; i < rows; i++) {
      const a = packed + i * (HEIGHT / 2) * PAIR_BYTES;
      for (let j = firstGroup(i, first); j < end; j++) {
        multiply(a, packed + j * 2 * PAIR_BYTES, bytes, sums + (i * STRIP + j - first) * TILE_BYTES);
      }
    }
  }
}

/** Sum of |g_ij| of a strip's tiles; `scales` holds a double for each packed row, 0 for missing ones. */
export function reduce(groups: u32, scales: usize, sums: usize, first: u32, split: u32): f64 {
  const end = min(first + STRIP, groups);
  const rows = tileRows(split > 0 ? split : end * GROUP);
  let total: f64 = 0;
  for (let i: u32 = 0; i < rows; i++) {
    for (let j = firstGroup(i, first); j < end; j++) {
      const tile = sums + (i * STRIP + j - first) * TILE_BYTES;
      for (let r: u32 = 0; r < HEIGHT * GROUP; r++) {
        const row = i * HEIGHT + r / GROUP;
        const column = j * GROUP + r % GROUP;
        if (split > 0 ? row < split && column >= split : row < column) {
          total += abs(load<f64>(tile + r * 8) * load<f64>(scales + row * 8) * load<f64>(scales + column * 8));
        }
      }
    }
  }
  return total;
}

/** First group of a strip that has columns right of the diagonal in row i of the tiles. */
@inline
function firstGroup(i: u32, first: u32): u32 {
  return max((i * HEIGHT) / GROUP, first);
}
