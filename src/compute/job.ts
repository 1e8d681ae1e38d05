import { engine, getKernel, type KernelBackend, type Tensor, type TensorInfo } from '@tensorflow/tfjs-core';
import type { BackendName } from '../domain/results';
import type { KERNEL } from './kernels';

export type Floats = Float32Array | Float64Array;
export type Stored = Floats | Int32Array;
type KernelName = (typeof KERNEL)[keyof typeof KERNEL];

/** Reads a tensor's values as the backend stores them. */
export type ReadTensor = (backend: KernelBackend, tensor: TensorInfo) => Promise<Stored>;

/**
 * Tensors and kernel calls of one unit of work on one tfjs backend. Kernels are called with an explicit backend instead of
 * through the engine's current one, which is global: two backends run side by side in one process. Every tensor made
 * through a job goes with `dispose`.
 */
export class Job {
  readonly #tensors: Tensor[] = [];

  readonly #name: BackendName;
  readonly #backend: KernelBackend;
  readonly #readTensor: ReadTensor;

  constructor(name: BackendName, backend: KernelBackend, readTensor: ReadTensor) {
    this.#name = name;
    this.#backend = backend;
    this.#readTensor = readTensor;
  }

  /** A tensor over `values` themselves, not over a copy. */
  input(values: Floats, shape: number[]): Tensor {
    return this.#keep(engine().makeTensor(values as Float32Array, shape, 'float32', this.#backend));
  }

  run(
    kernelName: KernelName,
    inputs: Record<string, TensorInfo>,
    attrs: Record<string, number> = {},
  ): Tensor[] {
    const kernel = getKernel(kernelName, this.#name);
    if (!kernel) throw new Error(`${kernelName} is not registered for the ${this.#name} backend.`);
    const outputs = kernel.kernelFunc({ inputs, attrs, backend: this.#backend });
    return [outputs]
      .flat()
      .map((output) => this.#keep(engine().makeTensorFromTensorInfo(output, this.#backend)));
  }

  async floats(tensor: TensorInfo): Promise<Floats> {
    return (await this.#readTensor(this.#backend, tensor)) as Floats;
  }

  /** An int32 tensor's bits as unsigned counts. */
  async counts(tensor: TensorInfo): Promise<Uint32Array> {
    const values = await this.#readTensor(this.#backend, tensor);
    return new Uint32Array(values.buffer, values.byteOffset, values.length);
  }

  dispose(): void {
    for (const tensor of this.#tensors) tensor.dispose();
    this.#tensors.length = 0;
  }

  #keep(tensor: Tensor): Tensor {
    this.#tensors.push(tensor);
    return tensor;
  }
}
