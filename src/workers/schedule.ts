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
 * file order, and the first layer of the file first on the first engine.
 */
export function balance(layers: readonly Layer[], engineCount: number): Layer[][] {
  const engines = Array.from({ length: engineCount }, () => ({ load: 0, layers: [] as Layer[] }));
  const [first, ...rest] = layers;
  if (first) {
    engines[0].layers.push(first);
    engines[0].load += costOf(first);
  }
  for (const layer of rest.sort((a, b) => costOf(b) - costOf(a))) {
    const lightest = engines.reduce((a, b) => (b.load < a.load ? b : a));
    lightest.layers.push(layer);
    lightest.load += costOf(layer);
  }
  return engines.map((engine) => engine.layers.sort((a, b) => a.index - b.index));
}
