import type { PlainError } from '../domain/errors';
import type { LateFigures } from '../domain/late-figures';
import type { Basis, LayerMoments, LayerResult, Moments } from '../domain/results';
import type { ModelSource } from '../domain/source';
import type { LayerCounts, PackedHistogram } from '../domain/statistics';
import type { ModelOutline } from '../formats/reader';

/** One layer of a model that an engine holds open under `handle`. */
export interface LayerPlace {
  handle: string;
  index: number;
}

export interface OpenRequest {
  /** Names the open model in later requests. */
  handle: string;
  source: ModelSource;
  /** Of the same source, from the engine that looked through it. */
  outline?: ModelOutline;
}

export interface MeasuredLayer {
  /** Late figures are measured apart and null here. */
  result: LayerResult;
  moments: LayerMoments | LayerCounts;
  /** Moments of the scaled filters, for the pooled bases. */
  scaled: Moments;
}

/** What late figures need to know of the layer. */
export type MeasuredSize = Pick<LayerResult, 'filterCount'> & { peak: number };

/** A layer whose weights cannot be read, with the reason; the others can. */
export interface UnreadableLayer {
  failure: PlainError;
}

/**
 * Reads and measures layers of open models: the analysis worker's own, or a helper worker's beside it. Each engine reads
 * what it works on from the file by itself and keeps recently used filters, so layers stay with their engine.
 */
export interface LayerEngine {
  /** Loads what measuring needs, ahead of the first model. */
  prepare(request: null): Promise<void>;
  open(request: OpenRequest): Promise<void>;
  measure(request: {
    handle: string;
    indices: number[];
    sparsityEpsilon: number;
  }): Promise<(MeasuredLayer | UnreadableLayer)[]>;
  lateFigures(request: LayerPlace & { measured: MeasuredSize }): Promise<LateFigures>;
  coefficientRange(request: LayerPlace & { basis: Basis }): Promise<[number, number] | null>;
  coefficientHistogram(
    request: LayerPlace & { basis: Basis; basisId: string; range: [number, number]; bins: number },
  ): Promise<PackedHistogram>;
  /** From now on keeps filters of this model between passes, up to a limit. */
  cacheFilters(request: { handle: string; byteLimit: number }): Promise<void>;
  /** Forgets the filters of a model, not the model: what follows reads them again. */
  dropCache(request: { handle: string }): Promise<void>;
  close(request: { handle: string }): Promise<void>;
}
