import type { Component } from 'svelte';
import type { ViewId } from '../state/fragment';
import type { ModelEntry } from '../state/model-entry.svelte';
import type { Selection } from '../state/selection.svelte';
import FiltersView from './filters/FiltersView.svelte';
import LayerView from './layer/LayerView.svelte';
import OverviewView from './overview/OverviewView.svelte';

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
  component: Component<ViewProps>;
}

/** Every view of a model, in the order of the tabs. */
export const VIEWS: readonly View[] = [
  { id: 'overview', title: 'Overview', key: '1', component: OverviewView },
  { id: 'layer', title: 'Layer', key: '2', component: LayerView },
  { id: 'filters', title: 'Filters', key: '3', component: FiltersView },
];
