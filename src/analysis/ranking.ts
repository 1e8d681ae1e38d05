import type { Layer } from '../domain/model';
import type { Verdict } from './verdicts';
import { VERDICTS } from './verdict-names';

type Sized = Pick<Layer, 'storedFilterCount' | 'taps' | 'weightId'>;

/** Weights of all convolutions; a weight that several layers share counts once. */
export function parameterCount(layers: readonly Sized[]): number {
  const byWeight = new Map(layers.map((layer) => [layer.weightId, parametersOf(layer)]));
  return [...byWeight.values()].reduce((sum, count) => sum + count, 0);
}

/** What part of the model's convolution weights each layer holds, in the order of the layers; 0 where there are none. */
export function parameterShares(layers: readonly Sized[]): number[] {
  const total = parameterCount(layers);
  return layers.map((layer) => (total > 0 ? parametersOf(layer) / total : 0));
}

/**
 * How harmful what a verdict tells is, 0 to 1 [ours]: how far the layer is past the threshold, weighted by its share of the model's
 * weights. A layer of zeros is as far past as can be.
 */
export function harmOf({ name, excess }: Verdict, parameterShare: number): number {
  const past = name === 'all-zero' ? 1 : excess;
  return Math.min(1, Math.max(0, past * parameterShare)) || 0;
}

/** Orders layers when it rises: gravest verdict first, within a verdict the most harm first. */
export function severityKey(verdict: Verdict, parameterShare: number): number {
  // Half of it, so that no harm lifts a layer above a graver verdict.
  return VERDICTS.indexOf(verdict.name) - harmOf(verdict, parameterShare) / 2;
}

function parametersOf({ storedFilterCount, taps }: Sized): number {
  return storedFilterCount * taps;
}
