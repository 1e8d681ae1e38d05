import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu/dist/backend_webgpu';
import { BIN_OF, binUniforms } from './bins';
import { gridOf, runProgram, zeroCounts } from './program';
import { PROJECTION_NAMES, projectionCode, projectionTensors, type ProjectionInputs } from './projection';

const LANES = 64;

export interface DensitySpec {
  first: number;
  second: number;
  size: number;
  extent: number;
}

/** CoefficientDensity: one invocation a filter, cells counted in the result itself (half a million seldom collide). */
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
      runs: gridOf(Math.ceil(count / LANES)),
      workgroupSize: LANES,
      uniforms: [
        ...binUniforms(-extent, extent, size),
        { name: 'first', type: 'uint32', value: first },
        { name: 'second', type: 'uint32', value: second },
      ],
      atomic: true,
      code: `
${projectionCode(taps, 1)}
${BIN_OF}
fn main() {
  let index = runIndex() * ${LANES}u + localIndex;
  if (skipped(index)) { return; }
  let column = binOf(project(index, uniforms.first)[0]);
  let row = binOf(project(index, uniforms.second)[0]);
  if (column != NO_BIN && row != NO_BIN) { atomicAdd(&result[row * uniforms.bins + column], 1); }
}`,
    },
    projectionTensors(inputs),
    'int32',
    zeroCounts(backend, [size, size]),
  );
}
