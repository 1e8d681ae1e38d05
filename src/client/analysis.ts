import { AppError } from '../domain/errors';
import type { BackendReport, BackendPreference, ModelResult } from '../domain/results';
import type { AnalyseRequest, AnalysisApi, AnalysisEvent } from '../workers/analysis-api.types';
import analysisScript from '../workers/analysis.worker.ts?worker&url';
import helperScript from '../workers/helper.worker.ts?worker&url';
import {
  abortError,
  connect,
  type CallOptions,
  type Connection,
  type Endpoint,
  type Remote,
} from '../workers/rpc';
import type { HelperStartMessage, StartMessage } from '../workers/start-message';
import { workerScript, type WorkerScript } from './bound-worker';
import type { AnalysisClient } from './types';

/** A cancelled job that has not let go after this long loses its worker. */
const CANCEL_PATIENCE_MS = 700;
const MOST_HELPERS = 3;
const analysisWorker = workerScript(analysisScript);
const helperWorker = workerScript(helperScript);

interface WorkerPool {
  connection: Connection<AnalysisApi>;
  dismiss(): void;
}

/** Starts the analysis worker and its helpers, joined by message channels; calls wait in theirs until it listens. */
function startPool(onCrash: (error: AppError) => void): WorkerPool {
  const workers: Worker[] = [];
  let dismissed = false;

  async function start(script: WorkerScript): Promise<Worker> {
    const worker = await script.start();
    workers.push(worker);
    if (dismissed) worker.terminate();
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      onCrash(crashOf(event));
    });
    return worker;
  }

  async function startAll(port: MessagePort): Promise<void> {
    const analysis = await start(analysisWorker);
    // Helpers may be wanted when the network is gone, as after the loss of a GPU; a failure shows when they are.
    helperWorker.load().catch(() => undefined);
    const wanted = new Promise((resolve) => analysis.addEventListener('message', resolve, { once: true }));
    const helperPorts = helpers.map(({ port2 }) => port2);
    analysis.postMessage({ port, helperPorts } satisfies StartMessage, [port, ...helperPorts]);
    await wanted;
    await Promise.all(
      helpers.map(async ({ port1 }) => {
        const helper = await start(helperWorker);
        helper.postMessage({ port: port1 } satisfies HelperStartMessage, [port1]);
      }),
    );
  }

  const helperCount = Math.min((navigator.hardwareConcurrency || 1) - 1, MOST_HELPERS);
  const helpers = Array.from({ length: helperCount }, () => new MessageChannel());
  const { port1, port2 } = new MessageChannel();
  startAll(port2).catch((error: unknown) => onCrash(error instanceof AppError ? error : crashOf({}, error)));
  return {
    connection: connect<AnalysisApi>(port1 as Endpoint),
    dismiss: () => {
      dismissed = true;
      workers.forEach((worker) => worker.terminate());
    },
  };
}

/** What an error event of a worker, or a refusal to start one, means. */
function crashOf({ message }: Partial<ErrorEvent>, cause: unknown = message): AppError {
  const sentence =
    message === undefined
      ? 'This browser starts no worker for the analysis; check its settings, or use another browser.'
      : 'The analysis stopped unexpectedly; try the file again, or a smaller one.';
  return new AppError('worker-crashed', sentence, {}, cause);
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
