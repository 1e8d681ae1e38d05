import { AppError } from '../domain/errors';
import type { BackendReport, BackendPreference, ModelResult } from '../domain/results';
import type { AnalyseRequest, AnalysisApi, AnalysisEvent } from '../workers/analysis-api.types';
import analysisScript from '../workers/analysis.worker.ts?worker&url';
import helperScript from '../workers/helper.worker.ts?worker&url';
import { abortError, connect, type CallOptions, type Connection, type Remote } from '../workers/rpc';
import type { HelperStartMessage, StartMessage } from '../workers/start-message';
import { boundWorkerUrl } from './bound-worker';
import type { AnalysisClient } from './types';

/** A cancelled job that has not let go after this long loses its worker. */
const CANCEL_PATIENCE_MS = 700;
const MOST_HELPERS = 3;
const ANALYSIS_URL = boundWorkerUrl(analysisScript);
const HELPER_URL = boundWorkerUrl(helperScript);

interface WorkerPool {
  connection: Connection<AnalysisApi>;
  dismiss(): void;
}

/** Starts the analysis worker and its helpers, joined by message channels. */
function startPool(onCrash: (error: AppError) => void): WorkerPool {
  const analysis = new Worker(ANALYSIS_URL, { type: 'module' });
  const workers = [analysis];
  const helperPorts: MessagePort[] = [];
  const helperCount = Math.min((navigator.hardwareConcurrency || 1) - 1, MOST_HELPERS);
  for (let i = 0; i < helperCount; i++) {
    const helper = new Worker(HELPER_URL, { type: 'module' });
    const { port1, port2 } = new MessageChannel();
    helper.postMessage({ port: port1 } satisfies HelperStartMessage, [port1]);
    helperPorts.push(port2);
    workers.push(helper);
  }
  for (const worker of workers) {
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      onCrash(crashOf(event));
    });
  }
  analysis.postMessage({ helperPorts } satisfies StartMessage, helperPorts);
  return {
    connection: connect<AnalysisApi>(analysis),
    dismiss: () => workers.forEach((worker) => worker.terminate()),
  };
}

/** What an error event of a worker means: without a message its script was not found. */
function crashOf({ message }: Partial<ErrorEvent>): AppError {
  const sentence =
    message === undefined
      ? 'The analysis could not be loaded; check that the page’s server can be reached, and reload the page.'
      : 'The analysis stopped unexpectedly; try the file again, or a smaller one.';
  return new AppError('worker-crashed', sentence, {}, message);
}

interface KnownModel {
  request: AnalyseRequest;
  result: ModelResult;
  /** The pool that holds it open. */
  pool: WorkerPool;
}

/** The analysis API over workers that are replaced when they crash or will not let go; open models come along. */
class WorkerClient implements AnalysisClient {
  /** Null after a crash until one is needed: workers that cannot even start would crash again and again. */
  #pool: WorkerPool | null = null;
  #preference: BackendPreference | null = null;
  readonly #known = new Map<string, KnownModel>();

  constructor() {
    this.#pool = this.#start();
  }

  prepare(preference: BackendPreference): Promise<BackendReport> {
    this.#preference = preference;
    return this.#remote.prepare(preference);
  }

  async analyse(request: AnalyseRequest, options: CallOptions<AnalysisEvent> = {}): Promise<ModelResult> {
    const pool = this.#present();
    const start = performance.now();
    const impatient = this.#replaceWhenStuck(pool, options.signal);
    try {
      const result = await pool.connection.remote.analyse(request, options);
      this.#known.set(request.modelId, { request, result, pool });
      for (const [stage, duration] of Object.entries(result.timings)) {
        performance.measure(`filterscope:${stage}`, { start, duration });
      }
      return result;
    } finally {
      impatient.settled();
    }
  }

  layerFilters: AnalysisClient['layerFilters'] = (request, options) =>
    this.#withModel(request.modelId, (remote) => remote.layerFilters(request, options));
  layerDetail: AnalysisClient['layerDetail'] = (request, options) =>
    this.#withModel(request.modelId, (remote) => remote.layerDetail(request, options));
  layerCoefficients: AnalysisClient['layerCoefficients'] = (request, options) =>
    this.#withModel(request.modelId, (remote) => remote.layerCoefficients(request, options));
  density: AnalysisClient['density'] = (request, options) =>
    this.#withModel(request.modelId, (remote) => remote.density(request, options));
  requalify: AnalysisClient['requalify'] = (request, options) =>
    this.#withModel(request.modelId, (remote) => remote.requalify(request, options));
  driftNull: AnalysisClient['driftNull'] = (request, options) =>
    this.#withModel(request.modelId, (remote) => remote.driftNull(request, options));
  sha256: AnalysisClient['sha256'] = (request, options) =>
    this.#withModel(request.modelId, (remote) => remote.sha256(request, options));

  async close(request: { modelId: string }): Promise<void> {
    this.#known.delete(request.modelId);
    await this.#remote.close(request);
  }

  #present(): WorkerPool {
    if (!this.#pool) {
      this.#pool = this.#start();
      // A failure shows again in the first call that needs the backend.
      if (this.#preference) this.#pool.connection.remote.prepare(this.#preference).catch(() => undefined);
    }
    return this.#pool;
  }

  get #remote(): Remote<AnalysisApi> {
    return this.#present().connection.remote;
  }

  #start(): WorkerPool {
    const pool = startPool((error) => {
      if (this.#pool === pool) this.#dismiss(pool, error);
    });
    return pool;
  }

  #dismiss(pool: WorkerPool, reason: Error): void {
    pool.dismiss();
    this.#pool = null;
    pool.connection.fail(reason);
  }

  async #withModel<Value>(
    modelId: string,
    work: (remote: Remote<AnalysisApi>) => Promise<Value>,
  ): Promise<Value> {
    const pool = this.#present();
    const known = this.#known.get(modelId);
    if (known && known.pool !== pool) {
      const { file, fileName, companions } = known.request;
      await pool.connection.remote.restore({ modelId, file, fileName, companions, result: known.result });
      known.pool = pool;
    }
    return work(pool.connection.remote);
  }

  #replaceWhenStuck(pool: WorkerPool, signal?: AbortSignal): { settled: () => void } {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const onAbort = () => {
      timer = setTimeout(() => {
        if (this.#pool !== pool) return;
        this.#dismiss(pool, abortError());
        this.#present();
      }, CANCEL_PATIENCE_MS);
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    return {
      settled: () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
      },
    };
  }
}

export function connectAnalysis(): AnalysisClient {
  return new WorkerClient();
}
