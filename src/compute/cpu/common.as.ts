// AssemblyScript. What the kernels share.

/** Address of `bytes` free bytes, 16-byte aligned; 0 where memory does not grow. */
export function reserve(bytes: usize): usize {
  const base = (__heap_base + 15) & ~15;
  const missing = <i32>((base + bytes + 0xffff) >>> 16) - memory.size();
  if (missing > 0 && memory.grow(missing) < 0) return 0;
  return base;
}

/** x y + sum. */
@inline
export function madd(x: v128, y: v128, sum: v128): v128 {
  return f64x2.add(sum, f64x2.mul(x, y));
}

/** Lanes 2 and 3 of four floats in front. */
@inline
export function upper(four: v128): v128 {
  return i8x16.shuffle(four, four, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7);
}

/** Four floats from four addresses. */
@inline
export function gather(a: usize, b: usize, c: usize, d: usize): v128 {
  let four = v128.load32_zero(a);
  four = v128.load_lane<f32>(b, four, 1);
  four = v128.load_lane<f32>(c, four, 2);
  return v128.load_lane<f32>(d, four, 3);
}

/** Four filters of floats, tap by tap: [taps][4] at `out`. */
export function transpose(a: usize, b: usize, c: usize, d: usize, taps: u32, out: usize): void {
  const end = out + taps * 16;
  for (; out + 64 <= end; out += 64, a += 16, b += 16, c += 16, d += 16) {
    const rowA = v128.load(a), rowB = v128.load(b), rowC = v128.load(c), rowD = v128.load(d);
    const lowAB = v128.shuffle<f32>(rowA, rowB, 0, 4, 1, 5), highAB = v128.shuffle<f32>(rowA, rowB, 2, 6, 3, 7);
    const lowCD = v128.shuffle<f32>(rowC, rowD, 0, 4, 1, 5), highCD = v128.shuffle<f32>(rowC, rowD, 2, 6, 3, 7);
    v128.store(out, v128.shuffle<f64>(lowAB, lowCD, 0, 2));
    v128.store(out, v128.shuffle<f64>(lowAB, lowCD, 1, 3), 16);
    v128.store(out, v128.shuffle<f64>(highAB, highCD, 0, 2), 32);
    v128.store(out, v128.shuffle<f64>(highAB, highCD, 1, 3), 48);
  }
  for (; out < end; out += 16, a += 4, b += 4, c += 4, d += 4) v128.store(out, gather(a, b, c, d));
}

/** 1 / peak of two peaks; 0 for a peak of 0. */
@inline
export function inverse(peaks: v128): v128 {
  return v128.and(f64x2.div(f64x2.splat(1), peaks), f64x2.gt(peaks, f64x2.splat(0)));
}
