import type { AnalysisEvent, Density, FilterRange, LayerFilters } from '../domain/model-data';
import type { ModelContent, ModelRecord } from '../domain/record';
import type {
  BackendPreference,
  BackendReport,
  DriftNull,
  LayerDetail,
  LayerResult,
} from '../domain/results';
import type { ModelSource } from '../domain/source';

/** Names an open model between the page and its workers, for as long as both last. */
export interface Handled {
  handle: string;
}

export interface OpenModelRequest extends Handled {
  source: ModelSource;
  /** Of an earlier analysis, where the worker that made it is gone. */
  record: ModelRecord | null;
}

export interface AnalyseRequest extends Handled {
  source: ModelSource;
  sparsityEpsilon: number;
}

interface Cancellable {
  signal: AbortSignal;
}

/** The analysis worker: per handle one open model, its structure and statistics, not its weights. */
export interface AnalysisApi {
  /** Chooses and tests the backend; again to change it. Work under way stays with the backend it began on. */
  prepare(preference: BackendPreference): Promise<BackendReport>;
  open(request: OpenModelRequest, context: Cancellable): Promise<void>;
  analyse(
    request: AnalyseRequest,
    context: Cancellable & { emit: (event: AnalysisEvent) => void },
  ): Promise<ModelRecord>;
  filters(request: Handled & FilterRange): Promise<LayerFilters>;
  detail(request: Handled & { index: number; sparsityEpsilon: number }): Promise<LayerDetail>;
  coefficients(request: Handled & FilterRange): Promise<Float32Array>;
  density(
    request: Handled & { key: string; index: number | null; components: [number, number] },
    context: Cancellable,
  ): Promise<Density>;
  requalify(request: Handled & { sparsityEpsilon: number }, context: Cancellable): Promise<LayerResult[]>;
  driftNull(request: Handled & { key: string }, context: Cancellable): Promise<DriftNull>;
  content(request: Handled, context: Cancellable): Promise<ModelContent>;
  close(request: Handled): Promise<void>;
}
