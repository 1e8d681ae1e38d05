import type { Uniform } from './program';

/**
 * Uniforms and WGSL of `binsOf(c)`: the bins of four coefficients in `bins` equal bins over [low, high], last one closed; NO_BIN
 * for those outside or not `usable` (projection.ts).
 * Bins are counted from the middle edge, where float32 resolves coefficients best: a coefficient is misplaced only within
 * 1e-6 of an edge (of the span where that exceeds 1). That much beyond the outer edges still counts, since the
 * extremes of the range come from another program and may differ in the last bit.
 */
export function binUniforms(low: number, high: number, bins: number): Uniform[] {
  const middle = bins >> 1;
  const width = (high - low) / bins;
  const pivot = width > 0 ? low + middle * width : low;
  const slack = 1e-6 * Math.max(1, high - low);
  const float = (name: string, value: number): Uniform => ({ name, type: 'float32', value });
  return [
    float('low', low - slack),
    float('high', high + slack),
    float('pivot', pivot),
    float('perUnit', width > 0 ? 1 / width : 0),
    { name: 'middle', type: 'uint32', value: width > 0 ? middle : 0 },
    { name: 'bins', type: 'uint32', value: bins },
  ];
}

export const BINS_OF = `
const NO_BIN = 0xffffffffu;
fn binsOf(c : vec4<f32>) -> vec4<u32> {
  let bin = vec4<i32>(floor((c - uniforms.pivot) * uniforms.perUnit)) + i32(uniforms.middle);
  let inside = clamp(bin, vec4<i32>(0), vec4<i32>(i32(uniforms.bins) - 1));
  let outside = !usable | (c < vec4<f32>(uniforms.low)) | (c > vec4<f32>(uniforms.high));
  return select(vec4<u32>(inside), vec4<u32>(NO_BIN), outside);
}
`;
