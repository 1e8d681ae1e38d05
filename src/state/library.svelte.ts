import type { Analyser } from '../client/types';
import { isAbort, toPlainError, type PlainError } from '../domain/errors';
import { formatCount } from '../domain/format';
import { modelEndings } from '../domain/format-names';
import type { AnalysableModel } from '../domain/model-data';
import type { SampleModel } from '../domain/sample';
import type { ModelSource, NamedFile } from '../domain/source';
import {
  asideText,
  planDrop,
  unclaimed,
  type DroppedFile,
  type PlannedModel,
  type WaitingModel,
} from './drop-plan';
import { UniqueNames, byPath, repeatedNames, sampleAddress } from './model-names';
import { ModelEntry, type EntryOrigin } from './model-entry.svelte';
import { sameContent } from './same-content';

interface Removal {
  entry: ModelEntry;
  position: number;
  /** Its analysis was cut short. */
  unfinished: boolean;
}

/** From a result to the hash of its files, in milliseconds. */
const SETTLE_MS = 300;

export interface LibraryOptions {
  analyser: Analyser;
  fetchSample: (sample: SampleModel, signal: AbortSignal) => Promise<File>;
  sparsityEpsilon: () => number;
  /** A model of a drop is there to be looked at. */
  onOpen: (entry: ModelEntry) => void;
  onFailure: (entry: ModelEntry, error: PlainError) => void;
  /** A model is taken up again: what was said about it is void. */
  onRestart: (entry: ModelEntry) => void;
  /** The digests of its files are known. */
  onContent: (entry: ModelEntry) => void;
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
  /** Names that more than one model has. */
  readonly sharedNames: ReadonlySet<string> = $derived.by(() =>
    repeatedNames(this.entries.map(({ name }) => name)),
  );
  readonly #options: LibraryOptions;
  #controller: AbortController | null = null;
  /** Files that are models only where none of the models they came with names them as its data. */
  #candidates: { models: ModelEntry[]; files: PlannedModel[] }[] = [];
  #keys = 0;
  #drops = 0;
  readonly #names = new UniqueNames();

  constructor(options: LibraryOptions) {
    this.#options = options;
  }

  readonly waiting: readonly ModelEntry[] = $derived(
    this.entries.filter((entry) => entry.status === 'waiting'),
  );
  readonly working: boolean = $derived(
    this.waiting.length > 0 || this.entries.some(({ status }) => status === 'analysing'),
  );

  /** The open model an address names: by content where that is known, else by its name there. */
  find({ model, content }: { model: string | null; content: string | null }): ModelEntry | null {
    if (content !== null) {
      const same = this.entries.find((entry) => entry.content?.id.startsWith(content));
      if (same) return same;
    }
    const named = this.entries.find(({ address }) => address === model) ?? null;
    return content !== null && named?.content ? null : named;
  }

  /** Takes the files of one drop, pick or paste; `limit` of them, where it holds more. */
  open(files: readonly DroppedFile[], limit: number | null = null): void {
    this.#drops++;
    const plan = planDrop(files, this.#waitingForData());
    const resumed = [...plan.supplied].map(([key, added]) => {
      const entry = this.entries.find((other) => other.key === key)!;
      entry.open = withCompanions(entry.open, added);
      this.#queue(entry);
      return entry;
    });
    const stopped = byPath(this.entries.filter((entry) => isStopped(entry) || resumed.includes(entry)));
    const added: ModelEntry[] = [];
    const models = plan.models.map((model) => {
      const again = stopped.get(model.path);
      if (!again) {
        const entry = this.#dropped(model);
        added.push(entry);
        return entry;
      }
      if (!resumed.includes(again)) {
        again.open = () => Promise.resolve(model.source);
        this.#queue(again);
      }
      return again;
    });
    this.entries = [...this.entries, ...added];
    if (plan.candidates.length > 0) this.#candidates.push({ models, files: plan.candidates });
    this.aside = asideText({ ...plan, limit });
    const first = models[0] ?? resumed[0];
    if (first) this.#options.onOpen(first);
    else if (files.length > 0 && plan.ambiguous.length === 0) {
      this.#options.onNotice({
        code: 'wrong-kind',
        message: `No file of this folder ends in ${modelEndings()} (${formatCount(files.length)} looked at${limit === null ? '' : ', it holds more'}); open the folder that holds the model, or drop the model file itself.`,
        details: { files: files.slice(0, LISTED_FILES).map(({ path }) => path) },
      });
    }
    void this.#run();
  }

  openSamples(samples: readonly SampleModel[]): void {
    const opened = samples.map((sample) => {
      const address = sampleAddress(sample.id);
      const removal = this.removals.find(({ entry }) => entry.address === address);
      if (removal) return this.#restore(removal);
      const known = this.entries.find((entry) => entry.address === address);
      if (known) return known;
      const entry = this.#sample(sample, address);
      this.entries = [...this.entries, entry];
      return entry;
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
      void oldest.entry.data?.close().catch(() => undefined);
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
    const { data, record } = entry;
    if (!data || !record) return;
    const layers = await data.requalify({ sparsityEpsilon });
    if (entry.record === record && this.#options.sparsityEpsilon() === sparsityEpsilon) {
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

  #dropped({ path, source }: PlannedModel): ModelEntry {
    const { name, main } = source;
    return this.#entry(this.#names.next(name), {
      name,
      byteLength: main.size,
      path,
      drop: this.#drops,
      sample: null,
      open: () => Promise.resolve(source),
    });
  }

  #waitingForData(): WaitingModel[] {
    return this.entries.flatMap(({ key, label, drop, path, missing }) =>
      missing.length > 0 && path !== null ? [{ key, label, drop, path, missing }] : [],
    );
  }

  /** Files that might have been data of a model get rows of their own once every model of their drop is read. */
  #openUnclaimed(): void {
    const isRead = ({ status }: ModelEntry) => status !== 'waiting' && status !== 'analysing';
    const ready = this.#candidates.filter(({ models }) => models.every(isRead));
    if (ready.length === 0) return;
    this.#candidates = this.#candidates.filter((drop) => !ready.includes(drop));
    const found = ready.flatMap(({ models, files }) =>
      unclaimed(
        files,
        models.map(({ path, description, missing }) => ({
          path,
          dataFiles: [...(description?.dataFiles ?? []), ...missing],
        })),
      ),
    );
    this.entries = [...this.entries, ...found.map((model) => this.#dropped(model))];
  }

  #sample(sample: SampleModel, address: string): ModelEntry {
    const { file: name, byteLength } = sample;
    const open = async (signal: AbortSignal): Promise<ModelSource> => {
      const main = await this.#options.fetchSample(sample, signal);
      return { kind: 'files', name, main, companions: [] };
    };
    return this.#entry(address, { name, byteLength, path: null, drop: 0, sample, open });
  }

  #entry(address: string, origin: EntryOrigin): ModelEntry {
    return new ModelEntry(`model ${++this.#keys}`, address, origin);
  }

  async #run(): Promise<void> {
    if (this.current) return;
    for (let entry = this.#next(); entry; entry = this.#next()) {
      this.current = entry;
      await this.#analyse(entry);
    }
    this.current = null;
  }

  #next(): ModelEntry | undefined {
    this.#openUnclaimed();
    return this.entries.find(({ status }) => status === 'waiting');
  }

  async #analyse(entry: ModelEntry): Promise<void> {
    const controller = new AbortController();
    const { signal } = controller;
    this.#controller = controller;
    entry.reset('analysing');
    try {
      const source = await entry.open(signal);
      void entry.data?.close().catch(() => undefined);
      const data = this.#options.analyser.open(source);
      entry.begin(data);
      const same = await sameContent(entry, data, this.entries, signal);
      if (same) {
        this.#showInstead(entry, same);
        return;
      }
      const record = await data.analyse(
        { sparsityEpsilon: this.#options.sparsityEpsilon() },
        { signal, onEvent: (event) => entry.receive(event) },
      );
      if (entry.status !== 'analysing') return;
      entry.finish(record);
      void this.#identify(entry, data);
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

  /** The model is there already: its new row goes, and that is said. */
  #showInstead(entry: ModelEntry, same: ModelEntry): void {
    this.entries = this.entries.filter((other) => other !== entry);
    entry.cancel();
    void entry.data?.close().catch(() => undefined);
    this.aside = `${entry.name} is open already as ${same.sample?.title ?? same.label}: its content is the same, byte for byte.`;
    this.#options.onOpen(same);
  }

  async #identify(entry: ModelEntry, data: AnalysableModel): Promise<void> {
    // Hashing takes a core that the page needs to show the result.
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    if (entry.data !== data) return;
    try {
      const content = await data.content();
      if (entry.data !== data) return;
      entry.content = content;
      this.#options.onContent(entry);
    } catch {
      // An export asks again, and says what is wrong.
    }
  }
}

function isStopped({ status }: ModelEntry): boolean {
  return status === 'failed' || status === 'cancelled';
}

function withCompanions(open: EntryOrigin['open'], added: readonly NamedFile[]): EntryOrigin['open'] {
  return async (signal) => {
    const source = await open(signal);
    return { ...source, companions: [...source.companions, ...added] };
  };
}
