import type { AnalysisClient } from '../client/types';
import { isAbort, toPlainError, type PlainError } from '../domain/errors';
import { formatCount } from '../domain/format';
import type { SampleModel } from '../domain/sample';
import { asideText, planDrop, type DroppedFile, type PlannedModel } from './drop-plan';
import { ModelEntry, type EntrySource } from './model-entry.svelte';

interface Removal {
  entry: ModelEntry;
  position: number;
  /** Its analysis was cut short. */
  unfinished: boolean;
}

export interface LibraryOptions {
  client: AnalysisClient;
  fetchSample: (sample: SampleModel, signal: AbortSignal) => Promise<File>;
  sparsityEpsilon: () => number;
  /** A model of a drop is there to be looked at. */
  onOpen: (entry: ModelEntry) => void;
  onFailure: (entry: ModelEntry, error: PlainError) => void;
  /** A model is taken up again: what was said about it is void. */
  onRestart: (entry: ModelEntry) => void;
  /** An error that belongs to no model. */
  onNotice: (error: PlainError) => void;
}

/** Models that can be brought back after being removed; older ones are closed for good. */
const UNDO_DEPTH = 10;
const LISTED_FILES = 50;

/** The open models, and the queue that analyses them one after the other. */
export class Library {
  entries: readonly ModelEntry[] = $state.raw([]);
  /** The one being analysed. */
  current: ModelEntry | null = $state.raw(null);
  /** What became of files of the last drop that are no model of their own. */
  aside: string | null = $state(null);
  removals: readonly Removal[] = $state.raw([]);
  readonly #options: LibraryOptions;
  #controller: AbortController | null = null;

  constructor(options: LibraryOptions) {
    this.#options = options;
  }

  get waiting(): ModelEntry[] {
    return this.entries.filter((entry) => entry.status === 'waiting');
  }

  get working(): boolean {
    return this.entries.some(({ status }) => status === 'waiting' || status === 'analysing');
  }

  find(key: string | null): ModelEntry | null {
    return this.entries.find((entry) => entry.key === key) ?? null;
  }

  /** Takes the files of one drop, pick or paste; `limit` of them, where it holds more. */
  open(files: readonly DroppedFile[], limit: number | null = null): void {
    const plan = planDrop(
      files,
      this.entries.map(({ key, missing }) => ({ key, missing })).filter(({ missing }) => missing.length > 0),
    );
    const resumed = [...plan.supplied].map(([key, added]) => {
      const entry = this.find(key)!;
      entry.companions = [...entry.companions, ...added];
      this.#queue(entry);
      return entry;
    });
    const open = this.entries;
    const again: string[] = [];
    const models = plan.models.map((model) => {
      const same = open.find((entry) => entry.isSame(model));
      if (!same) return this.#dropped(model);
      if (same.status === 'failed' || same.status === 'cancelled') {
        const known = same.companions.map((companion) => companion.name);
        const added = model.companions.filter((companion) => !known.includes(companion.name));
        same.companions = [...same.companions, ...added];
        this.#queue(same);
      } else if (!resumed.includes(same)) again.push(same.label);
      return same;
    });
    this.aside = asideText({ ...plan, again, limit });
    const first = models[0] ?? resumed[0];
    if (first) this.#options.onOpen(first);
    else if (files.length > 0) {
      this.#options.onNotice({
        code: 'wrong-kind',
        message: `No file of this folder ends in .onnx (${formatCount(files.length)} looked at${limit === null ? '' : ', it holds more'}); open the folder that holds the model, or drop the model file itself.`,
        details: { files: files.slice(0, LISTED_FILES).map(({ path }) => path) },
      });
    }
    void this.#run();
  }

  openSamples(samples: readonly SampleModel[]): void {
    const opened = samples.map((sample) => {
      const key = `sample:${sample.id}`;
      const removal = this.removals.find(({ entry }) => entry.key === key);
      if (removal) return this.#restore(removal);
      return this.find(key) ?? this.#sample(sample, key);
    });
    if (opened[0]) this.#options.onOpen(opened[0]);
    void this.#run();
  }

  /** Stops the model being analysed and everything behind it; rows stay and can be taken up again. */
  cancel(): void {
    for (const entry of this.waiting) entry.cancel();
    this.#controller?.abort();
    this.current?.cancel();
  }

  retry(entry: ModelEntry): void {
    this.#queue(entry);
    void this.#run();
  }

  remove(entry: ModelEntry): void {
    const position = this.entries.indexOf(entry);
    if (position < 0) return;
    if (entry === this.current) this.#controller?.abort();
    const unfinished = entry.status === 'waiting' || entry.status === 'analysing';
    if (unfinished) entry.cancel();
    this.entries = this.entries.filter((other) => other !== entry);
    this.removals = [...this.removals, { entry, position, unfinished }];
    if (this.removals.length > UNDO_DEPTH) {
      const [oldest, ...rest] = this.removals;
      this.removals = rest;
      void this.#options.client.close({ modelId: oldest.entry.key }).catch(() => undefined);
    }
  }

  /** Brings back the model removed last. */
  undo(): ModelEntry | null {
    const removal = this.removals.at(-1);
    if (!removal) return null;
    const entry = this.#restore(removal);
    void this.#run();
    return entry;
  }

  /** Sparsity at another threshold, for a model already analysed. */
  async requalify(entry: ModelEntry, sparsityEpsilon: number): Promise<void> {
    const layers = await this.#options.client.requalify({ modelId: entry.key, sparsityEpsilon });
    if (entry.status === 'done' && this.#options.sparsityEpsilon() === sparsityEpsilon) {
      entry.requalified(layers, sparsityEpsilon);
    }
  }

  #restore(removal: Removal): ModelEntry {
    const { entry, position, unfinished } = removal;
    this.removals = this.removals.filter((other) => other !== removal);
    this.entries = this.entries.toSpliced(position, 0, entry);
    if (unfinished) this.#queue(entry);
    return entry;
  }

  #queue(entry: ModelEntry): void {
    entry.reset('waiting');
    this.#options.onRestart(entry);
  }

  #dropped({ name, dropped, companions }: PlannedModel): ModelEntry {
    const { file } = dropped;
    const source = { name, byteLength: file.size, file: () => Promise.resolve(file) };
    return this.#entry({ ...source, dropped, companions, sample: null }, name);
  }

  #sample(sample: SampleModel, key: string): ModelEntry {
    const file = (signal: AbortSignal) => this.#options.fetchSample(sample, signal);
    const source = { name: sample.file, byteLength: sample.byteLength, file };
    return this.#entry({ ...source, dropped: null, companions: [], sample }, key);
  }

  #entry(source: Omit<EntrySource, 'key'>, wantedKey: string): ModelEntry {
    const taken = [...this.entries, ...this.removals.map(({ entry }) => entry)].map(({ key }) => key);
    let key = wantedKey;
    for (let n = 2; taken.includes(key); n++) key = `${wantedKey} (${n})`;
    const entry = new ModelEntry({ ...source, key });
    this.entries = [...this.entries, entry];
    return entry;
  }

  async #run(): Promise<void> {
    if (this.current) return;
    for (let entry = this.waiting[0]; entry; entry = this.waiting[0]) {
      this.current = entry;
      await this.#analyse(entry);
    }
    this.current = null;
  }

  async #analyse(entry: ModelEntry): Promise<void> {
    const controller = new AbortController();
    this.#controller = controller;
    entry.begin();
    try {
      const file = await entry.file(controller.signal);
      const result = await this.#options.client.analyse(
        {
          modelId: entry.key,
          file,
          fileName: entry.name,
          companions: entry.companions,
          sparsityEpsilon: this.#options.sparsityEpsilon(),
        },
        { signal: controller.signal, onEvent: (event) => entry.receive(event) },
      );
      if (entry.status === 'analysing') entry.finish(result);
    } catch (error) {
      // A cancelled model may have been asked for again while the worker was stopping.
      if (entry.status !== 'analysing') return;
      if (isAbort(error)) entry.cancel();
      else {
        entry.fail(toPlainError(error));
        this.#options.onFailure(entry, toPlainError(error));
      }
    }
  }
}
