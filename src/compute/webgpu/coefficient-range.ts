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
/** Filters a lane looks at. */
const RUN = 16;

/** CoefficientRange: smallest and largest coefficient of each run; a low above its high for a run without finite filter. */
export function coefficientRange(backend: WebGPUBackend, inputs: ProjectionInputs): TensorInfo {
  const [count, taps] = inputs.x.shape as [number, number];
  const runs = gridOf(Math.ceil(count / (LANES * RUN)));
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
  const group = groupOf(taps, taps);
  return `
${projectionCode(taps, group)}
const LARGEST = 3.4028234e38;
var<workgroup> lows : array<f32, ${LANES}>;
var<workgroup> highs : array<f32, ${LANES}>;

fn main() {
  var low = LARGEST;
  var high = -LARGEST;
  for (var k = 0u; k < ${RUN}u; k++) {
    let index = (runIndex() * ${RUN}u + k) * ${LANES}u + localIndex;
    if (skipped(index)) { continue; }
    for (var first = 0u; first < ${taps}u; first += ${group}u) {
      let c = project(index, first);
      for (var g = 0u; g < ${group}u; g++) {
        // Beyond the last component, project repeats it.
        low = min(low, c[g]);
        high = max(high, c[g]);
      }
    }
  }
  lows[localIndex] = low;
  highs[localIndex] = high;
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
