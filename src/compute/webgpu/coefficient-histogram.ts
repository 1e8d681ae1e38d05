import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu/dist/backend_webgpu';
import { BIN_OF, binUniforms } from './bins';
import { gridOf, runProgram, zeroCounts } from './program';
import {
  groupOf,
  PROJECTION_NAMES,
  projectionCode,
  projectionTensors,
  type ProjectionInputs,
} from './projection';

const LANES = 256;
/** Filters a lane bins before the workgroup's counts go to the result. */
const RUN = 32;
/** Counters that fit the guaranteed 16 KiB of workgroup memory. */
const COUNTERS = 4096;

export interface HistogramSpec {
  low: number;
  high: number;
  bins: number;
}

/**
 * CoefficientHistogram: projects and bins in one go; a workgroup counts some components of one run of filters in its own
 * memory, then adds them to the result. Counts are integers, so the order of the atomic additions leaves no trace.
 */
export function coefficientHistogram(
  backend: WebGPUBackend,
  inputs: ProjectionInputs,
  { low, high, bins }: HistogramSpec,
): TensorInfo {
  const [count, taps] = inputs.x.shape as [number, number];
  const local = bins <= COUNTERS;
  const group = groupOf(taps, local ? Math.floor(COUNTERS / bins) : taps);
  return runProgram(
    backend,
    {
      key: `CoefficientHistogram_${taps}_${local ? bins : 'global'}`,
      inputs: PROJECTION_NAMES,
      outputShape: [taps, bins],
      runs: gridOf(Math.ceil(count / (LANES * RUN))),
      layers: Math.ceil(taps / group),
      workgroupSize: LANES,
      uniforms: binUniforms(low, high, bins),
      atomic: true,
      code: local ? localCode(taps, group, bins) : globalCode(taps, group),
    },
    projectionTensors(inputs),
    'int32',
    zeroCounts(backend, [taps, bins]),
  );
}

/** Calls `count` (WGSL, of `g` and `bin`) for each coefficient of the workgroup's run and components. */
function eachBin(taps: number, group: number, count: string): string {
  return `
  let first = workgroupId.z * ${group}u;
  for (var k = 0u; k < ${RUN}u; k++) {
    let index = (runIndex() * ${RUN}u + k) * ${LANES}u + localIndex;
    if (skipped(index)) { continue; }
    let c = project(index, first);
    for (var g = 0u; g < ${group}u; g++) {
      let bin = binOf(c[g]);
      if (bin != NO_BIN && first + g < ${taps}u) { ${count} }
    }
  }`;
}

function localCode(taps: number, group: number, bins: number): string {
  return `
${projectionCode(taps, group)}
${BIN_OF}
var<workgroup> counts : array<atomic<u32>, ${group * bins}>;

fn main() {
  ${eachBin(taps, group, `atomicAdd(&counts[g * ${bins}u + bin], 1u);`)}
  workgroupBarrier();
  for (var at = localIndex; at < ${group * bins}u; at += ${LANES}u) {
    let counted = atomicLoad(&counts[at]);
    if (counted > 0u) { atomicAdd(&result[first * ${bins}u + at], i32(counted)); }
  }
}`;
}

function globalCode(taps: number, group: number): string {
  return `
${projectionCode(taps, group)}
${BIN_OF}
fn main() {
  ${eachBin(taps, group, 'atomicAdd(&result[(first + g) * uniforms.bins + bin], 1);')}
}`;
}
