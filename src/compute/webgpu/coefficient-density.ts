import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu/dist/backend_webgpu';
import { BINS_OF, binUniforms } from './bins';
import { gridOf, runProgram, zeroCounts } from './program';
import {
  PROJECTION_NAMES,
  projectionCode,
  projectionTensors,
  QUAD,
  type ProjectionInputs,
} from './projection';

const LANES = 64;

export interface DensitySpec {
  first: number;
  second: number;
  size: number;
  extent: number;
}

/** CoefficientDensity: cells counted in the result itself (half a million seldom collide). */
export function coefficientDensity(
  backend: WebGPUBackend,
  inputs: ProjectionInputs,
  { first, second, size, extent }: DensitySpec,
): TensorInfo {
  const [count, taps] = inputs.x.shape as [number, number];
  return runProgram(
    backend,
    {
      key: `CoefficientDensity_${taps}`,
      inputs: PROJECTION_NAMES,
      outputShape: [size, size],
      runs: gridOf(Math.ceil(count / (LANES * QUAD))),
      workgroupSize: LANES,
      uniforms: [
        ...binUniforms(-extent, extent, size),
        { name: 'first', type: 'uint32', value: first },
        { name: 'second', type: 'uint32', value: second },
      ],
      atomic: true,
      code: `
${projectionCode(taps)}
${BINS_OF}
var<private> taken : vec4<f32>;
fn take(component : u32, c : vec4<f32>) { taken = c; }

fn main() {
  let start = runIndex() * ${LANES * QUAD}u + localIndex;
  var across = vec4<f32>(0.0);
  for (var axis = 0u; axis < 2u; axis++) {
    across = taken;
    let component = select(uniforms.first, uniforms.second, axis == 1u);
    projectQuad(start, ${LANES}u, component, component + 1u);
  }
  let columns = binsOf(across);
  let rows = binsOf(taken);
  for (var e = 0u; e < ${QUAD}u; e++) {
    if (columns[e] != NO_BIN && rows[e] != NO_BIN) { atomicAdd(&result[rows[e] * uniforms.bins + columns[e]], 1); }
  }
}`,
    },
    projectionTensors(inputs),
    'int32',
    zeroCounts(backend, [size, size]),
  );
}
