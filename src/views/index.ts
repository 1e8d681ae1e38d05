import type { Component } from 'svelte';
import type { ViewId } from '../state/fragment';
import type { ModelEntry } from '../state/model-entry.svelte';
import type { Selection } from '../state/selection.svelte';

/** What every view is given. */
export interface ViewProps {
  entry: ModelEntry;
  selection: Selection;
}

export interface View {
  id: ViewId;
  title: string;
  /** Key that goes to it. */
  key: string;
}

/** Every view of a model, in the order of the tabs. */
export const VIEWS: readonly View[] = [
  { id: 'overview', title: 'Overview', key: '1' },
  { id: 'layer', title: 'Layer', key: '2' },
  { id: 'filters', title: 'Filters', key: '3' },
];

export type ViewComponents = Readonly<Record<ViewId, Component<ViewProps>>>;

/** The code of all views, which the first screen does without. */
export async function loadViews(): Promise<ViewComponents> {
  return (await import('./components')).COMPONENTS;
}
