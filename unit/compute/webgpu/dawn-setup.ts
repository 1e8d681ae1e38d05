import { createRequire } from 'node:module';

/** WebGPU of Node's own, Dawn over the Vulkan driver that is there, for the tests that otherwise run in Chromium. */
interface Dawn {
  create(options: readonly string[]): GPU;
  globals: Record<string, unknown>;
}
const dawn = createRequire(import.meta.url)('webgpu') as Dawn;

Object.assign(globalThis, dawn.globals);
Object.defineProperty(globalThis, 'navigator', { configurable: true, value: { gpu: dawn.create([]) } });
