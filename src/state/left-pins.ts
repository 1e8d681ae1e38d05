import type { ViewState } from './fragment';

type Place = Pick<ViewState, 'model' | 'layer'>;

/** Layers whose pins are kept; those left longest ago are forgotten first. */
const MOST_LAYERS = 1000;

/** The pins that layers were left with, for the way back to them. */
export class LeftPins {
  readonly #pins = new Map<string, readonly number[]>();

  of(place: Place): readonly number[] {
    return this.#pins.get(keyOf(place)) ?? [];
  }

  keep(place: Place, pins: readonly number[]): void {
    const key = keyOf(place);
    this.#pins.delete(key);
    if (pins.length > 0) this.#pins.set(key, pins);
    for (const [oldest] of this.#pins) {
      if (this.#pins.size <= MOST_LAYERS) return;
      this.#pins.delete(oldest);
    }
  }
}

export function isSameLayer(a: Place, b: Place): boolean {
  return keyOf(a) === keyOf(b);
}

/** The first layer is selected where none is named. */
function keyOf({ model, layer }: Place): string {
  return `${layer ?? 0} ${model ?? ''}`;
}
