import type { AnalysisClient, BackendPreference } from '../client/types';
import type { BackendReport } from '../domain/results';
import { Resource } from './resource.svelte';

/** Which backend computes, as the worker reports it. */
export class BackendState {
  readonly #report = new Resource<BackendReport>();
  readonly #client: Pick<AnalysisClient, 'prepare'>;

  constructor(client: Pick<AnalysisClient, 'prepare'>) {
    this.#client = client;
  }

  get report(): BackendReport | null {
    return this.#report.value;
  }

  get error() {
    return this.#report.error;
  }

  get pending(): boolean {
    return this.#report.pending;
  }

  use(backend: BackendPreference['backend']): Promise<void> {
    return this.#report.load(() => this.#client.prepare({ backend }));
  }
}
