// AssemblyScript. Sum of |g_ij| over rows packed in groups of four doubles, one from each row: blocks of DEPTH columns, in a
// block group after group, in a group column after column. So what one pass reads is contiguous, whatever the width.

const GROUP: u32 = 4;
/** Columns of a block. */
const DEPTH: u32 = 64;
/** Groups of a strip: its part of a block (32 KB) stays in the first-level cache. */
const STRIP: u32 = 16;
const TILE_BYTES: usize = 128;

export function reserve(bytes: usize): usize {
  const base = (__heap_base + 15) & ~15;
  const missing = <i32>((base + bytes + 0xffff) >>> 16) - memory.size();
  if (missing > 0 && memory.grow(missing) < 0) return 0;
  return base;
}

/** Bytes of a strip's tiles. */
export function stripBytes(groups: u32): usize {
  return <usize>groups * STRIP * TILE_BYTES;
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
    const y = f64x2.promote_low_f32x4(i8x16.shuffle(four, four, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
    even = f64x2.add(even, f64x2.mul(x, x));
    odd = f64x2.add(odd, f64x2.mul(y, y));
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
    even = f64x2.add(even, f64x2.mul(x, x));
    odd = f64x2.add(odd, f64x2.mul(y, y));
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
  for (let k: u32 = 0; k < width; k += DEPTH) {
    const depth = min(DEPTH, width - k);
    let to = packed + (<usize>k * groups + <usize>group * depth) * 32;
    const end = to + <usize>depth * 32;
    if (rows == GROUP) {
      for (; to < end; to += 32, source += sizeof<T>()) {
        store<f64>(to, <f64>load<T>(source));
        store<f64>(to, <f64>load<T>(source + stride), 8);
        store<f64>(to, <f64>load<T>(source + 2 * stride), 16);
        store<f64>(to, <f64>load<T>(source + 3 * stride), 24);
      }
    } else {
      for (; to < end; to += 32, source += sizeof<T>()) {
        for (let row: u32 = 0; row < GROUP; row++) {
          store<f64>(to + row * 8, row < rows ? <f64>load<T>(source + row * stride) : 0);
        }
      }
    }
  }
}

/** Adds the columns (`bytes` of them) of group a times group b to a 4 x 4 tile: outer products, two columns of b a register. */
@inline
function multiply(a: usize, b: usize, bytes: usize, tile: usize): void {
  let c00 = v128.load(tile), c01 = v128.load(tile, 16);
  let c10 = v128.load(tile, 32), c11 = v128.load(tile, 48);
  let c20 = v128.load(tile, 64), c21 = v128.load(tile, 80);
  let c30 = v128.load(tile, 96), c31 = v128.load(tile, 112);
  const end = a + bytes;
  while (a < end) {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    let x = v128.load64_splat(a);
    c00 = f64x2.add(c00, f64x2.mul(x, b0));
    c01 = f64x2.add(c01, f64x2.mul(x, b1));
    x = v128.load64_splat(a, 8);
    c10 = f64x2.add(c10, f64x2.mul(x, b0));
    c11 = f64x2.add(c11, f64x2.mul(x, b1));
    x = v128.load64_splat(a, 16);
    c20 = f64x2.add(c20, f64x2.mul(x, b0));
    c21 = f64x2.add(c21, f64x2.mul(x, b1));
    x = v128.load64_splat(a, 24);
    c30 = f64x2.add(c30, f64x2.mul(x, b0));
    c31 = f64x2.add(c31, f64x2.mul(x, b1));
    a += 32;
    b += 32;
  }
  v128.store(tile, c00); v128.store(tile, c01, 16);
  v128.store(tile, c10, 32); v128.store(tile, c11, 48);
  v128.store(tile, c20, 64); v128.store(tile, c21, 80);
  v128.store(tile, c30, 96); v128.store(tile, c31, 112);
}

/**
 * Adds the packed columns to the tiles [rows][STRIP] of the strip of groups that begins at `first`: for the pairs i < j,
 * or where split is not 0 for i < split <= j.
 */
export function accumulate(packed: usize, groups: u32, width: u32, sums: usize, first: u32, split: u32): void {
  const end = min(first + STRIP, groups);
  const rows = rowGroups(end, split);
  for (let k: u32 = 0; k < width; k += DEPTH) {
    const depth = min(DEPTH, width - k);
    const block = packed + <usize>k * groups * 32;
    const panel = <usize>depth * 32;
    for (let i: u32 = 0; i < rows; i++) {
      for (let j = max(i, first); j < end; j++) {
        multiply(block + i * panel, block + j * panel, panel, sums + (i * STRIP + j - first) * TILE_BYTES);
      }
    }
  }
}

/** Sum of |g_ij| of a strip's tiles; `scales` holds a double for each of the 4 x groups rows, 0 for missing ones. */
export function reduce(groups: u32, scales: usize, sums: usize, first: u32, split: u32): f64 {
  const end = min(first + STRIP, groups);
  const rows = rowGroups(end, split);
  let total: f64 = 0;
  for (let i: u32 = 0; i < rows; i++) {
    for (let j = max(i, first); j < end; j++) {
      const tile = sums + (i * STRIP + j - first) * TILE_BYTES;
      for (let r: u32 = 0; r < 16; r++) {
        const row = i * GROUP + (r >> 2);
        const column = j * GROUP + (r & 3);
        if (split > 0 ? row < split && column >= split : row < column) {
          total += abs(load<f64>(tile + r * 8) * load<f64>(scales + row * 8) * load<f64>(scales + column * 8));
        }
      }
    }
  }
  return total;
}

function rowGroups(end: u32, split: u32): u32 {
  return split > 0 ? (split + GROUP - 1) / GROUP : end;
}
