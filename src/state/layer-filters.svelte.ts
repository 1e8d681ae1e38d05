import type { LayerFilters } from '../client/types';
import type { PlainError } from '../domain/errors';
import { kernelKey, type Layer } from '../domain/model';
import type { AppState } from './app-state.svelte';
import { Resource } from './resource.svelte';

/** Kernels of a layer a mosaic holds at once; more are named on the page and left out. */
const MOSAIC_FILTERS = 262_144;
const MOSAIC_VALUES = 2 ** 24;

function mosaicLimit({ taps }: Layer): number {
  return Math.min(MOSAIC_FILTERS, Math.max(1, Math.floor(MOSAIC_VALUES / taps)));
}

/** What was asked for one layer of one model. */
interface Asked<Value> {
  modelId: string;
  index: number;
  value: Value;
}

/** What is there of the layer on screen: an answer for another model or layer is never shown under its name. */
export interface LayerResource<Value> {
  readonly value: Value | null;
  readonly error: PlainError | null;
}

function ofLayer<Value>(
  resource: Resource<Asked<Value>>,
  modelId: () => string | null,
  layer: () => Layer | null,
): LayerResource<Value> {
  return {
    get value() {
      const { value } = resource;
      return value && value.modelId === modelId() && value.index === layer()?.index ? value.value : null;
    },
    get error() {
      return resource.error;
    },
  };
}

/** The filters of the layer `layer` names, read anew when it changes. */
export function layerFilters(
  app: AppState,
  layer: () => Layer | null,
  limit: (layer: Layer) => number = mosaicLimit,
): LayerResource<LayerFilters> {
  const resource = new Resource<Asked<LayerFilters>>();
  const wanted = $derived(layer());
  const modelId = $derived(app.entry?.key ?? null);
  const ready = $derived(wanted !== null && app.entry?.layers[wanted.index] !== undefined);
  $effect(() => {
    if (!wanted || !ready || modelId === null) return;
    const { index } = wanted;
    const count = Math.min(wanted.storedFilterCount, limit(wanted));
    void resource.load(async (signal) => ({
      modelId,
      index,
      value: await app.client.layerFilters({ modelId, index, first: 0, count }, { signal }),
    }));
  });
  return ofLayer(
    resource,
    () => modelId,
    () => wanted,
  );
}

/** Coefficients of the layer's first `count` filters on the basis of its kernel size, once that is known. */
export function layerCoefficients(
  app: AppState,
  layer: () => Layer | null,
  count: () => number,
): LayerResource<Float32Array> {
  const resource = new Resource<Asked<Float32Array>>();
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
    const { index } = wanted;
    const request = { modelId, index, first: 0, count: filterCount };
    void resource.load(async (signal) => ({
      modelId,
      index,
      value: await app.client.layerCoefficients(request, { signal }),
    }));
  });
  return ofLayer(
    resource,
    () => modelId,
    () => wanted,
  );
}
