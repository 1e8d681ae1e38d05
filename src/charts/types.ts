/** Types the charts share with the views that feed them. */

import type { CsvCell } from '../domain/export/csv';

/** A chart's data as a table: shown by "Table", saved by "CSV". */
export interface ChartTable {
  columns: string[];
  rows: CsvCell[][];
}

/** What stands behind "What is this?". */
export interface Explanation {
  /** Plain words: what is shown and how to read it. */
  text: string;
  formula?: string;
  /** Where the definition comes from. */
  source: string;
}

/** A curve by its points; `x` rises. */
export interface Curve {
  x: ArrayLike<number>;
  y: ArrayLike<number>;
}

export type Tone = 'good' | 'warn' | 'bad' | 'neutral';
