import { simulatedEntropy, type EntropyNull } from '../analysis/simulated-entropy';
import type { Layer } from '../domain/model';
import type { LayerResult } from '../domain/results';
import { isSpatial } from '../domain/spatial';

const SEED = 1;
/** A draw costs about taps squared; one null stays well below a frame's patience. */
const WORK = 60_000;
const DRAWS: [fewest: number, most: number] = [16, 200];
/** Simulation goes on in slices of this many milliseconds, so that the page stays responsive. */
const SLICE = 8;

/**
 * Simulated entropy of random layers, for kernel sizes without a published threshold; asked for by the size of a layer,
 * there a moment later.
 */
export class EntropyNulls {
  #known: Readonly<Record<string, EntropyNull>> = $state.raw({});
  readonly #wanted: [key: string, filterCount: number, taps: number][] = [];
  #timer: ReturnType<typeof setTimeout> | null = null;

  /** The null of a layer; null where a published threshold serves, nothing can be simulated, or it is still to come. */
  of(layer: Layer, result: LayerResult): EntropyNull | null {
    return this.#needed(layer, result) ? (this.#known[keyOf(layer, result)] ?? null) : null;
  }

  /** Sees to it that the nulls of these layers are simulated. */
  want(layers: readonly Layer[], results: readonly (LayerResult | undefined)[]): void {
    for (const layer of layers) {
      const result = results[layer.index];
      if (!result || !this.#needed(layer, result)) continue;
      const key = keyOf(layer, result);
      const known = key in this.#known || this.#wanted.some(([wanted]) => wanted === key);
      if (!known) this.#wanted.push([key, result.filterCount, layer.taps]);
    }
    if (this.#timer === null && this.#wanted.length > 0) this.#timer = setTimeout(() => this.#simulate(), 0);
  }

  #needed({ kernel }: Layer, { quality, filterCount }: LayerResult): boolean {
    return quality.randomThreshold === null && filterCount >= 2 && isSpatial(kernel);
  }

  #simulate(): void {
    const known = { ...this.#known };
    const end = performance.now() + SLICE;
    for (let next = this.#wanted.shift(); next; next = this.#wanted.shift()) {
      const [key, filterCount, taps] = next;
      const draws = Math.min(DRAWS[1], Math.max(DRAWS[0], Math.round(WORK / taps ** 2)));
      known[key] = simulatedEntropy(filterCount, taps, draws, SEED);
      if (performance.now() > end) break;
    }
    this.#known = known;
    this.#timer = this.#wanted.length > 0 ? setTimeout(() => this.#simulate(), 0) : null;
  }
}

function keyOf({ taps }: Layer, { filterCount }: LayerResult): string {
  return `${filterCount}x${taps}`;
}
