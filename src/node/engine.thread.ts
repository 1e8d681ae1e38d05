import { parentPort } from 'node:worker_threads';
import { createCpuBackend } from '../compute/cpu/create-cpu-backend';
import { BackendEngine } from '../workers/backend-engine';
import { serve, type Endpoint } from '../workers/rpc';
import { openFromDisk } from './disk-files';
import type { ThreadEngine } from './thread-engine';

/** A layer engine in a worker thread. */
const engine = new BackendEngine(await createCpuBackend());

const api: ThreadEngine = {
  prepare: () => engine.prepare(),
  open: async ({ handle, disk, outline }) =>
    engine.open({ handle, source: await openFromDisk(disk), outline }),
  measure: (request) => engine.measure(request),
  lateFigures: (request) => engine.lateFigures(request),
  coefficientRange: (request) => engine.coefficientRange(request),
  coefficientHistogram: (request) => engine.coefficientHistogram(request),
  cacheFilters: (request) => engine.cacheFilters(request),
  dropCache: (request) => engine.dropCache(request),
  close: (request) => engine.close(request),
};

serve(parentPort as unknown as Endpoint, api);
