import type { LayerKind } from '../domain/model';

export interface Sorting {
  column: string;
  descending: boolean;
}

/** What layers are chosen by: those of any chosen value of each, all where none is chosen. */
export interface LayerChoices {
  /** Names of verdicts. */
  verdict: readonly string[];
  kind: readonly LayerKind[];
  /** Kernel sizes, such as `3x3`. */
  kernel: readonly string[];
}

export const NO_CHOICES: LayerChoices = { verdict: [], kind: [], kernel: [] };

/** How the table of a model's layers was left, for the way back to it; its order is in the address. */
export class LayerTableState {
  query = $state('');
  choices: LayerChoices = $state.raw(NO_CHOICES);
  /** Also the columns that the place is too narrow for. */
  everyColumn = $state(false);
  /** Pixels scrolled away inside the table. */
  scrollTop = $state(0);
}
