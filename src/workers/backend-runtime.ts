import type { ComputeBackend } from '../compute/backend';
import { chooseBackend } from '../compute/choose';
import { AppError } from '../domain/errors';
import type { BackendReport, BackendWish } from '../domain/results';
import type { Lane } from './lane';
import { Workbench } from './workbench';

export interface Ready {
  bench: Workbench;
  report: BackendReport;
}

/** The backend in use: chosen at the first need, changed on request, given up for the CPU when a GPU fails twice. */
export class BackendRuntime {
  #wish: BackendWish = { backend: 'automatic' };
  #ready: Promise<Ready> | null = null;

  readonly #helpers: readonly Lane[];

  constructor(helpers: readonly Lane[]) {
    this.#helpers = helpers;
  }

  ready(): Promise<Ready> {
    this.#ready ??= chooseBackend(this.#wish).then(({ backend, report }) => {
      this.#warmHelpers(report);
      return { bench: new Workbench(backend), report };
    });
    return this.#ready;
  }

  async prepare(wish: BackendWish): Promise<BackendReport> {
    const changed = wish.backend !== this.#wish.backend;
    this.#wish = wish;
    if (this.#ready && changed) {
      const { backend, report } = await chooseBackend(wish);
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
      if (!lost || ready.bench.backend.name === 'cpu') throw error;
      const { backend, report } = await chooseBackend({ backend: 'cpu' });
      const refused = [{ name: 'webgpu' as const, reason: error.message }, ...report.refused];
      await this.#replace(backend, { ...report, choice: 'automatic', refused });
      return work(await this.ready());
    }
  }

  async #replace(backend: ComputeBackend, report: BackendReport): Promise<void> {
    const { bench } = await this.ready();
    bench.backend.dispose();
    bench.backend = backend;
    this.#warmHelpers(report);
    this.#ready = Promise.resolve({ bench, report });
  }

  #warmHelpers(report: BackendReport): void {
    if (report.name === 'cpu') for (const helper of this.#helpers) void helper.prepare(null);
  }
}
