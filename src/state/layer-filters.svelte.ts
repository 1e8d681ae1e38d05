import type { LayerFilters } from '../client/types';
import { kernelKey, type Layer } from '../domain/model';
import type { AppState } from './app-state.svelte';
import { Resource } from './resource.svelte';

/** Kernels of a layer a mosaic holds at once; more are named on the page and left out. */
const MOSAIC_FILTERS = 262_144;
const MOSAIC_VALUES = 2 ** 24;

function mosaicLimit({ taps }: Layer): number {
  return Math.min(MOSAIC_FILTERS, Math.max(1, Math.floor(MOSAIC_VALUES / taps)));
}

/** The filters of the layer `layer` names, read anew when it changes. */
export function layerFilters(
  app: AppState,
  layer: () => Layer | null,
  limit: (layer: Layer) => number = mosaicLimit,
): Resource<LayerFilters> {
  const resource = new Resource<LayerFilters>();
  const wanted = $derived(layer());
  const modelId = $derived(app.entry?.key ?? null);
  const ready = $derived(wanted !== null && app.entry?.layers[wanted.index] !== undefined);
  $effect(() => {
    if (!wanted || !ready || modelId === null) return;
    const count = Math.min(wanted.storedFilterCount, limit(wanted));
    void resource.load((signal) =>
      app.client.layerFilters({ modelId, index: wanted.index, first: 0, count }, { signal }),
    );
  });
  return resource;
}

/** Coefficients of the layer's first `count` filters on the basis of its kernel size, once that is known. */
export function layerCoefficients(
  app: AppState,
  layer: () => Layer | null,
  count: () => number,
): Resource<Float32Array> {
  const resource = new Resource<Float32Array>();
  const wanted = $derived(layer());
  const filterCount = $derived(count());
  const modelId = $derived(app.entry?.key ?? null);
  const hasBasis = $derived(
    wanted !== null &&
      app.entry?.status === 'done' &&
      app.entry.kernelSizes.some(({ key }) => key === kernelKey(wanted.kernel)),
  );
  $effect(() => {
    resource.clear();
    if (!wanted || !hasBasis || modelId === null || filterCount === 0) return;
    const request = { modelId, index: wanted.index, first: 0, count: filterCount };
    void resource.load((signal) => app.client.layerCoefficients(request, { signal }));
  });
  return resource;
}
