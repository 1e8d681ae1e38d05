import { DesignProbe } from '../analysis/designed';
import { doubleChannels } from '../analysis/double-channels';
import { doublesByChance } from '../analysis/double-chance';
import { doubleFilters } from '../analysis/double-filters';
import { SquareSums, type ChannelLayout } from '../analysis/initial-signs';
import { simulatedEntropy } from '../analysis/simulated-entropy';
import type { FilterBank } from '../domain/filters';
import { isPointwise, type Layer } from '../domain/model';
import type { EntropyNull } from '../domain/results';
import { isSpatial } from '../domain/spatial';
import type { Doubles, LayerTraits } from '../domain/traits';
import type { MeasuredSize } from './layer-engine';

/** Sees a layer's filters in stored order, run by run, and tells its traits but for the late ones. */
export class TraitsLook {
  readonly #sums: SquareSums;
  readonly #probe: DesignProbe;
  readonly #isPointwise: boolean;

  constructor(layer: Layer) {
    this.#sums = new SquareSums(layoutOf(layer));
    this.#probe = new DesignProbe(layer);
    this.#isPointwise = isPointwise(layer.kernel);
  }

  /** @param factor power of two that keeps the weights' fourth powers in range */
  take(chunk: FilterBank, factor: number): void {
    this.#sums.take(chunk, factor);
    this.#probe.take(chunk);
  }

  traits(factor: number): LayerTraits {
    return {
      signs: this.#isPointwise ? null : this.#sums.signs(factor),
      design: this.#probe.design(),
      peaks: this.#sums.peaks(),
      doubles: null,
      entropyNull: null,
    };
  }
}

export function doublesOf(layer: Layer, bank: FilterBank, { filterCount, peak }: MeasuredSize): Doubles {
  return {
    filters: doubleFilters(bank, peak),
    filtersByChance: doublesByChance(filterCount, layer.taps),
    ...doubleChannels(bank, layoutOf(layer), peak),
  };
}

const entropyNulls = new Map<string, EntropyNull>();
const MOST_KEPT = 1000;

/** The simulated null of a layer; null where nothing can be simulated. */
export function entropyNullOf({ kernel, taps }: Layer, filterCount: number): EntropyNull | null {
  if (filterCount < 2 || !isSpatial(kernel)) return null;
  const key = `${filterCount}x${taps}`;
  const known = entropyNulls.get(key);
  if (known) return known;
  const simulated = simulatedEntropy(filterCount, taps);
  if (entropyNulls.size >= MOST_KEPT) entropyNulls.clear();
  entropyNulls.set(key, simulated);
  return simulated;
}

function layoutOf({ shape: [rows, columns], groups }: Layer): ChannelLayout {
  return { rows, columns, groups };
}
