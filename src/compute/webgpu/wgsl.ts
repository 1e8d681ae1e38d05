/**
 * WGSL lets an implementation assume that no NaN or Inf occurs and flush denormals in arithmetic, so neither `v != v` nor
 * `isnan` nor a comparison of tiny peaks can be trusted. Magnitudes are therefore compared as the bits of their absolute
 * value: for IEEE floats that is the same order, exact for denormals, with Inf and every NaN at or above INFINITE.
 * The self-test (../self-test.ts) holds each driver to it.
 */
export const MAGNITUDE = `
const INFINITE : u32 = 0x7f800000u;
fn magnitude(v : f32) -> u32 { return bitcast<u32>(v) & 0x7fffffffu; }
`;

/**
 * `unitTap(v, peak)`: v / peak for |v| <= peak, 0 for a zero filter; `peak` as bits. WGSL's division is bound to 2.5 ULP only for
 * divisors in [2^-126, 2^126] and flushes denormals: outside a comfortable band both are first moved by the
 * power of two that puts the peak into [1, 2), on the bits, which rounds nothing that matters.
 */
export const UNIT_TAP = `
fn lifted(bits : u32, shift : i32) -> f32 {
  var mag = bits & 0x7fffffffu;
  if (mag == 0u) { return 0.0; }
  var exponent = i32(mag >> 23u);
  if (exponent == 0) {
    // A denormal is mag * 2^-149.
    mag = bitcast<u32>(f32(mag));
    exponent = i32(mag >> 23u) - 149;
  }
  exponent += shift;
  if (exponent <= 0) { return 0.0; }
  return bitcast<f32>((bits & 0x80000000u) | (u32(exponent) << 23u) | (mag & 0x7fffffu));
}

fn exponentOf(mag : u32) -> i32 {
  if (mag >= 0x800000u) { return i32(mag >> 23u); }
  return i32(bitcast<u32>(f32(mag)) >> 23u) - 149;
}

// Exponents 64 to 189, that is about 1e-19 to 1e19: plain division will do.
fn isOrdinary(peak : u32) -> bool { return peak - 0x20000000u < 0x3f000000u; }

fn unitTap(v : f32, peak : u32) -> f32 {
  if (isOrdinary(peak)) { return v / bitcast<f32>(peak); }
  if (peak == 0u) { return 0.0; }
  let shift = 127 - exponentOf(peak);
  return lifted(bitcast<u32>(v), shift) / lifted(peak, shift);
}
`;

/** Position of the `index`-th tile of the upper triangle (row-major) of a `side` x `side` grid of tiles. */
export const UPPER_TILE = `
fn upperTile(index : u32, side : u32) -> vec2<u32> {
  var row = 0u;
  var left = index;
  while (left >= side - row) {
    left -= side - row;
    row++;
  }
  return vec2<u32>(row, row + left);
}
`;

/** Sum of `terms` as a balanced tree: rounding grows with the logarithm of their number, in an order fixed by the code. */
export function treeSum(terms: readonly string[]): string {
  if (terms.length <= 1) return terms[0] ?? '0.0';
  const half = terms.length >> 1;
  return `(${treeSum(terms.slice(0, half))} + ${treeSum(terms.slice(half))})`;
}

/** `count` strings from an index. */
export function each(count: number, text: (index: number) => string): string[] {
  return Array.from({ length: count }, (_, index) => text(index));
}
