// AssemblyScript. Peaks of filters that arrive row-major in a stage.

/** Largest |w| of each filter, NaN where one is not finite: magnitudes as integers, which order alike and keep NaN on top. */
export function peaksF32(x: usize, count: u32, taps: u32, out: usize): void {
  const width = taps * 4;
  let i: u32 = 0;
  if (taps == 1 || taps >= 4) {
    for (; i + 4 <= count; i += 4, x += 4 * width, out += 16) {
      const most = taps == 1 ? magnitudes(x) : mostOfFour(x, width);
      const finite = i32x4.lt_s(most, i32x4.splat(0x7f800000));
      v128.store(out, v128.bitselect(most, f32x4.splat(f32.NaN), finite));
    }
  }
  for (; i < count; i++, out += 4) {
    let most: i32 = 0;
    for (const end = x + width; x < end; x += 4) {
      const bits = load<i32>(x) & 0x7fffffff;
      most = select(bits, most, bits > most);
    }
    store<f32>(out, most < 0x7f800000 ? reinterpret<f32>(most) : f32.NaN);
  }
}

@inline
function mostOfFour(x: usize, width: usize): v128 {
  const a = quarters(x, width), b = quarters(x + width, width);
  const c = quarters(x + 2 * width, width), d = quarters(x + 3 * width, width);
  const ab = i32x4.max_s(v128.shuffle<f32>(a, b, 0, 4, 1, 5), v128.shuffle<f32>(a, b, 2, 6, 3, 7));
  const cd = i32x4.max_s(v128.shuffle<f32>(c, d, 0, 4, 1, 5), v128.shuffle<f32>(c, d, 2, 6, 3, 7));
  return i32x4.max_s(v128.shuffle<f64>(ab, cd, 0, 2), v128.shuffle<f64>(ab, cd, 1, 3));
}

/** Largest magnitudes of a filter of four taps or more, in four lanes; the last four taps may be looked at twice. */
@inline
function quarters(x: usize, width: usize): v128 {
  const last = x + width - 16;
  let most = magnitudes(last);
  for (; x < last; x += 16) most = i32x4.max_s(most, magnitudes(x));
  return most;
}

@inline
function magnitudes(x: usize): v128 {
  return v128.and(v128.load(x), i32x4.splat(0x7fffffff));
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
