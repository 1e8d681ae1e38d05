import '@tensorflow/tfjs-backend-cpu';
// eslint-disable-next-line no-duplicate-imports -- the first registers the backend, this is erased
import type { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import { enableProdMode, findBackend } from '@tensorflow/tfjs-core';
import type { ComputeBackend } from '../backend';
import { Driver } from '../driver';
import { warmUp } from '../warm-up';
import type { KernelLimits } from '../driver-options';
import type { CpuKernels } from './cpu-kernels';
import { loops } from './loops';
import { registerCpuKernels, storedValues } from './register';
import { createSimdKernels } from './simd-kernels';

/** Products that take well under 100 ms, so that a worker answers messages in between; elements that may be copied at once. */
const SIMD_LIMITS: KernelLimits = { maxElements: 2 ** 23, maxProducts: 7e8, float64: true };
const LOOP_LIMITS: KernelLimits = { maxElements: 2 ** 23, maxProducts: 1e8, float64: true };

/** Longest run of jobs before messages get their turn. */
const TURN_MS = 50;

interface Registered {
  kernels: CpuKernels;
  description: string;
}

/** Once a process. */
let registered: Promise<Registered> | undefined;

async function registerKernels(): Promise<Registered> {
  const found = await fastestKernels();
  registerCpuKernels(found.kernels);
  if (found.kernels !== loops) await warmUp(driverOf(found));
  return found;
}

async function fastestKernels(): Promise<Registered> {
  try {
    return { kernels: await createSimdKernels(), description: 'CPU (WebAssembly SIMD)' };
  } catch {
    return { kernels: loops, description: 'CPU (without WebAssembly SIMD)' };
  }
}

/**
 * The CPU backend of tfjs with our kernels; every number is summed in float64, the products of
 * orthogonality in float32 runs joined in float64. Where WebAssembly SIMD is missing or
 * forbidden, plain loops do the work. `limits` replaces the usual ones.
 */
export async function createCpuBackend(limits?: KernelLimits): Promise<ComputeBackend> {
  enableProdMode();
  return driverOf(await (registered ??= registerKernels()), limits);
}

function driverOf({ kernels, description }: Registered, limits?: KernelLimits): ComputeBackend {
  const usual = kernels === loops ? LOOP_LIMITS : SIMD_LIMITS;
  const backend = findBackend('cpu') as MathBackendCPU;
  let turnStarted = performance.now();
  return new Driver({
    name: 'cpu',
    description,
    limits: () => limits ?? usual,
    async runJob(work) {
      const result = await work(backend);
      if (performance.now() - turnStarted > TURN_MS) {
        await nextTask();
        turnStarted = performance.now();
      }
      return result;
    },
    readTensor: async (cpu, tensor) => storedValues(cpu as MathBackendCPU, tensor),
    rowSquares: kernels.rowSquares,
    dispose: () => undefined,
  });
}

/** Resolves in a task of its own, without the delay that nested timers get. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
