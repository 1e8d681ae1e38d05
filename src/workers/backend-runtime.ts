import type { ComputeBackend } from '../compute/backend';
import { chooseBackend } from '../compute/choose';
import { AppError } from '../domain/errors';
import type { BackendPreference, BackendReport } from '../domain/results';
import { BackendEngine, type OpenModels } from './backend-engine';
import type { LayerEngine } from './layer-engine';

/** An engine over the backend in use, and why it is that one. */
export interface Ready {
  engine: BackendEngine;
  report: BackendReport;
}

/** A backend that is freed once nothing works on it and another has taken its place. */
class Lease {
  readonly ready: Ready;
  #users = 0;
  #retired = false;

  constructor(ready: Ready) {
    this.ready = ready;
  }

  async use<Value>(work: (ready: Ready) => Promise<Value>): Promise<Value> {
    this.#users++;
    try {
      return await work(this.ready);
    } finally {
      this.#users--;
      this.#freeWhenIdle();
    }
  }

  retire(): void {
    this.#retired = true;
    this.#freeWhenIdle();
  }

  #freeWhenIdle(): void {
    if (this.#retired && this.#users === 0) this.ready.engine.backend.dispose();
  }
}

/**
 * The backend in use: chosen at the first need, changed on request, given up for the CPU when a GPU fails twice. Work keeps
 * the backend it began on, so that no result mixes two; a change serves what begins after it.
 */
export class BackendRuntime {
  readonly #helpers: readonly LayerEngine[];
  readonly #models: OpenModels = new Map();
  readonly #choose: typeof chooseBackend;
  #preference: BackendPreference = { backend: 'automatic' };
  #current: Promise<Lease> | null = null;

  constructor(helpers: readonly LayerEngine[], choose = chooseBackend) {
    this.#helpers = helpers;
    this.#choose = choose;
  }

  async prepare(preference: BackendPreference): Promise<BackendReport> {
    const isChange = preference.backend !== this.#preference.backend;
    this.#preference = preference;
    if (isChange) this.#replace();
    return (await this.#lease()).ready.report;
  }

  /** Runs `work`; where the GPU is lost for good, runs it again on the CPU, with the reason in the report. */
  async run<Value>(work: (ready: Ready) => Promise<Value>): Promise<Value> {
    const current = this.#lease();
    const lease = await current;
    try {
      return await lease.use(work);
    } catch (error) {
      if (lease.ready.report.name === 'cpu' || !isBackendFault(error)) throw error;
      // Another job may have done so already.
      if (this.#current === current) this.#fallBack(error.message);
      return (await this.#lease()).use(work);
    }
  }

  #lease(): Promise<Lease> {
    return (this.#current ??= this.#open(this.#choose(this.#preference)));
  }

  #open(chosen: ReturnType<typeof chooseBackend>): Promise<Lease> {
    const lease = chosen.then(({ backend, report }) => this.#leaseOf(backend, report));
    // A failure, such as a script that did not arrive, is not kept: the next need tries again.
    lease.catch(() => {
      if (this.#current === lease) this.#current = null;
    });
    return lease;
  }

  #leaseOf(backend: ComputeBackend, report: BackendReport): Lease {
    if (report.name === 'cpu') {
      for (const helper of this.#helpers) void helper.prepare(null).catch(() => undefined);
    }
    return new Lease({ engine: new BackendEngine(backend, this.#models), report });
  }

  #replace(): void {
    const before = this.#current;
    this.#current = null;
    void before?.then((lease) => lease.retire()).catch(() => undefined);
  }

  #fallBack(reason: string): void {
    this.#replace();
    const chosen = this.#choose({ backend: 'cpu' }).then(({ backend, report }) => {
      const refused = [{ name: 'webgpu' as const, reason }, ...report.refused];
      return { backend, report: { ...report, choice: 'automatic' as const, refused } };
    });
    this.#current = this.#open(chosen);
  }
}

function isBackendFault(error: unknown): error is AppError {
  return error instanceof AppError && (error.code === 'device-lost' || error.code === 'backend-failed');
}
