import type { Floats } from './job';

/**
 * Writes the scaled filter at x[at ...] to `out`; a zero filter stays zero. The reciprocal of a float32 peak serves (one
 * division a filter); that of a small double may overflow, so doubles are divided. Shifts and kernels scale alike, so
 * that equal filters give exact zeros.
 */
export function scaleFilter(x: Floats, at: number, peak: number, out: Float64Array): void {
  if (peak === 0) {
    out.fill(0);
  } else if (x instanceof Float32Array) {
    const inverse = 1 / peak;
    for (let j = 0; j < out.length; j++) out[j] = x[at + j] * inverse;
  } else {
    for (let j = 0; j < out.length; j++) out[j] = x[at + j] / peak;
  }
}
