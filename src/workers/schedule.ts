import type { Layer } from '../domain/model';

/** Weights of one layer cost this many multiply-adds beside its orthogonality (moments, range, histogram). */
const OPERATIONS_A_WEIGHT = 40;
/** The Gram kernel does this many multiply-adds in the time of one of the others. */
const GRAM_SPEED = 4;

/** Relative time a layer takes: linear in its weights, and in its rows once more for orthogonality. */
export function costOf(layer: Pick<Layer, 'shape' | 'storedFilterCount' | 'taps'>): number {
  const values = layer.storedFilterCount * layer.taps;
  return values * (OPERATIONS_A_WEIGHT + layer.shape[0] / 2 / GRAM_SPEED);
}

/**
 * Spreads layers over engines, heaviest first to the least loaded (longest processing time rule); each engine's layers in
 * file order, and the first layer of the file first on the first engine, as are those that `isPinned` names.
 */
export function balance(
  layers: readonly Layer[],
  engineCount: number,
  isPinned: (layer: Layer) => boolean = () => false,
): Layer[][] {
  const engines = Array.from({ length: engineCount }, () => ({ load: 0, layers: [] as Layer[] }));
  const give = (engine: (typeof engines)[number], layer: Layer) => {
    engine.layers.push(layer);
    engine.load += costOf(layer);
  };
  const [first, ...rest] = layers;
  if (first) give(engines[0], first);
  for (const layer of rest.sort((a, b) => costOf(b) - costOf(a))) {
    give(isPinned(layer) ? engines[0] : engines.reduce((a, b) => (b.load < a.load ? b : a)), layer);
  }
  return engines.map((engine) => engine.layers.sort((a, b) => a.index - b.index));
}
