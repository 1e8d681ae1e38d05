import type { Curve } from './types';

/** One group of filters: a row of the ridge plot. */
export interface RidgeRow {
  label: string;
  filterCount: number;
  /** Density by component, in the order of `columns`; null where there is none. */
  curves: (Curve | null)[];
}
