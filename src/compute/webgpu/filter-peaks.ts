import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu/dist/backend_webgpu';
import { gridOf, runProgram } from './program';
import { MAGNITUDE } from './wgsl';

const LANES = 64;

const CODE = `
${MAGNITUDE}
fn main() {
  let index = runIndex() * ${LANES}u + localIndex;
  if (index >= u32(uniforms.xShape.x)) { return; }
  let taps = u32(uniforms.xShape.y);
  var peak = 0u;
  for (var at = index * taps; at < (index + 1u) * taps; at++) { peak = max(peak, magnitude(x[at])); }
  result[index] = bitcast<i32>(select(peak, 0x7fc00000u, peak >= INFINITE));
}`;

/** FilterPeaks: one invocation per filter; exact, and NaN written as bits, since arithmetic may not yield one. */
export function filterPeaks(backend: WebGPUBackend, x: TensorInfo): TensorInfo {
  const count = x.shape[0];
  const peaks = backend.makeTensorInfo([count], 'float32');
  // The same storage, seen as integers by this program alone.
  const bits: TensorInfo = { ...peaks, dtype: 'int32' };
  runProgram(
    backend,
    {
      key: 'FilterPeaks',
      inputs: ['x'],
      outputShape: [count],
      runs: gridOf(Math.ceil(count / LANES)),
      workgroupSize: LANES,
      code: CODE,
    },
    [x],
    'int32',
    bits,
  );
  return peaks;
}
