import { AppError } from '../domain/errors';
import type { AnalysisApi } from '../workers/analysis-api.types';
import analysisScript from '../workers/analysis.worker.ts?worker&url';
import helperScript from '../workers/helper.worker.ts?worker&url';
import { connect, type Endpoint, type Remote } from '../workers/rpc';
import type { HelperStartMessage, StartMessage } from '../workers/start-message';
import { boundWorkerUrl } from './bound-worker';

const MOST_HELPERS = 3;
const ANALYSIS_URL = boundWorkerUrl(analysisScript);
const HELPER_URL = boundWorkerUrl(helperScript);

/** The analysis worker and its helpers, joined by message channels. */
export interface WorkerPool {
  readonly remote: Remote<AnalysisApi>;
  /** Why it was ended; null while it lives. */
  readonly ended: Error | null;
  /** Ends all workers; what is under way fails with `reason`. */
  end(reason: Error): void;
}

/** @param onEnd called once when the pool ends by itself, because a worker failed */
export function startPool(onEnd: () => void): WorkerPool {
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
  let ended: Error | null = null;
  const end = (reason: Error) => {
    if (ended) return;
    ended = reason;
    for (const worker of workers) worker.terminate();
    connection.fail(reason);
  };
  const fail = (error: AppError) => {
    if (ended) return;
    end(error);
    onEnd();
  };
  const connection = connect<AnalysisApi>(analysis as Endpoint, { onSilence: () => fail(silent()) });
  for (const worker of workers) {
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      fail(crashOf(event));
    });
  }
  analysis.postMessage({ helperPorts } satisfies StartMessage, helperPorts);
  return {
    remote: connection.remote,
    get ended() {
      return ended;
    },
    end,
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

function silent(): AppError {
  return new AppError(
    'worker-crashed',
    'The analysis stopped answering, as it does when the device runs out of memory; close other programs and try the file again, or a smaller one.',
  );
}
