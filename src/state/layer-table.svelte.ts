export interface Sorting {
  column: string;
  descending: boolean;
}

/** How the table of a model's layers was left, for the way back to it. */
export class LayerTableState {
  query = $state('');
  sorting: Sorting | null = $state.raw(null);
  /** Also the columns that the place is too narrow for. */
  everyColumn = $state(false);
  /** Pixels scrolled away inside the table. */
  scrollTop = $state(0);
}
