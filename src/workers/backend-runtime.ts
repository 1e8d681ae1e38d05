import type { ComputeBackend } from '../compute/backend';
import { chooseBackend } from '../compute/choose';
import { AppError } from '../domain/errors';
import type { BackendReport, BackendPreference } from '../domain/results';
import type { LayerEngine } from './layer-engine';
import { BackendEngine } from './backend-engine';

export interface Ready {
  engine: BackendEngine;
  report: BackendReport;
}

/** The backend in use: chosen at the first need, changed on request, given up for the CPU when a GPU fails twice. */
export class BackendRuntime {
  #preference: BackendPreference = { backend: 'automatic' };
  #ready: Promise<Ready> | null = null;

  readonly #helpers: readonly LayerEngine[];

  constructor(helpers: readonly LayerEngine[]) {
    this.#helpers = helpers;
  }

  ready(): Promise<Ready> {
    this.#ready ??= chooseBackend(this.#preference).then(({ backend, report }) => {
      this.#warmHelpers(report);
      return { engine: new BackendEngine(backend), report };
    });
    return this.#ready;
  }

  async prepare(preference: BackendPreference): Promise<BackendReport> {
    const changed = preference.backend !== this.#preference.backend;
    this.#preference = preference;
    if (this.#ready && changed) {
      const { backend, report } = await chooseBackend(preference);
      await this.#replace(backend, report);
    }
    return (await this.ready()).report;
  }

  /** Runs `work`; where the GPU is lost for good, runs it again on the CPU, with the reason in the report. */
  async run<Value>(work: (ready: Ready) => Promise<Value>): Promise<Value> {
    const ready = await this.ready();
    try {
      return await work(ready);
    } catch (error) {
      const lost =
        error instanceof AppError && (error.code === 'device-lost' || error.code === 'backend-failed');
      if (!lost || ready.engine.backend.name === 'cpu') throw error;
      const { backend, report } = await chooseBackend({ backend: 'cpu' });
      const refused = [{ name: 'webgpu' as const, reason: error.message }, ...report.refused];
      await this.#replace(backend, { ...report, choice: 'automatic', refused });
      return work(await this.ready());
    }
  }

  async #replace(backend: ComputeBackend, report: BackendReport): Promise<void> {
    const { engine } = await this.ready();
    engine.backend.dispose();
    engine.backend = backend;
    this.#warmHelpers(report);
    this.#ready = Promise.resolve({ engine, report });
  }

  #warmHelpers(report: BackendReport): void {
    if (report.name === 'cpu') for (const helper of this.#helpers) void helper.prepare(null);
  }
}
