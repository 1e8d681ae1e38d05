import type { AnalysisEvent } from '../client/types';
import type { PlainError } from '../domain/errors';
import type { ModelDescription } from '../domain/model';
import type { BackendReport, KernelSizeResult, LayerResult, ModelResult } from '../domain/results';
import type { SampleModel } from '../domain/sample';
import { isSameFile, type DroppedFile, type PlannedModel } from './drop-plan';
import { LayerTableState } from './layer-table.svelte';

export type EntryStatus = 'waiting' | 'analysing' | 'done' | 'failed' | 'cancelled';
export type Progress = Omit<Extract<AnalysisEvent, { type: 'progress' }>, 'type'>;

export interface EntrySource {
  key: string;
  name: string;
  byteLength: number;
  /** Asked for when the model's turn comes. */
  file: (signal: AbortSignal) => Promise<File>;
  /** Null for a sample. */
  dropped: DroppedFile | null;
  companions: { name: string; file: File }[];
  sample: SampleModel | null;
}

/** How often arriving results are put on screen, in milliseconds: each time costs the analysis processor time. */
const PAINT_INTERVAL = 600;

/** One row of the library: a model, what is known of it so far, or why it failed. */
export class ModelEntry {
  readonly key: string;
  readonly name: string;
  readonly byteLength: number;
  readonly sample: SampleModel | null;
  readonly file: EntrySource['file'];
  readonly dropped: DroppedFile | null;
  readonly table = new LayerTableState();
  /** Pixels that its overview was scrolled, for the way back to it. */
  overviewTop = 0;
  companions: EntrySource['companions'];

  status: EntryStatus = $state('waiting');
  progress: Progress | null = $state.raw(null);
  error: PlainError | null = $state.raw(null);
  description: ModelDescription | null = $state.raw(null);
  /** By layer index; a hole until the layer's result is there. */
  layers: readonly (LayerResult | undefined)[] = $state.raw([]);
  kernelSizes: readonly KernelSizeResult[] = $state.raw([]);
  backend: BackendReport | null = $state.raw(null);
  timings: Record<string, number> = $state.raw({});
  sparsityEpsilon = $state(0);

  #layers: (LayerResult | undefined)[] = [];
  #kernelSizes: KernelSizeResult[] = [];
  #progress: Progress | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(source: EntrySource) {
    this.key = source.key;
    this.name = source.name;
    this.byteLength = source.byteLength;
    this.sample = source.sample;
    this.file = source.file;
    this.dropped = source.dropped;
    this.companions = source.companions;
  }

  /** What tells this model from others in a list: files of one name are numbered. */
  get label(): string {
    return this.sample ? this.name : this.key;
  }

  /** Whether a file dropped now is this model over again, with no other external data than it has. */
  isSame({ dropped: { path, file }, companions }: PlannedModel): boolean {
    if (!this.dropped || this.dropped.path !== path || !isSameFile(this.dropped.file, file)) return false;
    return companions.every((added) => {
      const known = this.companions.find(({ name }) => name === added.name);
      return !known || isSameFile(known.file, added.file);
    });
  }

  get layerCount(): number {
    return this.description?.layers.length ?? 0;
  }

  /** Filters in all statistics, over all layers listed. */
  get filterCount(): number {
    return this.layers.reduce((sum, layer) => sum + (layer?.filterCount ?? 0), 0);
  }

  /** Files the model's weights lie in that were not dropped along. */
  get missing(): string[] {
    const missing = this.error?.code === 'missing-external-data' ? this.error.details.missing : null;
    if (Array.isArray(missing)) return [...(missing as readonly string[])];
    // Where some weights could be read, the others are warnings.
    return (this.description?.warnings ?? []).flatMap(({ code, file }) =>
      code === 'missing-external-data' && file !== undefined ? [file] : [],
    );
  }

  /** The finished analysis, as exported; null until then. */
  get result(): ModelResult | null {
    if (this.status !== 'done' || !this.description || !this.backend) return null;
    return {
      description: this.description,
      layers: this.layers.filter((layer) => layer !== undefined),
      kernelSizes: [...this.kernelSizes],
      backend: this.backend,
      sparsityEpsilon: this.sparsityEpsilon,
      timings: this.timings,
    };
  }

  begin(): void {
    this.reset('analysing');
  }

  reset(status: 'waiting' | 'analysing'): void {
    this.status = status;
    this.error = null;
    this.description = null;
    this.#layers = [];
    this.#kernelSizes = [];
    this.#progress = null;
    this.#paint();
  }

  receive(event: AnalysisEvent): void {
    if (this.status !== 'analysing') return;
    if (event.type === 'description') {
      this.#layers = new Array(event.description.layers.length);
      this.description = event.description;
      return;
    }
    if (event.type === 'progress') {
      this.#progress = { stage: event.stage, done: event.done, total: event.total };
    } else if (event.type === 'layer') this.#layers[event.result.index] = event.result;
    else if (event.type === 'kernelSize') this.#kernelSizes.push(event.result);
    else this.#setOrthogonality(event.index, event.value);
    // The first layer is shown at once, the rest at a pace the page can follow.
    const first = event.type === 'layer' && this.layers.every((layer) => layer === undefined);
    if (first) this.#paint();
    else this.#timer ??= setTimeout(() => this.#paint(), PAINT_INTERVAL);
  }

  finish(result: ModelResult): void {
    this.description = result.description;
    this.#layers = new Array(result.description.layers.length);
    for (const layer of result.layers) this.#layers[layer.index] = layer;
    this.#kernelSizes = [...result.kernelSizes];
    this.backend = result.backend;
    this.timings = result.timings;
    this.sparsityEpsilon = result.sparsityEpsilon;
    this.#end('done');
  }

  fail(error: PlainError): void {
    this.error = error;
    this.#end('failed');
  }

  cancel(): void {
    this.#end('cancelled');
  }

  requalified(layers: readonly LayerResult[], sparsityEpsilon: number): void {
    for (const layer of layers) this.#layers[layer.index] = layer;
    this.sparsityEpsilon = sparsityEpsilon;
    this.#paint();
  }

  #setOrthogonality(index: number, orthogonality: number | null): void {
    const layer = this.#layers[index];
    if (layer) this.#layers[index] = { ...layer, quality: { ...layer.quality, orthogonality } };
  }

  #end(status: EntryStatus): void {
    this.#progress = null;
    this.#paint();
    this.status = status;
  }

  #paint(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.layers = this.#layers.slice();
    this.kernelSizes = this.#kernelSizes.slice();
    this.progress = this.#progress;
  }
}
