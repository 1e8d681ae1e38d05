import type { Curve } from './types';

/** Coefficients of one component: the shown set of filters and, as an outline, the set it is held against. */
export interface ComponentDistribution {
  /** e.g. `c0` */
  label: string;
  /** e.g. `EVR 31.2 %` */
  note?: string;
  /** Exact counts on `bins` equal bins over the common range. */
  counts: Uint32Array;
  /** Probability density; null where there is none (n < 2, no spread). */
  curve: Curve | null;
  /** Counts of the reference on the same bins; drawn as density. */
  reference?: Uint32Array | null;
}
