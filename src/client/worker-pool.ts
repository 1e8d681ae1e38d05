import { AppError } from '../domain/errors';
import type { AnalysisApi } from '../workers/analysis-api.types';
import analysisScript from '../workers/analysis.worker.ts?worker&url';
import helperScript from '../workers/helper.worker.ts?worker&url';
import { connect, serve, type Connection, type Endpoint, type Remote } from '../workers/rpc';
import type { HelperStartMessage, StartMessage, WorkerNotice } from '../workers/start-message';
import { workerScript, type WorkerScript } from './bound-worker';

const MOST_HELPERS = 3;
const analysisWorker = workerScript(analysisScript);
const helperWorker = workerScript(helperScript);

/** The analysis worker and its helpers, joined by message channels; calls wait in theirs until it listens. */
export class WorkerPool {
  readonly #onFailure: () => void;
  readonly #connection: Connection<AnalysisApi>;
  readonly #workers: Worker[] = [];
  readonly #helpers: MessageChannel[];
  #isListening = false;
  #ended: Error | null = null;

  /** @param onFailure called once when the pool ends by itself, because a worker failed */
  constructor(onFailure: () => void) {
    this.#onFailure = onFailure;
    const helperCount = Math.min((navigator.hardwareConcurrency || 1) - 1, MOST_HELPERS);
    this.#helpers = Array.from({ length: helperCount }, () => new MessageChannel());
    const { port1, port2 } = new MessageChannel();
    this.#connection = connect<AnalysisApi>(port1 as Endpoint, {
      // Over a slow network the script itself may take longer than any work.
      onSilence: () => this.#isListening && this.#fail(silent()),
    });
    this.#start(port2).catch((error: unknown) =>
      this.#fail(error instanceof AppError ? error : crashOf({}, error)),
    );
  }

  get remote(): Remote<AnalysisApi> {
    return this.#connection.remote;
  }

  /** Why it was ended; null while it lives. */
  get ended(): Error | null {
    return this.#ended;
  }

  /** Ends all workers; what is under way fails with `reason`. */
  end(reason: Error): void {
    if (this.#ended) return;
    this.#ended = reason;
    for (const worker of this.#workers) worker.terminate();
    this.#connection.fail(reason);
  }

  #fail(error: AppError): void {
    if (this.#ended) return;
    this.end(error);
    this.#onFailure();
  }

  async #start(port: MessagePort): Promise<void> {
    const analysis = await this.#startWorker(analysisWorker);
    // Helpers may be wanted when the network is gone, as after the loss of a GPU; a failure shows when they are.
    helperWorker.load().catch(() => undefined);
    const wanted = new Promise<void>((resolve) =>
      analysis.addEventListener('message', ({ data }: MessageEvent<WorkerNotice>) => {
        if (data === 'helpers') resolve();
      }),
    );
    const helperPorts = this.#helpers.map(({ port2 }) => port2);
    analysis.postMessage({ port, helperPorts } satisfies StartMessage, [port, ...helperPorts]);
    this.#isListening = true;
    await wanted;
    await Promise.all(this.#helpers.map(({ port1 }) => this.#startHelper(port1)));
  }

  async #startHelper(port: MessagePort): Promise<void> {
    try {
      const helper = await this.#startWorker(helperWorker);
      helper.postMessage({ port } satisfies HelperStartMessage, [port]);
    } catch (error) {
      console.warn('A helper could not be started.', error);
      // It refuses what it is asked for, and the analysis goes on without it.
      serve(port as Endpoint, {});
    }
  }

  async #startWorker(script: WorkerScript): Promise<Worker> {
    const worker = await script.start();
    this.#workers.push(worker);
    if (this.#ended) worker.terminate();
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      this.#fail(crashOf(event));
    });
    return worker;
  }
}

/** What an error event of a worker, or a refusal to start one, means. */
function crashOf({ message }: Partial<ErrorEvent>, cause: unknown = message): AppError {
  const sentence =
    message === undefined
      ? 'This browser starts no worker for the analysis; check its settings, or use another browser.'
      : 'The analysis stopped unexpectedly; try the file again, or a smaller one.';
  return new AppError('worker-crashed', sentence, {}, cause);
}

function silent(): AppError {
  return new AppError(
    'worker-crashed',
    'The analysis stopped answering, as it does when the device runs out of memory; close other programs and try the file again, or a smaller one.',
  );
}
