import { AppError } from '../domain/errors';
import type { BackendReport, BackendPreference } from '../domain/results';
import type { ComputeBackend } from './backend';
import { createCpuBackend } from './cpu/create-cpu-backend';
import { selfTest } from './self-test';
import { adapterFacts, hasWebGpu, requestAdapter } from './webgpu/adapter';

export interface ChosenBackend {
  backend: ComputeBackend;
  report: BackendReport;
}

/**
 * The backend to work with: WebGPU where a hardware adapter passes the self-test, else the CPU, with the reason as a
 * sentence in the report. Forced `webgpu` takes a software adapter too; where it is impossible the CPU steps in, likewise
 * with the reason. The WebGPU code is loaded only where it is tried. Never rejects for want of WebGPU.
 */
export async function chooseBackend({ backend: preference }: BackendPreference): Promise<ChosenBackend> {
  const choice = preference === 'automatic' ? 'automatic' : 'forced';
  const refused: BackendReport['refused'] = [];
  if (preference !== 'cpu') {
    const tried = await tryWebGpu(preference === 'webgpu');
    if (typeof tried !== 'string') return { backend: tried, report: reportOn(tried, choice, refused) };
    refused.push({ name: 'webgpu', reason: tried });
  }
  const cpu = await createCpuBackend();
  return { backend: cpu, report: reportOn(cpu, choice, refused) };
}

function reportOn(
  { name, description }: ComputeBackend,
  choice: BackendReport['choice'],
  refused: BackendReport['refused'],
): BackendReport {
  return { name, description, choice, refused };
}

/** A tested WebGPU backend, or the sentence that says why there is none. */
async function tryWebGpu(forced: boolean): Promise<ComputeBackend | string> {
  if (!hasWebGpu()) {
    return globalThis.isSecureContext === false
      ? 'Browsers offer WebGPU only to pages loaded over HTTPS or from this computer.'
      : 'This browser offers no WebGPU.';
  }
  let label = 'The WebGPU adapter';
  try {
    const adapter = await requestAdapter();
    if (!adapter) return 'This browser found no WebGPU adapter.';
    const { label: name, software } = adapterFacts(adapter);
    if (software !== null && !forced) {
      return `The only WebGPU adapter is ${software}, a software renderer slower than the CPU path.`;
    }
    label = `The WebGPU adapter ${name}`;
    const { createWebGpuBackend } = await import('./webgpu/create-webgpu-backend');
    const backend = await createWebGpuBackend();
    if (!backend) return `${label} gave no device.`;
    const fault = await selfTest(backend).catch((error: unknown) => {
      backend.dispose();
      throw error;
    });
    if (fault === null) return backend;
    backend.dispose();
    return `${label} failed the self-test: it got ${fault} wrong.`;
  } catch (error) {
    if (!(error instanceof AppError)) console.warn('WebGPU could not be used.', error);
    return `${label} failed when it was tried.`;
  }
}
