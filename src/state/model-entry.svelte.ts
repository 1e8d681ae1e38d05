import type { PlainError } from '../domain/errors';
import { withLateFigures } from '../domain/late-figures';
import { distinctFilterCount, type ModelDescription } from '../domain/model';
import type { AnalysableModel, AnalysisEvent, AnalysisStage } from '../domain/model-data';
import type { ModelContent, ModelRecord } from '../domain/record';
import type { BackendReport, KernelSizeResult, LayerResult } from '../domain/results';
import type { SampleModel } from '../domain/sample';
import type { ModelSource } from '../domain/source';
import { LayerTableState } from './layer-table.svelte';

export type EntryStatus = 'waiting' | 'analysing' | 'done' | 'failed' | 'cancelled';

export interface Progress {
  stage: AnalysisStage;
  done: number;
  total: number;
}

export interface EntryOrigin {
  name: string;
  byteLength: number;
  /** Path inside the drop; null for a sample. */
  path: string | null;
  /** Number of the drop it came in; 0 for a sample. */
  drop: number;
  sample: SampleModel | null;
  /** Asked for when the model's turn comes. */
  open: (signal: AbortSignal) => Promise<ModelSource>;
}

/** How often arriving results are put on screen, in milliseconds: each time costs the analysis processor time. */
const PAINT_INTERVAL = 600;

/** How the views of a model were left, for the way back to them. */
export class ModelViewState {
  readonly table = new LayerTableState();
  /** Pixels that its overview was scrolled. */
  overviewTop = 0;
  factsOpen = $state(false);
}

/**
 * One row of the library: an open model. What is known of it (`record`, or what has arrived so far), where its data come from
 * (`data`), how far its analysis is, and how its views were left.
 */
export class ModelEntry {
  /** Of the session; what the model is, its content tells. */
  readonly key: string;
  readonly name: string;
  /** What the address calls it, unique among the open models: files of one name are numbered, samples go by their id. */
  readonly address: string;
  readonly byteLength: number;
  readonly sample: SampleModel | null;
  readonly path: string | null;
  readonly drop: number;
  readonly view = new ModelViewState();
  open: EntryOrigin['open'];

  status: EntryStatus = $state('waiting');
  progress: Progress | null = $state.raw(null);
  error: PlainError | null = $state.raw(null);
  /** Asked by the views; null until the model's turn comes. */
  data: AnalysableModel | null = $state.raw(null);
  description: ModelDescription | null = $state.raw(null);
  /** By layer index; a hole until the layer's result is there. */
  layers: readonly (LayerResult | undefined)[] = $state.raw([]);
  kernelSizes: readonly KernelSizeResult[] = $state.raw([]);
  /** The finished analysis; null until then. */
  record: ModelRecord | null = $state.raw(null);
  /** The digests of its files; null until they are known. */
  content: ModelContent | null = $state.raw(null);

  #layers: (LayerResult | undefined)[] = [];
  #kernelSizes: KernelSizeResult[] = [];
  #progress: Progress | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(key: string, address: string, origin: EntryOrigin) {
    this.key = key;
    this.address = address;
    this.name = origin.name;
    this.byteLength = origin.byteLength;
    this.sample = origin.sample;
    this.path = origin.path;
    this.drop = origin.drop;
    this.open = origin.open;
  }

  /** What the page calls it. */
  get label(): string {
    return this.sample ? this.name : this.address;
  }

  get layerCount(): number {
    return this.description?.layers.length ?? 0;
  }

  /** Filters in all statistics: a weight that several layers use counts once. */
  readonly filterCount: number = $derived.by(() => distinctFilterCount(this.description, this.layers));

  get backend(): BackendReport | null {
    return this.record?.backend ?? null;
  }

  get sparsityEpsilon(): number {
    return this.record?.sparsityEpsilon ?? 0;
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

  begin(data: AnalysableModel): void {
    this.reset('analysing');
    this.data = data;
  }

  reset(status: 'waiting' | 'analysing'): void {
    this.status = status;
    this.error = null;
    this.description = null;
    this.record = null;
    this.content = null;
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
    else {
      const layer = this.#layers[event.index];
      if (layer) this.#layers[event.index] = withLateFigures(layer, event.figures);
    }
    // The first layer is shown at once, the rest at a pace the page can follow.
    const isFirst = event.type === 'layer' && this.layers.every((layer) => layer === undefined);
    if (isFirst) this.#paint();
    else this.#timer ??= setTimeout(() => this.#paint(), PAINT_INTERVAL);
  }

  finish(record: ModelRecord): void {
    this.description = record.description;
    this.#layers = record.layers.slice();
    this.#kernelSizes = record.kernelSizes.slice();
    this.record = record;
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
    if (!this.record) return;
    this.#layers = layers.slice();
    this.record = { ...this.record, layers: layers.slice(), sparsityEpsilon };
    this.#paint();
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
