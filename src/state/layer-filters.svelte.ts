import type { PlainError } from '../domain/errors';
import { kernelKey, type Layer } from '../domain/model';
import type { DataOptions, LayerFilters, ModelData } from '../domain/model-data';
import type { LayerDetail } from '../domain/results';
import type { ModelEntry } from './model-entry.svelte';
import { Resource } from './resource.svelte';

/** Kernels of a layer a mosaic holds at once; more are named on the page and left out. */
const MOSAIC_FILTERS = 262_144;
const MOSAIC_VALUES = 2 ** 24;

function mosaicLimit({ taps }: Layer): number {
  return Math.min(MOSAIC_FILTERS, Math.max(1, Math.floor(MOSAIC_VALUES / taps)));
}

/** What is there of one layer: an answer for another model or layer is never shown under its name. */
export interface LayerResource<Value> {
  readonly value: Value | null;
  readonly error: PlainError | null;
}

type Ask<Value> = (data: ModelData, options: DataOptions) => Promise<Value>;

/** Asks anew whenever `request` gives another question; nothing is asked while it gives null. */
function layerResource<Value>(
  entry: () => ModelEntry,
  layer: () => Layer | null,
  request: (layer: Layer) => Ask<Value> | null,
): LayerResource<Value> {
  const resource = new Resource<{ data: ModelData; index: number; value: Value }>();
  $effect(() => {
    const { data } = entry();
    const asked = layer();
    const ask = asked && request(asked);
    if (!ask || !data) {
      resource.clear();
      return;
    }
    const { index } = asked;
    void resource.load(async (signal) => ({ data, index, value: await ask(data, { signal }) }));
  });
  return {
    get value() {
      const { value } = resource;
      return value && value.data === entry().data && value.index === layer()?.index ? value.value : null;
    },
    get error() {
      return resource.error;
    },
  };
}

/** The layer's first filters, as soon as it is measured. */
export function layerFilters(
  entry: () => ModelEntry,
  layer: () => Layer | null,
  limit: (layer: Layer) => number = mosaicLimit,
): LayerResource<LayerFilters> {
  const isMeasured = $derived(entry().layers[layer()?.index ?? -1] !== undefined);
  return layerResource(entry, layer, (asked) => {
    if (!isMeasured) return null;
    const { index, storedFilterCount } = asked;
    const count = Math.min(storedFilterCount, limit(asked));
    return (data, options) => data.filters({ index, first: 0, count }, options);
  });
}

/** Coefficients of the layer's first `count` filters on the basis of its kernel size, once that is known. */
export function layerCoefficients(
  entry: () => ModelEntry,
  layer: () => Layer | null,
  count: () => number,
): LayerResource<Float32Array> {
  const keys = $derived(
    entry().status === 'done'
      ? entry()
          .kernelSizes.map(({ key }) => key)
          .join()
      : '',
  );
  const wanted = $derived(count());
  return layerResource(entry, layer, ({ index, kernel }) => {
    if (!keys.split(',').includes(kernelKey(kernel)) || wanted === 0) return null;
    return (data, options) => data.coefficients({ index, first: 0, count: wanted }, options);
  });
}

/** Basis, covariance and folded quality of the layer, once every layer is measured and where `isWanted`. */
export function layerDetail(
  entry: () => ModelEntry,
  layer: () => Layer | null,
  isWanted: (layer: Layer) => boolean,
): LayerResource<LayerDetail> {
  const isDone = $derived(entry().status === 'done');
  const sparsityEpsilon = $derived(entry().sparsityEpsilon);
  return layerResource(entry, layer, (asked) => {
    if (!isDone || !isWanted(asked)) return null;
    const request = { index: asked.index, sparsityEpsilon };
    return (data, options) => data.detail(request, options);
  });
}
