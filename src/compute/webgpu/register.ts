import {
  getKernel,
  registerKernel,
  type NamedAttrMap,
  type NamedTensorInfoMap,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu/dist/backend_webgpu';
import { KERNEL } from '../kernels';
import { batchedEigen } from './batched-eigen';
import { coefficientDensity, type DensitySpec } from './coefficient-density';
import { coefficientHistogram, type HistogramSpec } from './coefficient-histogram';
import { coefficientRange } from './coefficient-range';
import { coefficients } from './coefficients';
import { filterMomentsInRegisters, REGISTER_TAPS, type MomentsInputs } from './filter-moments';
import { filterMomentsTiled } from './filter-moments-tiled';
import { filterPeaks } from './filter-peaks';
import type { ProjectionInputs } from './projection';
import { rowGram } from './row-gram';

type Kernel = (backend: WebGPUBackend, inputs: never, attrs: never) => TensorInfo | TensorInfo[];

const KERNELS: Record<(typeof KERNEL)[keyof typeof KERNEL], Kernel> = {
  [KERNEL.peaks]: (backend, { x }: { x: TensorInfo }) => filterPeaks(backend, x),
  [KERNEL.moments]: (backend, inputs: MomentsInputs, { threshold }: { threshold: number }) =>
    inputs.x.shape[1] <= REGISTER_TAPS
      ? filterMomentsInRegisters(backend, inputs, threshold)
      : filterMomentsTiled(backend, inputs, threshold),
  [KERNEL.rowGram]: (
    backend,
    { rows, scales }: Record<'rows' | 'scales', TensorInfo>,
    { split }: { split: number },
  ) => rowGram(backend, rows, scales, split),
  [KERNEL.eigen]: (backend, { matrices }: { matrices: TensorInfo }) => batchedEigen(backend, matrices),
  [KERNEL.range]: (backend, inputs: ProjectionInputs) => coefficientRange(backend, inputs),
  [KERNEL.histogram]: (backend, inputs: ProjectionInputs, attrs: HistogramSpec) =>
    coefficientHistogram(backend, inputs, attrs),
  [KERNEL.density]: (backend, inputs: ProjectionInputs, attrs: DensitySpec) =>
    coefficientDensity(backend, inputs, attrs),
  [KERNEL.coefficients]: (backend, inputs: ProjectionInputs) => coefficients(backend, inputs),
};

/** Registers the programs as tfjs kernels of the backend `webgpu`, once. */
export function registerWebGpuKernels(): void {
  for (const [kernelName, kernel] of Object.entries(KERNELS)) {
    if (getKernel(kernelName, 'webgpu')) continue;
    registerKernel({
      kernelName,
      backendName: 'webgpu',
      kernelFunc: ({
        inputs,
        attrs,
        backend,
      }: {
        inputs: NamedTensorInfoMap;
        attrs?: NamedAttrMap;
        backend: unknown;
      }) => kernel(backend as WebGPUBackend, inputs as never, (attrs ?? {}) as never),
    });
  }
}
