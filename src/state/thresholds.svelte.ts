import { DEFAULT_THRESHOLDS, type Thresholds } from '../domain/thresholds';
import { changedThresholds } from './fragment';
import type { Route } from './route.svelte';

/** The verdict thresholds on their sliders; those changed are kept in the address. */
export class ThresholdState {
  readonly #route: Route;
  readonly #changes: Partial<Thresholds> = $derived.by(() => this.#route.current.thresholds);
  readonly current: Thresholds = $derived({ ...DEFAULT_THRESHOLDS, ...this.#changes });

  constructor(route: Route) {
    this.#route = route;
  }

  set(changes: Partial<Thresholds>): void {
    this.#route.adjust({ thresholds: changedThresholds({ ...this.current, ...changes }) });
  }

  reset(): void {
    this.#route.adjust({ thresholds: {} });
  }

  get changed(): boolean {
    return Object.keys(this.#changes).length > 0;
  }
}
