/** What the worker hands to views, named here because views know the state only. */
export type { Density, LayerFilters } from '../client/types';
