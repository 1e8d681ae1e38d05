import type { FilterBank, Weights } from '../domain/filters';
import type { Layer } from '../domain/model';
import type { LayerResult } from '../domain/results';

const MOST_KERNELS = 24;
const MOST_VALUES = 2 ** 18;

/** Kernels taken evenly from a layer whose filters pass by in stored order, so that the strip stands for all of it. */
export class Thumbnail {
  readonly #layer: Pick<Layer, 'storedFilterCount' | 'taps'>;
  readonly #count: number;
  #values: Weights;
  #taken = 0;
  #passed = 0;

  constructor(layer: Pick<Layer, 'storedFilterCount' | 'taps'>) {
    this.#layer = layer;
    this.#count = Math.min(MOST_KERNELS, layer.storedFilterCount, Math.floor(MOST_VALUES / layer.taps));
    this.#values = new Float32Array(this.#count * layer.taps);
  }

  take(chunk: FilterBank): void {
    const { storedFilterCount, taps } = this.#layer;
    if (chunk.values instanceof Float64Array && this.#passed === 0)
      this.#values = new Float64Array(this.#values.length);
    for (; this.#taken < this.#count; this.#taken++) {
      const place = Math.floor((this.#taken * storedFilterCount) / this.#count) - this.#passed;
      if (place >= chunk.count) break;
      this.#values.set(chunk.values.subarray(place * taps, (place + 1) * taps), this.#taken * taps);
    }
    this.#passed += chunk.count;
  }

  kernels(): LayerResult['thumbnail'] {
    return { values: this.#values, count: this.#count };
  }
}
