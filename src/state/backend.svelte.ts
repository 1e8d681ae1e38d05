import type { Analyser } from '../client/types';
import type { BackendPreference, BackendReport } from '../domain/results';
import { Resource } from './resource.svelte';

/** Which backend computes, as the worker reports it. */
export class BackendState {
  readonly #report = new Resource<BackendReport>();
  readonly #analyser: Pick<Analyser, 'prepare'>;
  #asked: BackendPreference['backend'] = 'automatic';

  constructor(analyser: Pick<Analyser, 'prepare'>) {
    this.#analyser = analyser;
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
    this.#asked = backend;
    return this.#report.load(() => this.#analyser.prepare({ backend }));
  }

  /** Asks again where the last answer was an error: what failed then may be in reach now. */
  async retry(): Promise<void> {
    if (this.error) await this.use(this.#asked);
  }
}
