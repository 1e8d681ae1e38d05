import type { DataType, TensorInfo } from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu/dist/backend_webgpu';

/** WebGPU's guaranteed number of workgroups along one axis. */
const MAX_GROUPS_PER_AXIS = 65_535;

/** One compute program in the terms tfjs wants, minus its boilerplate. */
export interface ProgramSpec {
  /** Names the program and every choice that changed its code: the key of the pipeline cache. */
  key: string;
  /** Names of the input bindings in order; tfjs adds `uniforms.<name>Shape` for each. */
  inputs: string[];
  outputShape: number[];
  /** Workgroups along the runs of filters (`runIndex()` in the code). */
  runs: Grid;
  /** Workgroups along a second axis (`workgroupId.z` in the code); 1 where absent. */
  layers?: number;
  workgroupSize: number;
  uniforms?: Uniform[];
  /** The output is `array<atomic<i32>>`. */
  atomic?: boolean;
  /** WGSL with `fn main()`. */
  code: string;
}

export interface Uniform {
  name: string;
  type: 'uint32' | 'float32';
  value: number;
}

/** A run of workgroups folded into two axes; `count` may exceed what was asked for, never by a full row. */
export interface Grid {
  columns: number;
  rows: number;
  count: number;
}

/**
 * Workgroups for `wanted` runs. Programs process all `count` of them, the surplus over no filter: an early return would
 * put their barriers into non-uniform control flow, as tfjs hands the workgroup's index on in a private variable.
 */
export function gridOf(wanted: number): Grid {
  const rows = Math.max(1, Math.ceil(wanted / MAX_GROUPS_PER_AXIS));
  const columns = Math.max(1, Math.ceil(wanted / rows));
  return { columns, rows, count: columns * rows };
}

const RUN_INDEX = `
fn runIndex() -> u32 { return workgroupId.y * numWorkgroups.x + workgroupId.x; }
`;

const WGSL_TYPE = { uint32: 'u32', float32: 'f32' } as const;

/**
 * Records the program; the result lives on the device. `output` names an existing tensor to write into: the pool hands
 * out buffers with stale contents, so a program that accumulates must bring its own zeros.
 */
export function runProgram(
  backend: WebGPUBackend,
  spec: ProgramSpec,
  inputs: TensorInfo[],
  dtype: DataType,
  output?: TensorInfo,
): TensorInfo {
  const uniforms = spec.uniforms ?? [];
  return backend.runWebGPUProgram(
    {
      shaderKey: spec.key,
      variableNames: spec.inputs,
      outputShape: spec.outputShape,
      // Three axes named: tfjs then calls main() without its own flat index and leaves the dispatch as it is.
      dispatchLayout: { x: [0], y: [1], z: [2] },
      dispatch: [spec.runs.columns, spec.runs.rows, spec.layers ?? 1],
      workgroupSize: [spec.workgroupSize, 1, 1],
      atomic: spec.atomic ?? false,
      uniforms: uniforms.map(({ name, type }) => `${name} : ${WGSL_TYPE[type]}, `).join(''),
      getUserCode: () => RUN_INDEX + spec.code,
    },
    inputs,
    dtype,
    uniforms.map(({ type, value }) => ({ type, data: [value] })),
    output,
  );
}

/** Zeros on the device to accumulate into. */
export function zeroCounts(backend: WebGPUBackend, shape: number[]): TensorInfo {
  return backend.makeTensorInfo(shape, 'int32', new Int32Array(shape.reduce((a, b) => a * b, 1)));
}
