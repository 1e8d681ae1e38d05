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
import { each } from './wgsl';

const LANES = 256;
/** Quads of filters a lane bins before the workgroup's counts go to the result. */
const RUN = 8;
/**
 * Counters a workgroup holds, two to a word: none of its runs reaches 2^16 filters. Three components of 1,120 bins; more would
 * fit, but SwiftShader compiles a store for each word that WebGPU has it set to zero.
 */
const COUNTERS = 3360;

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
  const group = local ? Math.min(taps, Math.floor(COUNTERS / bins)) : taps;
  return runProgram(
    backend,
    {
      key: `CoefficientHistogram_${taps}_${local ? 'local' : 'global'}`,
      inputs: PROJECTION_NAMES,
      outputShape: [taps, bins],
      runs: gridOf(Math.ceil(count / (LANES * RUN * QUAD))),
      layers: Math.ceil(taps / group),
      workgroupSize: LANES,
      uniforms: [...binUniforms(low, high, bins), { name: 'share', type: 'uint32', value: group }],
      atomic: true,
      code: local ? localCode(taps) : globalCode(taps),
    },
    projectionTensors(inputs),
    'int32',
    zeroCounts(backend, [taps, bins]),
  );
}

/** Projects the workgroup's run on its components; `count` is WGSL, of `component` and `bin`. */
function binning(taps: number, count: string): string {
  return `
${projectionCode(taps)}
${BINS_OF}
fn first() -> u32 { return workgroupId.z * uniforms.share; }

fn take(component : u32, c : vec4<f32>) {
  let bins = binsOf(c);
  ${each(QUAD, (e) => `if (bins[${e}] != NO_BIN) { let bin = bins[${e}]; ${count} }`).join('\n  ')}
}

fn binRun() {
  let end = min(first() + uniforms.share, ${taps}u);
  for (var k = 0u; k < ${RUN}u; k++) {
    projectQuad((runIndex() * ${RUN}u + k) * ${LANES * QUAD}u + localIndex, ${LANES}u, first(), end);
  }
}`;
}

function localCode(taps: number): string {
  return `
var<workgroup> counts : array<atomic<u32>, ${COUNTERS / 2}>;
${binning(
  taps,
  `let at = (component - first()) * uniforms.bins + bin;
      atomicAdd(&counts[at / 2u], select(1u, 0x10000u, at % 2u == 1u));`,
)}
fn main() {
  binRun();
  workgroupBarrier();
  for (var at = localIndex; at < uniforms.share * uniforms.bins; at += ${LANES}u) {
    let word = atomicLoad(&counts[at / 2u]);
    let counted = select(word & 0xffffu, word >> 16u, at % 2u == 1u);
    if (counted > 0u) { atomicAdd(&result[first() * uniforms.bins + at], i32(counted)); }
  }
}`;
}

function globalCode(taps: number): string {
  return `
${binning(taps, 'atomicAdd(&result[component * uniforms.bins + bin], 1);')}
fn main() { binRun(); }`;
}
