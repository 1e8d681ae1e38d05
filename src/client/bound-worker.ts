import { AppError, type ErrorDetails } from '../domain/errors';
import { patientFetch } from './patient-fetch';

/** A script that workers are started from, fetched at the first need and kept, so that later starts need no network. */
export interface WorkerScript {
  /** Fetches the script ahead of a start. Rejects with an AppError where that fails; the next call tries again. */
  load(): Promise<unknown>;
  /** Starts a worker. Rejects as `load` does, and where the browser starts no workers. */
  start(): Promise<Worker>;
}

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
  let blobUrl: Promise<string> | null = null;
  function load(): Promise<string> {
    if (blobUrl) return blobUrl;
    blobUrl = fetchCode(href).then(trustedBlobUrl);
    blobUrl.catch(() => (blobUrl = null));
    return blobUrl;
  }
  return { load, start: async () => new Worker(await load()) };
}

/** The one way to a worker that the page's policy leaves: not exported, so that nothing else takes it. */
const policy = globalThis.trustedTypes?.createPolicy('filterscope-worker', { createScriptURL: (url) => url });

function trustedBlobUrl(code: Blob): string {
  const url = URL.createObjectURL(code);
  return policy?.createScriptURL(url) ?? url;
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
