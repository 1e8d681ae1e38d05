/** A bundled model and what is known about it, as listed in public/samples/manifest.json. */
export interface SampleModel {
  id: string;
  /** File name beside the manifest. */
  file: string;
  title: string;
  byteLength: number;
  sha256: string;
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
