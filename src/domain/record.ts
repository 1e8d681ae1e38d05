import type { ModelDescription } from './model';
import type { BackendReport, KernelSizeResult, LayerResult } from './results';
import type { LayerStatistics } from './statistics';

/** The bytes a model was read from: its main file, then the files beside it that hold its weights, by path. */
export interface ModelContent {
  /** Lower-case hex SHA-256 that stands for all of them. */
  id: string;
  files: ContentFile[];
}

export interface ContentFile {
  /** '' for the main file, whose name is a label and no part of its content. */
  path: string;
  byteLength: number;
  /** Lower-case hex. */
  sha256: string;
}

/**
 * Version of the definitions and algorithms behind the figures: raised whenever a figure of the same filters may change, so
 * that kept results can be told from those computed today.
 */
export const ALGORITHM_VERSION = 1;

/** What is known of an analysed model: statistics, what is derived from them, and how they came about. Plain data. */
export interface ModelRecord {
  description: ModelDescription;
  /** By layer index; layers that share a weight share its statistics. Null where a layer could not be read. */
  statistics: (LayerStatistics | null)[];
  /** By layer index, derived from `statistics`. */
  layers: LayerResult[];
  /** Derived from `statistics`. */
  kernelSizes: KernelSizeResult[];
  algorithm: number;
  /** What measured it: results are byte-equal for one backend, build and engine. */
  backend: BackendReport;
  sparsityEpsilon: number;
  /** Milliseconds by stage, for the page's small print and the benchmark. */
  timings: Record<string, number>;
}
