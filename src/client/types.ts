import type { AnalysisApi } from '../workers/analysis-api.types';
import type { Remote } from '../workers/rpc';

export type { AnalysisEvent, LayerFilters } from '../workers/analysis-api.types';

export type { BackendPreference } from '../domain/results';

/** The analysis worker as the page sees it; `restore` is the client's own affair. */
export type AnalysisClient = Remote<Omit<AnalysisApi, 'restore'>>;
export type Density = Awaited<ReturnType<AnalysisApi['density']>>;
