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
 * Spreads layers over lanes, heaviest first to the least loaded (longest processing time rule); each lane's layers in
 * file order, and the first layer of the file first on the first lane.
 */
export function balance(layers: readonly Layer[], laneCount: number): Layer[][] {
  const lanes = Array.from({ length: laneCount }, () => ({ load: 0, layers: [] as Layer[] }));
  const [first, ...rest] = layers;
  if (first) {
    lanes[0].layers.push(first);
    lanes[0].load += costOf(first);
  }
  for (const layer of rest.sort((a, b) => costOf(b) - costOf(a))) {
    const lightest = lanes.reduce((a, b) => (b.load < a.load ? b : a));
    lightest.layers.push(layer);
    lightest.load += costOf(layer);
  }
  return lanes.map((lane) => lane.layers.sort((a, b) => a.index - b.index));
}
