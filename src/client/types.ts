import type { AnalysisApi } from '../workers/analysis-api.types';
import type { AnalysisClient as Client } from './analysis';

export type {
  AnalyseRequest,
  AnalysisEvent,
  BackendChoice,
  LayerFilters,
} from '../workers/analysis-api.types';

/** The analysis worker as the page sees it. */
export type AnalysisClient = { [Method in keyof Client]: Client[Method] };
export type Density = Awaited<ReturnType<AnalysisApi['density']>>;
