import type {
  BackendReport,
  BackendPreference,
  DriftNull,
  KernelSizeResult,
  LayerDetail,
  LayerResult,
  ModelResult,
} from '../domain/results';
import type { ModelDescription } from '../domain/model';

/** What happens while a model is analysed, in order of arrival. */
export type AnalysisEvent =
  | {
      type: 'progress';
      stage: 'reading' | 'filters' | 'orthogonality' | 'basis';
      done: number;
      total: number;
    }
  | { type: 'description'; description: ModelDescription }
  | { type: 'layer'; result: LayerResult }
  | { type: 'orthogonality'; index: number; value: number | null }
  | { type: 'kernelSize'; result: KernelSizeResult };

export interface AnalyseRequest {
  /** Chosen by the client; names the open model in later requests. */
  modelId: string;
  file: Blob;
  fileName: string;
  /** Files dropped along, by name, for external data. */
  companions: { name: string; file: Blob }[];
  sparsityEpsilon: number;
}

/** Filters of a layer for the mosaic; taps row-major as in FilterBank. */
export interface LayerFilters {
  index: number;
  first: number;
  count: number;
  taps: number;
  values: Float32Array;
}

/** The analysis worker: one open model a `modelId`, kept (its file handle and plan, not its weights) until closed. */
export interface AnalysisApi {
  /** Chooses and tests the backend; again to change it. */
  prepare(preference: BackendPreference): Promise<BackendReport>;
  analyse(
    request: AnalyseRequest,
    context: { signal: AbortSignal; emit: (event: AnalysisEvent) => void },
  ): Promise<ModelResult>;
  layerFilters(request: {
    modelId: string;
    index: number;
    first: number;
    count: number;
  }): Promise<LayerFilters>;
  /** `sparsityEpsilon` is that of the folded quality. */
  layerDetail(request: { modelId: string; index: number; sparsityEpsilon: number }): Promise<LayerDetail>;
  /** Coefficients on the basis of the layer's kernel size, count x taps, for hover, sorting and exports. */
  layerCoefficients(request: {
    modelId: string;
    index: number;
    first: number;
    count: number;
  }): Promise<Float32Array>;
  /** 2-D counts (section 3: 512 x 512 over [-3.3, 3.3]^2) of one layer, or of all pooled filters of a kernel size. */
  density(request: {
    modelId: string;
    key: string;
    index: number | null;
    components: [number, number];
  }): Promise<{ size: number; extent: number; counts: Uint32Array }>;
  /** Quality of every layer at another sparsity epsilon. */
  requalify(request: { modelId: string; sparsityEpsilon: number }): Promise<LayerResult[]>;
  driftNull(request: { modelId: string; key: string }, context: { signal: AbortSignal }): Promise<DriftNull>;
  /** Opens again a model analysed before, after the worker was replaced: reads its structure, takes its results. */
  restore(request: Omit<AnalyseRequest, 'sparsityEpsilon'> & { result: ModelResult }): Promise<void>;
  /** Lower-case hex SHA-256 of the file, streamed. */
  sha256(request: { modelId: string }, context: { signal: AbortSignal }): Promise<string>;
  close(request: { modelId: string }): Promise<void>;
}
