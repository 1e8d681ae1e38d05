// AssemblyScript. What the kernels share.

/** Address of `bytes` free bytes, 16-byte aligned; 0 where memory does not grow. */
export function reserve(bytes: usize): usize {
  const base = (__heap_base + 15) & ~15;
  const missing = <i32>((base + bytes + 0xffff) >>> 16) - memory.size();
  if (missing > 0 && memory.grow(missing) < 0) return 0;
  return base;
}

/** x y + sum: rounded once in the relaxed build where the processor fuses the two, else twice. */
@inline
export function madd(x: v128, y: v128, sum: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return v128.relaxed_madd<f64>(x, y, sum);
  return f64x2.add(sum, f64x2.mul(x, y));
}
