import type { Layer } from '../domain/model';
import type { KernelSizeResult, LayerResult } from '../domain/results';
import type { ModelEntry } from './model-entry.svelte';
import type { Route } from './route.svelte';

/** What is selected of one model: as the address says, within what the model has. */
export class Selection {
  readonly #entry: ModelEntry;
  readonly #route: Route;

  constructor(entry: ModelEntry, route: Route) {
    this.#entry = entry;
    this.#route = route;
  }

  /** The layer selected in every view: the first where none is. */
  get layer(): Layer | null {
    const layers = this.#entry.description?.layers ?? [];
    return layers[this.#route.current.layer ?? 0] ?? layers[0] ?? null;
  }

  get layerResult(): LayerResult | null {
    const { layer } = this;
    return (layer && this.#entry.layers[layer.index]) ?? null;
  }

  /** The kernel size whose basis is shown: the chosen one, else 3x3, else the one with most filters. */
  get size(): KernelSizeResult | null {
    const sizes = this.#entry.kernelSizes;
    const most = (a: KernelSizeResult, b: KernelSizeResult) =>
      b.basis.filterCount > a.basis.filterCount ? b : a;
    return (
      sizes.find(({ key }) => key === this.#route.current.size) ??
      sizes.find(({ key }) => key === '3x3') ??
      (sizes.length > 0 ? sizes.reduce(most) : null)
    );
  }
}
