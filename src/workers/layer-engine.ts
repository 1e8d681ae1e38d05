import type { ModelOutline } from '../formats/reader';
import type { Basis, CoefficientHistogram, LayerResult, Moments } from '../domain/results';

export interface OpenRequest {
  modelId: string;
  file: Blob;
  fileName: string;
  companions: { name: string; file: Blob }[];
  /** Of the same file, from the engine that looked through it. */
  outline?: ModelOutline;
}

export interface MeasuredLayer {
  /** Orthogonality is measured apart and null here. */
  result: LayerResult;
  /** Moments of the scaled filters, for the pooled bases. */
  scaled: Moments;
}

/**
 * One line of work on the layers of open models: the analysis worker's own, or a helper worker's beside it. Each engine
 * reads what it works on from the file by itself and keeps recently used filters, so layers stay with their engine.
 */
export interface LayerEngine {
  /** Loads what measuring needs, ahead of the first model. */
  prepare(request: null): Promise<void>;
  open(request: OpenRequest): Promise<void>;
  measure(request: { modelId: string; indices: number[]; sparsityEpsilon: number }): Promise<MeasuredLayer[]>;
  orthogonality(request: {
    modelId: string;
    index: number;
  }): Promise<{ value: number | null; note: string | null }>;
  coefficientRange(request: {
    modelId: string;
    index: number;
    basis: Basis;
  }): Promise<[number, number] | null>;
  coefficientHistogram(request: {
    modelId: string;
    index: number;
    basis: Basis;
    range: [number, number];
    bins: number;
  }): Promise<CoefficientHistogram>;
  /** From now on keeps filters of this model between passes, up to a limit. */
  cacheFilters(request: { modelId: string; byteLimit: number }): Promise<void>;
  /** Forgets the filters of a model, not the model: what follows reads them again. */
  dropCache(request: { modelId: string }): Promise<void>;
  close(request: { modelId: string }): Promise<void>;
}
