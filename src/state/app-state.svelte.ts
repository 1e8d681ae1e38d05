import type { Analyser } from '../client/types';
import { toPlainError } from '../domain/errors';
import type { SampleModel } from '../domain/sample';
import { BackendState } from './backend.svelte';
import { CONTENT_DIGITS, type ViewState } from './fragment';
import { Judge } from './judge.svelte';
import { sampleAddress } from './model-names';
import { Library } from './library.svelte';
import type { ModelEntry } from './model-entry.svelte';
import { Notices } from './notices.svelte';
import { Resource } from './resource.svelte';
import { Route, type AddressBar } from './route.svelte';
import { Selection } from './selection.svelte';
import { Settings } from './settings.svelte';
import { statusText } from './status-text';
import { ThresholdState } from './thresholds.svelte';

export interface AppParts {
  analyser: Analyser;
  loadSamples: () => Promise<SampleModel[]>;
  fetchSample: (sample: SampleModel, signal: AbortSignal) => Promise<File>;
  window: AddressBar & { localStorage: Storage };
}

/** A model that the address names and that is not there. */
export interface AbsentModel {
  name: string;
  /** `other-content`: one of its name is open, and is another. */
  reason: 'not-open' | 'other-content' | 'no-such-sample';
}

/** Everything the views share: what is open, what is selected, how it is judged. */
export class AppState {
  readonly settings: Settings;
  readonly route: Route;
  readonly library: Library;
  readonly thresholds: ThresholdState;
  readonly judge: Judge;
  readonly notices = new Notices();
  readonly backend: BackendState;
  readonly samples = new Resource<SampleModel[]>();
  /** Layer under the pointer in any chart or table. */
  hovered: number | null = $state(null);
  /** A file is being hashed for its export; long for gigabytes. */
  exporting = $state(false);
  readonly #loadSamples: () => Promise<SampleModel[]>;
  #shown: ModelEntry | null = null;

  constructor({ analyser, loadSamples, fetchSample, window }: AppParts) {
    this.settings = new Settings(() => window.localStorage);
    this.route = new Route(window, () => this.#openNamed());
    this.thresholds = new ThresholdState(this.route);
    this.judge = new Judge(this.thresholds);
    this.backend = new BackendState(analyser);
    this.#loadSamples = loadSamples;
    this.library = new Library({
      analyser,
      fetchSample,
      sparsityEpsilon: () => this.thresholds.current.sparsityEpsilon,
      onOpen: (entry) => this.#opened(entry),
      onFailure: (entry, error) => {
        this.notices.add(error, entry);
        this.#showAfter(entry);
      },
      onContent: (entry) => this.#identified(entry),
      onRestart: (entry) => this.notices.dismissModel(entry.key),
      onNotice: (error) => this.notices.add(error),
    });
  }

  /** The model on screen: the one the address names, else the one that was there before. */
  entry: ModelEntry | null = $derived.by(() => {
    const { entries } = this.library;
    const before = entries.find((entry) => entry === this.#shown);
    this.#shown = this.library.find(this.route.current) ?? before ?? entries[0] ?? null;
    return this.#shown;
  });

  /** What is selected of the model on screen. */
  selection: Selection | null = $derived.by(() => this.entry && new Selection(this.entry, this.route));

  /** The model the address names, where it is neither open nor can be opened from here. */
  absent: AbsentModel | null = $derived.by(() => {
    const { model } = this.route.current;
    if (model === null || this.library.find(this.route.current)) return null;
    const prefix = sampleAddress('');
    if (!model.startsWith(prefix)) {
      const isOther = this.library.entries.some(({ address }) => address === model);
      return { name: model, reason: isOther ? 'other-content' : 'not-open' };
    }
    const name = model.slice(prefix.length);
    const samples = this.samples.value;
    return samples && !samples.some(({ id }) => id === name) ? { name, reason: 'no-such-sample' } : null;
  });

  status: string = $derived.by(() => {
    const { current, entries, waiting, working } = this.library;
    const total = entries.length;
    const work =
      working && current
        ? { name: current.name, stage: current.progress?.stage, position: total - waiting.length, total }
        : null;
    return statusText(this.entry, work);
  });

  show(entry: ModelEntry, replace = false): void {
    if (entry === this.entry && this.library.find(this.route.current) === entry) return;
    this.route.go({ ...addressOf(entry), layer: null, size: null }, replace);
  }

  /** Samples are known from here on; one named in the address is opened, as after a reload. */
  async start(): Promise<void> {
    await this.samples.load(this.#loadSamples);
    this.#openNamed();
  }

  /** A sample that the address names needs no file: it is opened. */
  #openNamed(): void {
    const { model } = this.route.current;
    const sample = this.samples.value?.find(({ id }) => model === sampleAddress(id));
    if (sample && !this.library.find(this.route.current)) this.library.openSamples([sample]);
  }

  /** A new model starts at its overview, unless the address already names it. */
  #opened(entry: ModelEntry): void {
    if (this.library.find(this.route.current) !== entry)
      this.route.go({ ...addressOf(entry), layer: null, size: null, view: 'overview' });
  }

  /** From now on the address names the model by its content. */
  #identified(entry: ModelEntry): void {
    const { model, content } = addressOf(entry);
    if (content !== null && this.route.current.model === model && this.entry === entry) {
      this.route.go({ content }, true);
    }
  }

  /** A model that failed under the user's eyes makes room for the next one of the drop. */
  #showAfter(failed: ModelEntry): void {
    if (this.entry !== failed) return;
    const { entries } = this.library;
    const next = entries.slice(entries.indexOf(failed) + 1).find(({ status }) => status !== 'failed');
    if (next) this.show(next, true);
  }

  /** Selects the layer `step` places on, in file order. */
  stepLayer(step: number): void {
    const { layer } = this.selection ?? {};
    const next = layer && this.entry?.description?.layers[layer.index + step];
    if (next) this.route.go({ layer: next.index });
  }

  /** The address goes on to the model that is shown instead. */
  remove(entry: ModelEntry): void {
    const wasShown = entry === this.entry;
    this.library.remove(entry);
    if (wasShown && this.entry) this.show(this.entry, true);
    this.notices.dismissModel(entry.key);
  }

  undo(): void {
    const entry = this.library.undo();
    if (entry) this.show(entry);
  }

  report(error: unknown): void {
    this.notices.add(toPlainError(error));
  }
}

/** How the address names a model: by its name there and, once it is known, its content. */
function addressOf({ address, sample, content }: ModelEntry): Pick<ViewState, 'model' | 'content'> {
  const digits = sample || !content ? null : content.id.slice(0, CONTENT_DIGITS);
  return { model: address, content: digits };
}
