import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu/dist/backend_webgpu';
import { momentsWidth } from '../kernels';
import { gridOf, runProgram, type Uniform } from './program';
import { each, IS_ORDINARY, MAGNITUDE, treeSum, unitTapCode } from './wgsl';

/** Up to here three sets of moments fit an invocation's registers (3 * 55 sums for 3x3). */
export const REGISTER_TAPS = 9;

const LANES = 64;
/** Filters an invocation adds up: few enough for float32 (about 3e-8 of the sum of magnitudes), joined in float64. */
const MAX_RUN = 128;
const MIN_RUN = 4;
/** Rows of partial sums worth reading back before runs grow longer. */
const WANTED_ROWS = 8192;

/** Inputs of FilterMoments. */
export interface MomentsInputs {
  x: TensorInfo;
  peaks: TensorInfo;
  shifts: TensorInfo;
}

/** FilterMoments for few taps: each invocation reads its filters once and keeps all three sets in registers. */
export function filterMomentsInRegisters(
  backend: WebGPUBackend,
  { x, peaks, shifts }: MomentsInputs,
  threshold: number,
): TensorInfo {
  const [count, taps] = x.shape as [number, number];
  const run = Math.min(MAX_RUN, Math.max(MIN_RUN, Math.ceil(count / WANTED_ROWS)));
  const runs = gridOf(Math.ceil(count / (LANES * run)));
  return runProgram(
    backend,
    {
      key: `FilterMoments_${taps}`,
      inputs: ['x', 'peaks', 'shifts'],
      outputShape: [runs.count * LANES, momentsWidth(taps)],
      runs,
      workgroupSize: LANES,
      uniforms: [{ name: 'run', type: 'uint32', value: run }, thresholdUniform(threshold)],
      code: codeFor(taps),
    },
    [x, peaks, shifts],
    'float32',
  );
}

/** The threshold as bits of the smallest float32 not below it: for a float32 peak, `peak < threshold` stays exact. */
export function thresholdUniform(threshold: number): Uniform {
  const bits = new Uint32Array(Float32Array.of(threshold).buffer);
  if (Math.fround(threshold) < threshold) bits[0]++;
  return { name: 'threshold', type: 'uint32', value: bits[0] };
}

const SETS = ['clean', 'sparse', 'scaled'] as const;

function codeFor(taps: number): string {
  const width = 1 + taps + (taps * (taps + 1)) / 2;
  const declare = SETS.flatMap((set) => each(width, (k) => `var ${set}${k} = 0.0;`)).join('\n  ');
  const write = SETS.flatMap((set, s) => each(width, (k) => `result[row + ${s * width + k}u] = ${set}${k};`));
  return `
${MAGNITUDE}
${IS_ORDINARY}
${unitTapCode(1)}
fn main() {
  let count = u32(uniforms.xShape.x);
  ${each(taps, (t) => `let rawShift${t} = shifts[${t}]; let scaledShift${t} = shifts[${taps + t}];`).join('\n  ')}
  ${declare}
  var norm1 = 0.0;
  var norm2 = 0.0;
  let first = runIndex() * uniforms.run * ${LANES}u + localIndex;
  for (var k = 0u; k < uniforms.run; k++) {
    let index = first + k * ${LANES}u;
    if (index >= count) { break; }
    let peak = bitcast<u32>(peaks[index]);
    if (peak >= INFINITE) { continue; }
    let at = index * ${taps}u;
    ${each(taps, (t) => `let x${t} = x[at + ${t}u];`).join(' ')}
    norm1 += ${treeSum(each(taps, (t) => `abs(x${t})`))};
    norm2 += ${treeSum(each(taps, (t) => `x${t} * x${t}`))};
    ${each(taps, (t) => `let raw${t} = x${t} - rawShift${t};`).join(' ')}
    if (peak < uniforms.threshold) {
      ${accumulate('sparse', 'raw', taps)}
    } else {
      ${accumulate('clean', 'raw', taps)}
    }
    ${each(taps, (t) => `var tap${t} : f32;`).join(' ')}
    if (isOrdinary(peak)) {
      let divisor = bitcast<f32>(peak);
      ${each(taps, (t) => `tap${t} = x${t} / divisor - scaledShift${t};`).join(' ')}
    } else {
      let divisor = divisorOf1(peak);
      ${each(taps, (t) => `tap${t} = unit1(x${t}, divisor) - scaledShift${t};`).join(' ')}
    }
    ${accumulate('scaled', 'tap', taps)}
  }
  let row = (runIndex() * ${LANES}u + localIndex) * ${momentsWidth(taps)}u;
  ${write.join('\n  ')}
  result[row + ${3 * width}u] = norm1;
  result[row + ${3 * width + 1}u] = norm2;
}`;
}

/** Count, sums and upper triangle of the named values, added to the set's scalars in the order of a partial row. */
function accumulate(set: string, value: string, taps: number): string {
  const lines = [`${set}0 += 1.0;`, ...each(taps, (t) => `${set}${1 + t} += ${value}${t};`)];
  for (let i = 0; i < taps; i++) {
    for (let j = i; j < taps; j++) lines.push(`${set}${lines.length} += ${value}${i} * ${value}${j};`);
  }
  return lines.join('\n      ');
}
