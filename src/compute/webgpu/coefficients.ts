import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu/dist/backend_webgpu';
import { gridOf, runProgram } from './program';
import {
  groupOf,
  PROJECTION_NAMES,
  projectionCode,
  projectionTensors,
  type ProjectionInputs,
} from './projection';

const LANES = 64;

/** Coefficients: one invocation a filter; NaN rows for filters that are not finite, written as bits. */
export function coefficients(backend: WebGPUBackend, inputs: ProjectionInputs): TensorInfo {
  const [count, taps] = inputs.x.shape as [number, number];
  const group = groupOf(taps, taps);
  const floats = backend.makeTensorInfo([count, taps], 'float32');
  // The same storage, seen as integers by this program alone.
  const bits: TensorInfo = { ...floats, dtype: 'int32' };
  runProgram(
    backend,
    {
      key: `Coefficients_${taps}`,
      inputs: PROJECTION_NAMES,
      outputShape: [count, taps],
      runs: gridOf(Math.ceil(count / LANES)),
      workgroupSize: LANES,
      code: `
${projectionCode(taps, group)}
fn main() {
  let index = runIndex() * ${LANES}u + localIndex;
  if (index >= u32(uniforms.xShape.x)) { return; }
  let none = skipped(index);
  for (var first = 0u; first < ${taps}u; first += ${group}u) {
    var c : array<f32, ${group}>;
    if (!none) { c = project(index, first); }
    for (var g = 0u; g < ${group}u && first + g < ${taps}u; g++) {
      result[index * ${taps}u + first + g] = select(bitcast<i32>(c[g]), 0x7fc00000, none);
    }
  }
}`,
    },
    projectionTensors(inputs),
    'int32',
    bits,
  );
  return floats;
}
