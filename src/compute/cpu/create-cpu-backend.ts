import '@tensorflow/tfjs-backend-cpu';
import type { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import { findBackend } from '@tensorflow/tfjs-core';
import type { ComputeBackend } from '../backend';
import { Driver } from '../driver';
import type { KernelLimits } from '../seam';
import { loops } from './loops';
import { registerCpuKernels, storedValues } from './register';

/** Products that take about 50 ms, so that a worker answers messages in between. */
const LIMITS: KernelLimits = { maxElements: 2 ** 30, maxProducts: 1.5e8, float64: true };

/** Longest run of jobs before messages get their turn. */
const TURN_MS = 50;

/** The CPU backend of tfjs with our kernels; every number is summed in float64. */
export async function createCpuBackend(limits = LIMITS): Promise<ComputeBackend> {
  registerCpuKernels(loops);
  const backend = findBackend('cpu') as MathBackendCPU;
  let turnStarted = performance.now();
  return new Driver({
    name: 'cpu',
    description: 'CPU',
    limits: () => limits,
    async runJob(work) {
      const result = await work(backend);
      if (performance.now() - turnStarted > TURN_MS) {
        await nextTask();
        turnStarted = performance.now();
      }
      return result;
    },
    readTensor: async (cpu, tensor) => storedValues(cpu as MathBackendCPU, tensor),
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
