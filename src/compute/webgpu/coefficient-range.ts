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
/** Quads of filters a lane looks at. */
const RUN = 4;

/** CoefficientRange: smallest and largest coefficient of each run; a low above its high for a run without finite filter. */
export function coefficientRange(backend: WebGPUBackend, inputs: ProjectionInputs): TensorInfo {
  const [count, taps] = inputs.x.shape as [number, number];
  const runs = gridOf(Math.ceil(count / (LANES * RUN * QUAD)));
  return runProgram(
    backend,
    {
      key: `CoefficientRange_${taps}`,
      inputs: PROJECTION_NAMES,
      outputShape: [runs.count, 2],
      runs,
      workgroupSize: LANES,
      code: codeFor(taps),
    },
    projectionTensors(inputs),
    'float32',
  );
}

function codeFor(taps: number): string {
  return `
${projectionCode(taps)}
const LARGEST = 3.4028234e38;
var<private> low = vec4<f32>(LARGEST);
var<private> high = vec4<f32>(-LARGEST);
var<workgroup> lows : array<f32, ${LANES}>;
var<workgroup> highs : array<f32, ${LANES}>;

fn take(component : u32, c : vec4<f32>) {
  low = min(low, select(vec4<f32>(LARGEST), c, usable));
  high = max(high, select(vec4<f32>(-LARGEST), c, usable));
}

fn main() {
  for (var k = 0u; k < ${RUN}u; k++) {
    projectQuad((runIndex() * ${RUN}u + k) * ${LANES * QUAD}u + localIndex, ${LANES}u, 0u, ${taps}u);
  }
  lows[localIndex] = min(min(low.x, low.y), min(low.z, low.w));
  highs[localIndex] = max(max(high.x, high.y), max(high.z, high.w));
  for (var reach = ${LANES / 2}u; reach > 0u; reach >>= 1u) {
    workgroupBarrier();
    if (localIndex < reach) {
      lows[localIndex] = min(lows[localIndex], lows[localIndex + reach]);
      highs[localIndex] = max(highs[localIndex], highs[localIndex + reach]);
    }
  }
  if (localIndex == 0u) {
    result[runIndex() * 2u] = lows[0];
    result[runIndex() * 2u + 1u] = highs[0];
  }
}`;
}
