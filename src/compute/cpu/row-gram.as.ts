// AssemblyScript. Sum of |g_ij| over rows packed in groups of four: group g, column k holds rows 4g ... 4g + 3 as doubles.

const GROUP: u32 = 4;
/** Columns of one pass over a strip. */
const DEPTH: u32 = 128;
/** Groups of a strip; its columns of one pass stay in the first- and second-level cache. */
const STRIP: u32 = 16;
const TILE_BYTES: usize = 128;

export function reserve(bytes: usize): usize {
  const base = (__heap_base + 15) & ~15;
  const missing = <i32>((base + bytes + 0xffff) >>> 16) - memory.size();
  if (missing > 0 && memory.grow(missing) < 0) return 0;
  return base;
}

/** Bytes that `strip` needs for its sums. */
export function stripBytes(groups: u32): usize {
  return <usize>groups * STRIP * TILE_BYTES;
}

export function stripGroups(): u32 {
  return STRIP;
}

/** Packs up to four rows (row-major at `source`) as one group; missing rows are zero. */
export function packF32(source: usize, width: u32, rows: u32, target: usize): void {
  pack<f32>(source, width, rows, target);
}

export function packF64(source: usize, width: u32, rows: u32, target: usize): void {
  pack<f64>(source, width, rows, target);
}

// @ts-ignore: decorator
@inline
function pack<T>(source: usize, width: u32, rows: u32, target: usize): void {
  const stride = <usize>width * sizeof<T>();
  if (rows == GROUP) {
    for (let k: u32 = 0; k < width; k++) {
      store<f64>(target, <f64>load<T>(source));
      store<f64>(target, <f64>load<T>(source + stride), 8);
      store<f64>(target, <f64>load<T>(source + 2 * stride), 16);
      store<f64>(target, <f64>load<T>(source + 3 * stride), 24);
      source += sizeof<T>();
      target += 32;
    }
    return;
  }
  memory.fill(target, 0, <usize>width * 32);
  for (let row: u32 = 0; row < rows; row++) {
    let to = target + 8 * row;
    for (let k: u32 = 0; k < width; k++) {
      store<f64>(to, <f64>load<T>(source));
      source += sizeof<T>();
      to += 32;
    }
  }
}

/** Adds `depth` columns of group a times group b to a 4 x 4 tile: outer products, two columns of b a register. */
// @ts-ignore: decorator
@inline
function multiply(a: usize, b: usize, depth: u32, tile: usize): void {
  let c00 = v128.load(tile), c01 = v128.load(tile, 16);
  let c10 = v128.load(tile, 32), c11 = v128.load(tile, 48);
  let c20 = v128.load(tile, 64), c21 = v128.load(tile, 80);
  let c30 = v128.load(tile, 96), c31 = v128.load(tile, 112);
  const end = a + <usize>depth * 32;
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
 * Sum of |g_ij| for columns j in the strip of groups that begins at `first`, over i < j where split is 0, else over
 * i < split <= j. `scales` holds a double for each of the 4 x groups rows, 0 for missing rows; `sums` stripBytes(groups).
 */
export function strip(
  packed: usize, groups: u32, width: u32, scales: usize, sums: usize, first: u32, split: u32,
): f64 {
  const groupBytes = <usize>width * 32;
  const end = min(first + STRIP, groups);
  const rows = split > 0 ? (split + GROUP - 1) / GROUP : end;
  memory.fill(sums, 0, <usize>rows * STRIP * TILE_BYTES);
  for (let k: u32 = 0; k < width; k += DEPTH) {
    const depth = min(DEPTH, width - k);
    const offset = packed + <usize>k * 32;
    for (let i: u32 = 0; i < rows; i++) {
      for (let j = max(i, first); j < end; j++) {
        multiply(offset + i * groupBytes, offset + j * groupBytes, depth, sums + (i * STRIP + j - first) * TILE_BYTES);
      }
    }
  }
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
