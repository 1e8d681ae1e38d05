import type { Weights } from './filters';

/** What a sample shows, best beside the others of its group; in the order on screen. */
export const SAMPLE_GROUPS = ['task', 'robustness', 'data', 'degeneration', 'depthwise'] as const;
export type SampleGroup = (typeof SAMPLE_GROUPS)[number];

/** Kernels of a sample's first layer, row-major; the largest |weight| of that layer is 1. */
export interface SamplePicture {
  kernel: number[];
  count: number;
  values: Weights;
}

/** A bundled model and what is known about it, as listed in public/samples/manifest.json. */
export interface SampleModel {
  id: string;
  /** File name beside the manifest. */
  file: string;
  title: string;
  byteLength: number;
  sha256: string;
  group: SampleGroup;
  /** One short sentence. */
  teaches: string;
  /** Null where the manifest holds none that can be drawn. */
  picture: SamplePicture | null;
  task: string;
  visualCategory: string;
  trainingData: string;
  architecture: string;
  batchNorm: string;
  training: string;
  /** How well it does what it was trained for. */
  metric: { name: string; value: number; chance: number | null };
  description: string;
}
