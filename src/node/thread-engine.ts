import { Worker } from 'node:worker_threads';
import { AppError } from '../domain/errors';
import type { ModelSource } from '../domain/source';
import type { LayerEngine, OpenRequest } from '../workers/layer-engine';
import { connect, type Connection, type Endpoint, type Remote } from '../workers/rpc';
import type { DiskSource } from './disk-files';

/** A layer engine as a thread serves it: it opens files by itself. */
export interface ThreadEngine extends Omit<LayerEngine, 'open'> {
  open(request: Omit<OpenRequest, 'source'> & { disk: DiskSource }): Promise<void>;
}

/** An engine in a thread of its own; `diskOf` tells where a source came from. */
export function startThread(
  script: URL,
  diskOf: (source: ModelSource) => DiskSource,
): { engine: LayerEngine; end: () => Promise<unknown> } {
  const thread = new Worker(script);
  const connection: Connection<ThreadEngine> = connect<ThreadEngine>(endpointOf(thread));
  thread.on('error', (cause) => {
    connection.fail(new AppError('worker-crashed', 'A thread of the analysis failed.', {}, cause));
  });
  return { engine: engineOver(connection.remote, diskOf), end: () => thread.terminate() };
}

function engineOver(remote: Remote<ThreadEngine>, diskOf: (source: ModelSource) => DiskSource): LayerEngine {
  return {
    prepare: (request) => remote.prepare(request),
    open: ({ handle, source, outline }) => remote.open({ handle, disk: diskOf(source), outline }),
    measure: (request) => remote.measure(request),
    lateFigures: (request) => remote.lateFigures(request),
    coefficientRange: (request) => remote.coefficientRange(request),
    coefficientHistogram: (request) => remote.coefficientHistogram(request),
    cacheFilters: (request) => remote.cacheFilters(request),
    dropCache: (request) => remote.dropCache(request),
    close: (request) => remote.close(request),
  };
}

function endpointOf(thread: Worker): Endpoint {
  return {
    postMessage: (message, transfer) => thread.postMessage(message, transfer as ArrayBuffer[]),
    addEventListener: (_, listener) => thread.on('message', (data) => listener({ data } as MessageEvent)),
  };
}
