import type { AnalysisClient } from '../client/types';
import { toPlainError } from '../domain/errors';
import type { Layer } from '../domain/model';
import type { KernelSizeResult, LayerResult } from '../domain/results';
import type { SampleModel } from '../domain/sample';
import { BackendState } from './backend.svelte';
import { Judge } from './judge.svelte';
import { Library } from './library.svelte';
import type { ModelEntry } from './model-entry.svelte';
import { Notices } from './notices.svelte';
import { Resource } from './resource.svelte';
import { Route, type AddressBar } from './route.svelte';
import { Settings } from './settings.svelte';
import { statusText } from './status-text';
import { ThresholdState } from './thresholds.svelte';

export interface AppParts {
  client: AnalysisClient;
  loadSamples: () => Promise<SampleModel[]>;
  fetchSample: (sample: SampleModel, signal: AbortSignal) => Promise<File>;
  window: AddressBar & { localStorage: Storage };
}

/** Before the id of a sample, as a key and in the address. */
const SAMPLE = 'sample:';

/** Everything the views share: what is open, what is selected, how it is judged. */
export class AppState {
  readonly client: AnalysisClient;
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

  constructor({ client, loadSamples, fetchSample, window }: AppParts) {
    this.client = client;
    this.settings = new Settings(() => window.localStorage);
    this.route = new Route(window);
    this.thresholds = new ThresholdState(this.route);
    this.judge = new Judge(this.thresholds);
    this.backend = new BackendState(client);
    this.#loadSamples = loadSamples;
    this.library = new Library({
      client,
      fetchSample,
      sparsityEpsilon: () => this.thresholds.current.sparsityEpsilon,
      onOpen: (entry) => this.#opened(entry),
      onFailure: (entry, error) => {
        this.notices.add(error, entry.key);
        this.#showAfter(entry);
      },
      onRestart: (entry) => this.notices.dismissModel(entry.key),
      onNotice: (error) => this.notices.add(error),
    });
  }

  /** The model on screen. */
  entry: ModelEntry | null = $derived.by(
    () => this.library.find(this.route.current.model) ?? this.library.entries[0] ?? null,
  );

  /** The model the address names, where it is neither open nor can be opened from here. */
  absent: { name: string; isSample: boolean } | null = $derived.by(() => {
    const { model } = this.route.current;
    if (model === null || this.library.find(model)) return null;
    if (!model.startsWith(SAMPLE)) return { name: model, isSample: false };
    const name = model.slice(SAMPLE.length);
    const samples = this.samples.value;
    return samples && !samples.some(({ id }) => id === name) ? { name, isSample: true } : null;
  });

  /** The layer selected in every view: the first where none is. */
  layer: Layer | null = $derived.by(() => {
    const layers = this.entry?.description?.layers ?? [];
    return layers[this.route.current.layer ?? 0] ?? layers[0] ?? null;
  });

  layerResult: LayerResult | null = $derived.by(
    () => (this.layer && this.entry?.layers[this.layer.index]) ?? null,
  );

  /** The kernel size whose basis is shown: the chosen one, else 3x3, else the one with most filters. */
  size: KernelSizeResult | null = $derived.by(() => {
    const sizes = this.entry?.kernelSizes ?? [];
    const most = (a: KernelSizeResult, b: KernelSizeResult) =>
      b.basis.filterCount > a.basis.filterCount ? b : a;
    return (
      sizes.find(({ key }) => key === this.route.current.size) ??
      sizes.find(({ key }) => key === '3x3') ??
      (sizes.length > 0 ? sizes.reduce(most) : null)
    );
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
    if (entry === this.entry && this.route.current.model === entry.key) return;
    this.route.go({ model: entry.key, layer: null, size: null }, replace);
  }

  /** Samples named in the address are opened again after a reload. */
  async start(): Promise<void> {
    await this.samples.load(this.#loadSamples);
    const { model } = this.route.current;
    const sample = this.samples.value?.find(({ id }) => model === SAMPLE + id);
    if (sample) this.library.openSamples([sample]);
  }

  /** A new model starts at its overview, unless the address already names it. */
  #opened(entry: ModelEntry): void {
    if (this.route.current.model !== entry.key)
      this.route.go({ model: entry.key, layer: null, size: null, view: 'overview' });
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
    const next = this.layer && this.entry?.description?.layers[this.layer.index + step];
    if (next) this.route.go({ layer: next.index });
  }

  remove(entry: ModelEntry): void {
    this.library.remove(entry);
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
