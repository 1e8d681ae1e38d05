import type { Thresholds } from './thresholds';
import type { Design, DoubleList, InitialSigns } from './traits';

/** What is said of a layer, in words and by which limits. */
export interface LayerReport {
  /** All that hold, gravest first. */
  verdicts: { name: string; explanation: string }[];
  /** The H that random filters reach; null where there is nothing to hold H against. */
  entropyThreshold: EntropyThreshold | null;
  /** H below this is low in diversity; null where it is not judged. */
  lowDiversityLimit: number | null;
  design: Design | null;
  signs: InitialSigns | null;
  /** By number, from 0. */
  deadChannels: { output: number[]; input: number[] } | null;
  doubles: {
    filters: DoubleList | null;
    filtersByChance: number;
    outputChannels: DoubleList | null;
    inputChannels: DoubleList | null;
  } | null;
}

export interface EntropyThreshold {
  value: number;
  source: 'published' | 'simulated';
  /** Two standard errors of a simulated one, and how many layers it was drawn from. */
  error: number | null;
  draws: number | null;
}

/** What is said of a model. */
export interface ModelReport {
  summary: string;
  /** Layers by their gravest verdict. */
  verdictCounts: Record<string, number>;
  thresholds: Thresholds;
  /** By layer index; null where a layer has no result. */
  layers: (LayerReport | null)[];
}
