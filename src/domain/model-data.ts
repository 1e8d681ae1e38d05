import type { Weights } from './filters';
import type { LateFigures } from './late-figures';
import type { ModelContent, ModelRecord } from './record';
import type { DriftNull, LayerDetail, LayerResult } from './results';

export interface DataOptions {
  signal?: AbortSignal;
}

/** Filters of a layer for the mosaic; taps row-major as in FilterBank. */
export interface LayerFilters {
  index: number;
  first: number;
  count: number;
  taps: number;
  values: Weights;
}

/** 2-D counts of two components (section 3: 512 x 512 over [-3.3, 3.3]^2), the second rising by row. */
export interface Density {
  size: number;
  extent: number;
  counts: Uint32Array;
}

/** A run of a layer's filters. */
export interface FilterRange {
  index: number;
  first: number;
  count: number;
}

/** Where the data of one model come from; views ask it and never know what stands behind it. */
export interface ModelData {
  filters(request: FilterRange, options?: DataOptions): Promise<LayerFilters>;
  /** Coefficients on the basis of the layer's kernel size, count x taps. */
  coefficients(request: FilterRange, options?: DataOptions): Promise<Float32Array>;
  /** `sparsityEpsilon` is that of the folded quality. */
  detail(request: { index: number; sparsityEpsilon: number }, options?: DataOptions): Promise<LayerDetail>;
  /** Of one layer, or of all pooled filters of the kernel size `key` where `index` is null. */
  density(
    request: { key: string; index: number | null; components: [number, number] },
    options?: DataOptions,
  ): Promise<Density>;
  /** Quality of every layer at another sparsity epsilon. */
  requalify(request: { sparsityEpsilon: number }, options?: DataOptions): Promise<LayerResult[]>;
  driftNull(request: { key: string }, options?: DataOptions): Promise<DriftNull>;
  /** Digests of the bytes it is read from. */
  content(options?: DataOptions): Promise<ModelContent>;
  /** Frees what is held for the model; asked again, it is opened again. */
  close(): Promise<void>;
}

/** A source with everything that can be asked of it before it is analysed. */
export interface AnalysableModel extends ModelData {
  analyse(request: { sparsityEpsilon: number }, options?: AnalyseOptions): Promise<ModelRecord>;
}

export interface AnalyseOptions extends DataOptions {
  onEvent?: (event: AnalysisEvent) => void;
}

export type AnalysisStage = 'reading' | 'filters' | 'basis' | 'late';

/** What happens while a model is analysed, in order of arrival. */
export type AnalysisEvent =
  | { type: 'progress'; stage: AnalysisStage; done: number; total: number }
  | { type: 'description'; description: ModelRecord['description'] }
  | { type: 'layer'; result: LayerResult }
  | { type: 'late'; index: number; figures: LateFigures }
  | { type: 'kernelSize'; result: ModelRecord['kernelSizes'][number] };
