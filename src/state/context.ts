import { getContext } from 'svelte';
import type { AppState } from './app-state.svelte';

const KEY = Symbol('app state');

/** The context to mount the page with. */
export function appContext(app: AppState): Map<unknown, unknown> {
  return new Map([[KEY, app]]);
}

/** The state of the page, in any component. */
export function useApp(): AppState {
  return getContext<AppState>(KEY);
}
