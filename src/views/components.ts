import { preloadFigures } from '../charts/preload-figures';
import type { ViewComponents } from '.';
import FiltersView from './filters/FiltersView.svelte';
import LayerView from './layer/LayerView.svelte';
import OverviewView from './overview/OverviewView.svelte';

export const COMPONENTS: ViewComponents = {
  overview: OverviewView,
  layer: LayerView,
  filters: FiltersView,
};

preloadFigures();
