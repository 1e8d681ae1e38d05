import { registerKernel, type TensorInfo } from '@tensorflow/tfjs-core';
import type { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import { symmetricEigen } from '../../analysis/eigen';
import type { Floats, Stored } from '../job';
import { KERNEL, momentsWidth } from '../kernels';
import type { CpuKernels, Projection } from './cpu-kernels';

type Inputs = Record<string, TensorInfo>;
type Attributes = Record<string, number>;
interface Output {
  shape: number[];
  values: Stored;
}

/** What the backend stores behind a tensor: for a float tensor the Float32Array or Float64Array it was made of. */
export function storedValues(backend: MathBackendCPU, tensor: TensorInfo): Stored {
  return backend.data.get(tensor.dataId).values as Stored;
}

/** Registers `kernels` under the names of kernels.ts for tfjs's cpu backend. */
export function registerCpuKernels(kernels: CpuKernels): void {
  const define = (
    kernelName: string,
    compute: (inputs: Inputs, attrs: Attributes, values: ValuesOf) => Output[],
  ) => {
    registerKernel({
      kernelName,
      backendName: 'cpu',
      kernelFunc: ({ inputs, attrs, backend }) => {
        const cpu = backend as MathBackendCPU;
        const values: ValuesOf = (tensor) => storedValues(cpu, tensor!) as Floats;
        return compute(inputs as Inputs, attrs as Attributes, values).map((output) =>
          cpu.makeTensorInfo(
            output.shape,
            output.values instanceof Int32Array ? 'int32' : 'float32',
            output.values as Float32Array,
          ),
        );
      },
    });
  };

  define(KERNEL.peaks, ({ x }, _, values) => [
    { shape: [x.shape[0]], values: kernels.peaks(values(x), x.shape[1]) },
  ]);
  define(KERNEL.moments, ({ x, peaks, shifts }, { threshold }, values) => [
    {
      shape: [1, momentsWidth(x.shape[1])],
      values: kernels.moments(values(x), values(peaks), values(shifts), threshold),
    },
  ]);
  define(KERNEL.rowGram, ({ rows, scales }, { split }, values) => [
    { shape: [1], values: Float64Array.of(kernels.rowGram(values(rows), values(scales), split)) },
  ]);
  define(KERNEL.eigen, ({ matrices }, _, values) => batchedEigen(values(matrices), matrices.shape));
  define(KERNEL.range, (inputs, _, values) => [
    { shape: [1, 2], values: Float64Array.from(kernels.range(projectionOf(inputs, values))) },
  ]);
  define(KERNEL.histogram, (inputs, { low, high, bins }, values) => [
    {
      shape: [inputs.x.shape[1], bins],
      values: kernels.histogram(projectionOf(inputs, values), low, high, bins),
    },
  ]);
  define(KERNEL.density, (inputs, { first, second, size, extent }, values) => [
    {
      shape: [size, size],
      values: kernels.density(projectionOf(inputs, values), first, second, size, extent),
    },
  ]);
  define(KERNEL.coefficients, (inputs, _, values) => [
    { shape: inputs.x.shape, values: kernels.coefficients(projectionOf(inputs, values)) },
  ]);
}

type ValuesOf = (tensor: TensorInfo | undefined) => Floats;

function projectionOf({ x, peaks, components, offsets }: Inputs, values: ValuesOf): Projection {
  return { x: values(x), peaks: values(peaks), components: values(components), offsets: values(offsets) };
}

function batchedEigen(matrices: Floats, [batch = 0, d = 0]: number[]): Output[] {
  const values = new Float64Array(batch * d);
  const vectors = new Float64Array(batch * d * d);
  for (let b = 0; b < batch; b++) {
    const pair = symmetricEigen(matrices.subarray(b * d * d, (b + 1) * d * d), d);
    values.set(pair.values, b * d);
    vectors.set(pair.vectors, b * d * d);
  }
  return [
    { shape: [batch, d], values },
    { shape: [batch, d, d], values: vectors },
  ];
}
