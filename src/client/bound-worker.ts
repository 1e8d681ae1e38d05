import { AppError, type ErrorDetails } from '../domain/errors';
import { patientFetch } from './patient-fetch';

/** A script that workers are started from, fetched at the first need and kept, so that later starts need no network. */
export interface WorkerScript {
  /** Fetches the script ahead of a start. Rejects with an AppError where that fails; the next call tries again. */
  load(): Promise<unknown>;
  /**
   * Starts a worker and waits until it runs; one that does not is started once more. Rejects as `load` does, and where
   * the browser starts no workers.
   */
  start(): Promise<Worker>;
}

/** A worker whose script lies in memory runs within a moment; one that says nothing for this long never will. */
const START_MS = 20_000;
const STARTS = 2;

/**
 * The self-contained worker script at `address`. Workers start from a blob of its bytes, so that the page's
 * Content-Security-Policy binds them: one started from its own address follows the headers of that response alone,
 * which a static host does not set.
 */
export function workerScript(address: string): WorkerScript {
  // The development server hands out modules that import one another, and no policy.
  if (import.meta.env.DEV) {
    return { load: async () => undefined, start: async () => new Worker(address, { type: 'module' }) };
  }

  const { href } = new URL(address, import.meta.url);
  let code: Promise<Blob> | null = null;
  function load(): Promise<Blob> {
    if (code) return code;
    code = fetchCode(href);
    code.catch(() => (code = null));
    return code;
  }

  async function start(): Promise<Worker> {
    const blob = await load();
    let cause: unknown;
    for (let attempt = 0; attempt < STARTS; attempt++) {
      const url = URL.createObjectURL(blob);
      const worker = new Worker(policy?.createScriptURL(url) ?? url);
      try {
        await running(worker);
        return worker;
      } catch (error) {
        cause = error;
        worker.terminate();
      } finally {
        URL.revokeObjectURL(url);
      }
    }
    throw new AppError(
      'worker-crashed',
      'The analysis could not be started; close other programs and try the file again, or reload the page.',
      { url: href },
      cause,
    );
  }
  return { load, start };
}

/** The one way to a worker that the page's policy leaves: not exported, so that nothing else takes it. */
const policy = globalThis.trustedTypes?.createPolicy('filterscope-worker', { createScriptURL: (url) => url });

/** Resolves with the first word of `worker`; rejects where it fails before, or never says one. */
async function running(worker: Worker): Promise<void> {
  const listening = new AbortController();
  const { signal } = listening;
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      timer = setTimeout(() => reject(new Error('It says nothing.')), START_MS);
      worker.addEventListener('message', () => resolve(), { signal });
      worker.addEventListener(
        'error',
        (event) => {
          event.preventDefault();
          reject(new Error(event.message));
        },
        { signal },
      );
    });
  } finally {
    clearTimeout(timer);
    listening.abort();
  }
}

async function fetchCode(url: string): Promise<Blob> {
  let facts: ErrorDetails = { url };
  let cause: unknown;
  try {
    const { response, body } = await patientFetch(url);
    const type = response.headers.get('Content-Type') ?? '';
    // Some hosts answer every address that they do not know with a page.
    if (response.ok && type.includes('javascript')) return new Blob([body], { type });
    facts = { url, status: response.status, type };
  } catch (error) {
    cause = error;
  }
  throw new AppError(
    'worker-crashed',
    'The analysis could not be loaded; check that the page’s server can be reached, and try again.',
    facts,
    cause,
  );
}
