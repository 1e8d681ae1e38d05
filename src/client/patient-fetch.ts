/** Pauses before the second and the third try: a busy server often answers the next one. */
const PAUSES_MS = [300, 1500];

/**
 * Fetches `url`, up to three times where the server is busy (429 or 5xx) or out of reach. Resolves to the last response,
 * rejects with the last failure, or as `fetch` does when `signal` aborts.
 */
export async function patientFetch(url: string, signal?: AbortSignal): Promise<Response> {
  for (const pause of PAUSES_MS) {
    try {
      const response = await fetch(url, { signal });
      if (response.status !== 429 && response.status < 500) return response;
    } catch (error) {
      if (signal?.aborted) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  return fetch(url, { signal });
}
