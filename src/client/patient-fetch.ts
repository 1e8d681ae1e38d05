/** Pauses before the second and the third try: a busy server often answers the next one. */
const PAUSES_MS = [300, 1500];

export interface Fetched {
  response: Response;
  body: ArrayBuffer;
}

/**
 * Fetches `url` whole, up to three times where the server is busy (429 or 5xx), out of reach or breaks off. Resolves to the
 * last response, rejects with the last failure, or as `fetch` does when `signal` aborts.
 */
export async function patientFetch(url: string, signal?: AbortSignal): Promise<Fetched> {
  for (const pause of PAUSES_MS) {
    try {
      const fetched = await fetchWhole(url, signal);
      const { status } = fetched.response;
      if (status !== 429 && status < 500) return fetched;
    } catch (error) {
      if (signal?.aborted) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  return fetchWhole(url, signal);
}

async function fetchWhole(url: string, signal?: AbortSignal): Promise<Fetched> {
  const response = await fetch(url, { signal });
  return { response, body: await response.arrayBuffer() };
}
