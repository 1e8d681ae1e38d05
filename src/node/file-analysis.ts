import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { AppError } from '../domain/errors';
import type { AnalysisEvent } from '../domain/model-data';
import type { ModelContent, ModelRecord } from '../domain/record';
import type { ModelSource } from '../domain/source';
import { createAnalysisApi } from '../workers/analysis-api';
import { openFromDisk, type DiskSource } from './disk-files';
import { startThread } from './thread-engine';

export interface AnalysedFile {
  record: ModelRecord;
  content: ModelContent;
}

export interface FileAnalysisOptions {
  sparsityEpsilon: number;
  signal?: AbortSignal;
  onEvent?: (event: AnalysisEvent) => void;
}

/** The page's analysis without a page: this thread reads and measures, worker threads beside it take their share. */
export class FileAnalysis {
  readonly #threads: ReturnType<typeof startThread>[];
  readonly #api: ReturnType<typeof createAnalysisApi>;
  readonly #disk = new WeakMap<ModelSource, DiskSource>();
  #count = 0;

  /**
   * @param threadCount worker threads beside this one
   * @param threadScript the built `engine.thread`
   */
  constructor(threadCount: number, threadScript: URL) {
    const diskOf = (source: ModelSource) => this.#disk.get(source)!;
    this.#threads = Array.from({ length: threadCount }, () => startThread(threadScript, diskOf));
    this.#api = createAnalysisApi(this.#threads.map(({ engine }) => engine));
  }

  /**
   * Analyses one model file; the files beside it that its weights lie in are found by their path.
   * @throws AppError that names the file, and the tensor or layer where it is one's fault
   */
  async analyse(path: string, options: FileAnalysisOptions): Promise<AnalysedFile> {
    const { sparsityEpsilon, signal = new AbortController().signal, onEvent } = options;
    await this.#api.prepare({ backend: 'cpu' });
    const handle = String(++this.#count);
    const analyse = async (disk: DiskSource) => {
      const source = await openFromDisk(disk);
      this.#disk.set(source, disk);
      const context = { signal, emit: (event: AnalysisEvent) => onEvent?.(event) };
      return this.#api.analyse({ handle, source, sparsityEpsilon }, context);
    };
    try {
      const record = await withDataFiles(path, analyse);
      return { record, content: await this.#api.content({ handle }, { signal }) };
    } finally {
      await this.#api.close({ handle });
    }
  }

  async end(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.end()));
  }
}

/** Runs `work` on the model alone; where it lacks data files that lie beside it, once more with them. */
async function withDataFiles<Value>(
  path: string,
  work: (disk: DiskSource) => Promise<Value>,
): Promise<Value> {
  const disk: DiskSource = { name: basename(path), main: path, companions: [] };
  try {
    return await work(disk);
  } catch (error) {
    const found = missingFiles(error)
      .map((name) => ({ path: name, file: join(dirname(path), name) }))
      .filter(({ file }) => existsSync(file));
    if (found.length === 0) throw error;
    return work({ ...disk, companions: found });
  }
}

/** Paths, inside the model's folder, that a reader refused to go on without. */
function missingFiles(error: unknown): string[] {
  if (!(error instanceof AppError) || error.code !== 'missing-external-data') return [];
  const { missing } = error.details;
  return Array.isArray(missing) ? [...(missing as readonly string[])] : [];
}
