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
 * Dividing by a filter's peak: WGSL bounds the error of a division only for divisors in [2^-126, 2^126] and may flush denormals.
 * `isOrdinary(peak)` (bits) says that plain division will do. Else both are first moved by the power of two that puts
 * the peak into [1, 2): `unit<width>(v, divisorOf<width>(peak))`, on the bits, which rounds nothing that matters, and
 * without branches, of which drivers make a copy at each use. A peak of 0 yields 0 whatever v is.
 */
export function unitTapCode(width: 1 | 4): string {
  const type = (scalar: string): string => (width === 1 ? scalar : `vec4<${scalar}>`);
  const [u, i, f] = [type('u32'), type('i32'), type('f32')];
  return `
struct Divisor${width} { mask : ${u}, shift : ${i}, value : ${f} };

// The exponent field of a float's magnitude bits, carried on below 1 for denormals (mag * 2^-149).
fn exponent${width}(mag : ${u}) -> ${i} {
  return select(${i}(mag >> ${u}(23u)), ${i}(bitcast<${u}>(${f}(mag)) >> ${u}(23u)) - ${i}(149), mag < ${u}(0x800000u));
}

fn lifted${width}(bits : ${u}, shift : ${i}) -> ${f} {
  let mag = bits & ${u}(0x7fffffffu);
  let fraction = select(mag, bitcast<${u}>(${f}(mag)), mag < ${u}(0x800000u)) & ${u}(0x7fffffu);
  let exponent = exponent${width}(mag) + shift;
  let moved = (bits & ${u}(0x80000000u)) | (${u}(max(exponent, ${i}(0))) << ${u}(23u)) | fraction;
  return select(${f}(0.0), bitcast<${f}>(moved), (mag != ${u}(0u)) & (exponent > ${i}(0)));
}

fn divisorOf${width}(peak : ${u}) -> Divisor${width} {
  let shift = ${i}(127) - exponent${width}(peak);
  let none = peak == ${u}(0u);
  return Divisor${width}(select(${u}(0xffffffffu), ${u}(0u), none), shift, select(lifted${width}(peak, shift), ${f}(1.0), none));
}

fn unit${width}(v : ${f}, divisor : Divisor${width}) -> ${f} {
  return lifted${width}(bitcast<${u}>(v) & divisor.mask, divisor.shift) / divisor.value;
}
`;
}

/** See `unitTapCode`: exponents 64 to 189, that is about 1e-19 to 1e19. */
export const IS_ORDINARY = `
fn isOrdinary(peak : u32) -> bool { return peak - 0x20000000u < 0x3f000000u; }
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

/**
 * Adds to `total` the 4 x 4 products at (`row`, `column`) of two tiles `left` and `right`, each `depth` rows of `tile` values; first
 * among themselves, so that rounding grows with the number of tiles and not of values.
 */
export function tileProducts(tile: number, depth: number): string {
  return `
    // The initialiser is written out: without it SwiftShader keeps the last turn's sums.
    var part = array<vec4<f32>, 4>();
    for (var c = 0u; c < ${depth}u; c++) {
      let at = c * ${tile}u;
      let b = vec4<f32>(right[at + column], right[at + column + 1u], right[at + column + 2u], right[at + column + 3u]);
      part[0] += left[at + row] * b;
      part[1] += left[at + row + 1u] * b;
      part[2] += left[at + row + 2u] * b;
      part[3] += left[at + row + 3u] * b;
    }
    total[0] += part[0];
    total[1] += part[1];
    total[2] += part[2];
    total[3] += part[3];`;
}

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
