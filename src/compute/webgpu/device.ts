import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu/dist/backend_webgpu';
import type { KernelLimits } from '../driver-options';
import { adapterFacts, requestAdapter, type AdapterFacts } from './adapter';

/** Bytes of the largest tensor even where the device allows more: a chunk that keeps any GPU busy, yet is read back quickly. */
const MAX_TENSOR_BYTES = 64 * 2 ** 20;
/** Some 100 ms of a small integrated GPU: far below the seconds after which systems reset a device. */
const MAX_PRODUCTS = 4e9;
/** tfjs keeps every buffer it ever made, by exact size; above this its pool is emptied between jobs. */
const MAX_POOL_BYTES = 256 * 2 ** 20;

/** A device of ours with the tfjs backend on it, from request to loss. */
export class Device {
  /** Why the device is gone; undefined while it lives. */
  lossReason: string | undefined;
  /** Errors no scope caught since the last `takeStrayError`. */
  #strayError: string | undefined;
  readonly #lossListeners = new Set<() => void>();
  readonly limits: KernelLimits;
  readonly facts: AdapterFacts;
  readonly backend: WebGPUBackend;

  readonly gpu: GPUDevice;

  private constructor(gpu: GPUDevice, adapter: GPUAdapter, bounds: Partial<KernelLimits>) {
    this.gpu = gpu;
    this.facts = adapterFacts(adapter);
    this.backend = new WebGPUBackend(gpu, adapter.info);
    const bytes = Math.min(
      gpu.limits.maxStorageBufferBindingSize,
      gpu.limits.maxBufferSize,
      MAX_TENSOR_BYTES,
    );
    this.limits = {
      maxElements: Math.floor(bytes / 4),
      maxProducts: MAX_PRODUCTS,
      float64: false,
      ...bounds,
    };
    void gpu.lost.then(({ reason, message }) => {
      this.lossReason = message || reason || 'unknown';
      for (const listener of this.#lossListeners) listener();
    });
    gpu.addEventListener('uncapturederror', (event) => {
      event.preventDefault();
      this.#strayError ??= event.error.message;
    });
  }

  /** A device on the best adapter, `bounds` in place of its own; null where there is none or it gives no device. */
  static async open(bounds: Partial<KernelLimits> = {}): Promise<Device | null> {
    // A device asked for in vain may use the adapter up, so that each step takes a new one.
    for (const share of [1, 0.5, 0.25, 0]) {
      const adapter = await requestAdapter();
      if (!adapter) return null;
      const gpu = await adapter.requestDevice({ requiredLimits: limitsOf(adapter, share) }).catch(() => null);
      if (gpu) return new Device(gpu, adapter, bounds);
    }
    return null;
  }

  /** Calls `listener` once the device is lost, at once where it is; returns how to stop listening. */
  onLoss(listener: () => void): () => void {
    if (this.lossReason !== undefined) listener();
    this.#lossListeners.add(listener);
    return () => this.#lossListeners.delete(listener);
  }

  takeStrayError(): string | undefined {
    const error = this.#strayError;
    this.#strayError = undefined;
    return error;
  }

  /** To be called between jobs, when no tensor is left. */
  trimPool(): void {
    const { bufferManager } = this.backend;
    const { numBytesAllocatedInGPU } = this.backend.memory();
    if (numBytesAllocatedInGPU > MAX_POOL_BYTES && bufferManager.getNumUsedBuffers() === 0)
      bufferManager.dispose();
  }

  close(): void {
    this.backend.dispose();
    this.gpu.destroy();
  }
}

/** The adapter's own buffer limits times `share`, at least WebGPU's defaults; none asked for where `share` is 0. */
function limitsOf({ limits }: GPUAdapter, share: number): Record<string, number> {
  if (share === 0) return {};
  const asked = (limit: number, guaranteed: number): number =>
    Math.max(guaranteed, Math.floor((limit * share) / 4096) * 4096);
  return {
    maxBufferSize: asked(limits.maxBufferSize, 2 ** 28),
    maxStorageBufferBindingSize: asked(limits.maxStorageBufferBindingSize, 2 ** 27),
  };
}
