import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu/dist/backend_webgpu';
import { runProgram, type Grid } from './program';
import { MAGNITUDE } from './wgsl';

const LANES = 64;

/** Writes sum |w| and sum w^2 of each block's finite filters into the last two columns of `partials`. */
export function filterNorms(
  backend: WebGPUBackend,
  { x, peaks }: { x: TensorInfo; peaks: TensorInfo },
  { block, runs, partials }: { block: number; runs: Grid; partials: TensorInfo },
): TensorInfo {
  return runProgram(
    backend,
    {
      key: 'FilterNorms',
      inputs: ['x', 'peaks'],
      outputShape: partials.shape,
      runs,
      workgroupSize: LANES,
      uniforms: [{ name: 'block', type: 'uint32', value: block }],
      code: CODE,
    },
    [x, peaks],
    'float32',
    partials,
  );
}

const CODE = `
${MAGNITUDE}
var<workgroup> sums : array<vec2<f32>, ${LANES}>;

fn main() {
  let count = u32(uniforms.xShape.x);
  let taps = u32(uniforms.xShape.y);
  let end = min(count, (runIndex() + 1u) * uniforms.block);
  var total = vec2<f32>(0.0);
  for (var index = runIndex() * uniforms.block + localIndex; index < end; index += ${LANES}u) {
    if (bitcast<u32>(peaks[index]) >= INFINITE) { continue; }
    var one = vec2<f32>(0.0);
    for (var at = index * taps; at < (index + 1u) * taps; at++) { one += vec2<f32>(abs(x[at]), x[at] * x[at]); }
    total += one;
  }
  sums[localIndex] = total;
  for (var reach = ${LANES / 2}u; reach > 0u; reach >>= 1u) {
    workgroupBarrier();
    if (localIndex < reach) { sums[localIndex] += sums[localIndex + reach]; }
  }
  if (localIndex == 0u) {
    let at = (runIndex() + 1u) * u32(uniforms.outShape.y) - 2u;
    result[at] = sums[0].x;
    result[at + 1u] = sums[0].y;
  }
}`;
