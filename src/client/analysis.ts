import { AppError } from '../domain/errors';
import type { ModelResult } from '../domain/results';
import type {
  AnalyseRequest,
  AnalysisApi,
  AnalysisEvent,
  BackendChoice,
} from '../workers/analysis-api.types';
import {
  abortError,
  connect,
  type CallOptions,
  type Connection,
  type Endpoint,
  type Remote,
} from '../workers/rpc';
import type { HelperStartMessage, StartMessage } from '../workers/start-message';

/** A cancelled job that has not let go after this long loses its worker. */
const CANCEL_PATIENCE_MS = 700;
const MOST_HELPERS = 3;

interface Crew {
  connection: Connection<AnalysisApi>;
  dismiss(): void;
}

/** Starts the analysis worker and its helpers, joined by message channels. */
function startCrew(onCrash: (error: AppError) => void): Crew {
  const analysis = new Worker(new URL('../workers/analysis.worker.ts', import.meta.url), { type: 'module' });
  const workers = [analysis];
  const helperPorts: MessagePort[] = [];
  const helperCount = Math.min((navigator.hardwareConcurrency || 1) - 1, MOST_HELPERS);
  for (let i = 0; i < helperCount; i++) {
    const helper = new Worker(new URL('../workers/helper.worker.ts', import.meta.url), { type: 'module' });
    const { port1, port2 } = new MessageChannel();
    helper.postMessage({ port: port1 } satisfies HelperStartMessage, [port1]);
    helperPorts.push(port2);
    workers.push(helper);
  }
  for (const worker of workers) {
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      onCrash(
        new AppError(
          'worker-crashed',
          'The analysis stopped unexpectedly; try the file again, or a smaller one.',
          {},
          event.message,
        ),
      );
    });
  }
  analysis.postMessage({ helperPorts } satisfies StartMessage, helperPorts);
  return {
    connection: connect<AnalysisApi>(analysis as Endpoint),
    dismiss: () => workers.forEach((worker) => worker.terminate()),
  };
}

interface KnownModel {
  request: AnalyseRequest;
  result: ModelResult;
  /** The crew that holds it open. */
  crew: Crew;
}

/** The analysis API with workers that are replaced when they crash or will not let go; open models come along. */
export class AnalysisClient {
  #crew: Crew;
  #choice: BackendChoice | null = null;
  readonly #known = new Map<string, KnownModel>();

  constructor() {
    this.#crew = this.#start();
  }

  prepare(choice: BackendChoice) {
    this.#choice = choice;
    return this.#remote.prepare(choice);
  }

  async analyse(request: AnalyseRequest, options: CallOptions<AnalysisEvent> = {}): Promise<ModelResult> {
    const crew = this.#crew;
    const start = performance.now();
    const impatient = this.#replaceWhenStuck(crew, options.signal);
    try {
      const result = await crew.connection.remote.analyse(request, options);
      this.#known.set(request.modelId, { request, result, crew });
      for (const [stage, duration] of Object.entries(result.timings)) {
        performance.measure(`filterscope:${stage}`, { start, duration });
      }
      return result;
    } finally {
      impatient.settled();
    }
  }

  layerFilters: Remote<AnalysisApi>['layerFilters'] = (request, options) =>
    this.#withModel(request.modelId, (remote) => remote.layerFilters(request, options));
  layerDetail: Remote<AnalysisApi>['layerDetail'] = (request, options) =>
    this.#withModel(request.modelId, (remote) => remote.layerDetail(request, options));
  layerCoefficients: Remote<AnalysisApi>['layerCoefficients'] = (request, options) =>
    this.#withModel(request.modelId, (remote) => remote.layerCoefficients(request, options));
  density: Remote<AnalysisApi>['density'] = (request, options) =>
    this.#withModel(request.modelId, (remote) => remote.density(request, options));
  requalify: Remote<AnalysisApi>['requalify'] = (request, options) =>
    this.#withModel(request.modelId, (remote) => remote.requalify(request, options));
  driftNull: Remote<AnalysisApi>['driftNull'] = (request, options) =>
    this.#withModel(request.modelId, (remote) => remote.driftNull(request, options));
  sha256: Remote<AnalysisApi>['sha256'] = (request, options) =>
    this.#withModel(request.modelId, (remote) => remote.sha256(request, options));

  async close(request: { modelId: string }): Promise<void> {
    this.#known.delete(request.modelId);
    await this.#remote.close(request);
  }

  dispose(): void {
    this.#crew.dismiss();
  }

  get #remote(): Remote<AnalysisApi> {
    return this.#crew.connection.remote;
  }

  #start(): Crew {
    const crew = startCrew((error) => {
      if (this.#crew === crew) this.#replace(error);
    });
    return crew;
  }

  #replace(reason: Error): void {
    const old = this.#crew;
    old.dismiss();
    this.#crew = this.#start();
    if (this.#choice) void this.#remote.prepare(this.#choice);
    old.connection.fail(reason);
  }

  async #withModel<Value>(
    modelId: string,
    work: (remote: Remote<AnalysisApi>) => Promise<Value>,
  ): Promise<Value> {
    const crew = this.#crew;
    const known = this.#known.get(modelId);
    if (known && known.crew !== crew) {
      const { file, fileName, companions } = known.request;
      await crew.connection.remote.restore({ modelId, file, fileName, companions, result: known.result });
      known.crew = crew;
    }
    return work(crew.connection.remote);
  }

  #replaceWhenStuck(crew: Crew, signal?: AbortSignal): { settled: () => void } {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const onAbort = () => {
      timer = setTimeout(() => {
        if (this.#crew === crew) this.#replace(abortError());
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
  return new AnalysisClient();
}
