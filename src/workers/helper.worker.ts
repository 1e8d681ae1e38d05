import type { Lane } from './lane';
import { serve, type Endpoint } from './rpc';
import type { HelperStartMessage } from './start-message';

/** A lane of the CPU backend; nothing heavy is loaded until the analysis worker asks for it. */
let bench: Promise<Lane> | null = null;

function lane(): Promise<Lane> {
  bench ??= Promise.all([import('./workbench'), import('../compute/cpu/create-cpu-backend')]).then(
    async ([{ Workbench }, { createCpuBackend }]) => new Workbench(await createCpuBackend()),
  );
  return bench;
}

const api: Lane = {
  prepare: async () => void (await lane()),
  open: async (request) => (await lane()).open(request),
  measure: async (request) => (await lane()).measure(request),
  orthogonality: async (request) => (await lane()).orthogonality(request),
  coefficientRange: async (request) => (await lane()).coefficientRange(request),
  coefficientHistogram: async (request) => (await lane()).coefficientHistogram(request),
  keep: async (request) => (await lane()).keep(request),
  relax: async (request) => (await lane()).relax(request),
  close: async (request) => (await lane()).close(request),
};

self.addEventListener(
  'message',
  ({ data }: MessageEvent<HelperStartMessage>) => serve(data.port as Endpoint, api),
  { once: true },
);
