import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu/dist/backend_webgpu';
import { gridOf, runProgram } from './program';
import {
  PROJECTION_NAMES,
  projectionCode,
  projectionTensors,
  QUAD,
  type ProjectionInputs,
} from './projection';

const LANES = 64;

/** Coefficients: NaN rows for filters that are not finite, written as bits. */
export function coefficients(backend: WebGPUBackend, inputs: ProjectionInputs): TensorInfo {
  const [count, taps] = inputs.x.shape as [number, number];
  const floats = backend.makeTensorInfo([count, taps], 'float32');
  // The same storage, seen as integers by this program alone.
  const bits: TensorInfo = { ...floats, dtype: 'int32' };
  runProgram(
    backend,
    {
      key: `Coefficients_${taps}`,
      inputs: PROJECTION_NAMES,
      outputShape: [count, taps],
      runs: gridOf(Math.ceil(count / (LANES * QUAD))),
      workgroupSize: LANES,
      code: `
${projectionCode(taps)}
fn take(component : u32, c : vec4<f32>) {
  for (var e = 0u; e < ${QUAD}u; e++) {
    if (items[e] >= u32(uniforms.xShape.x)) { continue; }
    result[items[e] * ${taps}u + component] = select(0x7fc00000, bitcast<i32>(c[e]), usable[e]);
  }
}

fn main() {
  projectQuad(runIndex() * ${LANES * QUAD}u + localIndex, ${LANES}u, 0u, ${taps}u);
}`,
    },
    projectionTensors(inputs),
    'int32',
    bits,
  );
  return floats;
}
