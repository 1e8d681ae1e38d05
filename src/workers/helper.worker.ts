import type { LayerEngine } from './layer-engine';
import { serve, type Endpoint } from './rpc';
import type { HelperStartMessage, WorkerNotice } from './start-message';

/** An engine over the CPU backend; nothing heavy is loaded until the analysis worker asks for it. */
let created: Promise<LayerEngine> | null = null;

function engine(): Promise<LayerEngine> {
  created ??= Promise.all([import('./backend-engine'), import('../compute/cpu/create-cpu-backend')]).then(
    async ([{ BackendEngine }, { createCpuBackend }]) => new BackendEngine(await createCpuBackend()),
  );
  // What did not arrive is asked for again by the next request.
  created.catch(() => (created = null));
  return created;
}

const api: LayerEngine = {
  prepare: async () => void (await engine()),
  open: async (request) => (await engine()).open(request),
  measure: async (request) => (await engine()).measure(request),
  lateFigures: async (request) => (await engine()).lateFigures(request),
  coefficientRange: async (request) => (await engine()).coefficientRange(request),
  coefficientHistogram: async (request) => (await engine()).coefficientHistogram(request),
  cacheFilters: async (request) => (await engine()).cacheFilters(request),
  dropCache: async (request) => (await engine()).dropCache(request),
  close: async (request) => (await engine()).close(request),
};

self.addEventListener(
  'message',
  ({ data }: MessageEvent<HelperStartMessage>) => serve(data.port as Endpoint, api),
  { once: true },
);

self.postMessage('started' satisfies WorkerNotice);
