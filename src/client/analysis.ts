import type {
  AnalysableModel,
  AnalyseOptions,
  DataOptions,
  Density,
  FilterRange,
  LayerFilters,
} from '../domain/model-data';
import type { ModelContent, ModelRecord } from '../domain/record';
import type {
  BackendPreference,
  BackendReport,
  DriftNull,
  LayerDetail,
  LayerResult,
} from '../domain/results';
import type { ModelSource } from '../domain/source';
import type { AnalysisApi } from '../workers/analysis-api.types';
import { abortError, type Remote } from '../workers/rpc';
import type { Analyser } from './types';
import { WorkerPool } from './worker-pool';

/** A cancelled job that has not let go after this long loses its workers. */
const CANCEL_GRACE_MS = 700;

/** Analyses in workers that are replaced when they crash or do not let go; models come along when next asked. */
class WorkerAnalyser implements Analyser {
  /** Null after a crash until one is needed: workers that cannot even start would crash again and again. */
  #pool: WorkerPool | null;
  #preference: BackendPreference | null = null;
  #opened = 0;

  constructor() {
    this.#pool = this.#start();
  }

  async prepare(preference: BackendPreference): Promise<BackendReport> {
    this.#preference = preference;
    return this.onPool((pool) => pool.remote.prepare(preference));
  }

  open(source: ModelSource): AnalysableModel {
    return new WorkerModel(this, String(++this.#opened), source);
  }

  /** Runs `work` on the present workers; again on new ones where those were replaced under it for another model's sake. */
  async onPool<Value>(work: (pool: WorkerPool) => Promise<Value>, signal?: AbortSignal): Promise<Value> {
    for (;;) {
      const pool = this.#present();
      try {
        return await work(pool);
      } catch (error) {
        if (!(pool.ended instanceof Replaced)) throw error;
        if (signal?.aborted) throw abortError();
      }
    }
  }

  /** Replaces workers that are busy with something cancelled. */
  replace(pool: WorkerPool): void {
    if (this.#pool !== pool) return;
    this.#pool = null;
    pool.end(new Replaced());
    this.#present();
  }

  /** The living pool, if there is one. */
  get pool(): WorkerPool | null {
    return this.#pool;
  }

  #present(): WorkerPool {
    if (!this.#pool) {
      this.#pool = this.#start();
      // A failure shows again in the first call that needs the backend.
      if (this.#preference) this.#pool.remote.prepare(this.#preference).catch(() => undefined);
    }
    return this.#pool;
  }

  #start(): WorkerPool {
    const pool = new WorkerPool(() => {
      if (this.#pool === pool) this.#pool = null;
    });
    return pool;
  }
}

/** Why workers that did no wrong were ended. */
class Replaced extends Error {}

/** One source as the workers hold it. */
class WorkerModel implements AnalysableModel {
  readonly #analyser: WorkerAnalyser;
  readonly #handle: string;
  readonly #source: ModelSource;
  /** Workers that hold it open, or are about to. */
  #pool: WorkerPool | null = null;
  #opening: Promise<void> = Promise.resolve();
  #record: ModelRecord | null = null;

  constructor(analyser: WorkerAnalyser, handle: string, source: ModelSource) {
    this.#analyser = analyser;
    this.#handle = handle;
    this.#source = source;
  }

  async analyse(
    request: { sparsityEpsilon: number },
    { signal, onEvent }: AnalyseOptions = {},
  ): Promise<ModelRecord> {
    const record = await this.#analyser.onPool(async (pool) => {
      const grace = this.#replaceWhenStuck(pool, signal);
      const start = performance.now();
      // The analysis opens the model by itself; views may ask for its filters as soon as its layers are known.
      this.#pool = pool;
      this.#opening = Promise.resolve();
      try {
        const own = { ...request, handle: this.#handle, source: this.#source };
        const result = await pool.remote.analyse(own, { signal, onEvent });
        for (const [stage, duration] of Object.entries(result.timings)) {
          performance.measure(`filterscope:${stage}`, { start, duration });
        }
        return result;
      } catch (error) {
        if (this.#pool === pool) this.#pool = null;
        throw error;
      } finally {
        grace.end();
      }
    }, signal);
    this.#record = record;
    return record;
  }

  filters(request: FilterRange, options?: DataOptions): Promise<LayerFilters> {
    return this.#ask((remote, handle) => remote.filters({ ...request, handle }, options), options);
  }

  coefficients(request: FilterRange, options?: DataOptions): Promise<Float32Array> {
    return this.#ask((remote, handle) => remote.coefficients({ ...request, handle }, options), options);
  }

  detail(request: { index: number; sparsityEpsilon: number }, options?: DataOptions): Promise<LayerDetail> {
    return this.#ask((remote, handle) => remote.detail({ ...request, handle }, options), options);
  }

  density(
    request: { key: string; index: number | null; components: [number, number] },
    options?: DataOptions,
  ): Promise<Density> {
    return this.#ask((remote, handle) => remote.density({ ...request, handle }, options), options);
  }

  requalify(request: { sparsityEpsilon: number }, options?: DataOptions): Promise<LayerResult[]> {
    return this.#ask((remote, handle) => remote.requalify({ ...request, handle }, options), options);
  }

  driftNull(request: { key: string }, options?: DataOptions): Promise<DriftNull> {
    return this.#ask((remote, handle) => remote.driftNull({ ...request, handle }, options), options);
  }

  content(options?: DataOptions): Promise<ModelContent> {
    return this.#ask((remote, handle) => remote.content({ handle }, options), options);
  }

  async close(): Promise<void> {
    const pool = this.#pool;
    this.#pool = null;
    if (pool && pool === this.#analyser.pool) await pool.remote.close({ handle: this.#handle });
  }

  #ask<Value>(
    work: (remote: Remote<AnalysisApi>, handle: string) => Promise<Value>,
    { signal }: DataOptions = {},
  ): Promise<Value> {
    return this.#analyser.onPool(async (pool) => {
      await this.#openIn(pool);
      signal?.throwIfAborted();
      return work(pool.remote, this.#handle);
    }, signal);
  }

  async #openIn(pool: WorkerPool): Promise<void> {
    if (this.#pool !== pool) {
      this.#pool = pool;
      const request = { handle: this.#handle, source: this.#source, record: this.#record };
      this.#opening = pool.remote.open(request);
    }
    try {
      await this.#opening;
    } catch (error) {
      if (this.#pool === pool) this.#pool = null;
      throw error;
    }
  }

  #replaceWhenStuck(pool: WorkerPool, signal?: AbortSignal): { end: () => void } {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const onAbort = () => {
      timer = setTimeout(() => this.#analyser.replace(pool), CANCEL_GRACE_MS);
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    return {
      end: () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
      },
    };
  }
}

export function connectAnalysis(): Analyser {
  return new WorkerAnalyser();
}
