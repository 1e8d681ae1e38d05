import type { AnalysableModel } from '../domain/model-data';
import type { BackendPreference, BackendReport } from '../domain/results';
import type { ModelSource } from '../domain/source';

/** Controls the backends and starts models; what is known of one model is asked of the model itself. */
export interface Analyser {
  /** Chooses and tests the backend; again to change it. */
  prepare(preference: BackendPreference): Promise<BackendReport>;
  /** Nothing is read until something is asked of it. */
  open(source: ModelSource): AnalysableModel;
}
