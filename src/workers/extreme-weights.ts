import type { ComputeBackend, MomentsOptions } from '../compute/backend';
import { rescaledByFilter, rescaledExactly } from '../compute/rescale';
import type { FilterBank } from '../domain/filters';
import type { LayerMoments, Moments } from '../domain/results';

/** Moments of the bank times a power of two. */
export async function momentsTimes(
  factor: number,
  backend: ComputeBackend,
  bank: FilterBank,
  options: MomentsOptions,
): Promise<LayerMoments> {
  const moments = await backend.layerMoments(rescaledExactly(bank, factor), options);
  if (factor === 1) return moments;
  // Filters far weaker than the strongest become zero times its factor; scaled, they are what they were.
  const { scaled } = await backend.layerMoments(rescaledByFilter(bank), options);
  return { ...moments, scaled };
}

/** Whether moments times a power of two are held by float64 without it: none overflows, none becomes denormal or 0. */
export function isIntact(ranged: Moments, stored: Moments): boolean {
  return stored.scatter.every(
    (value, at) =>
      ranged.scatter[at] === 0 || (Math.abs(value) >= LEAST_NORMAL && Math.abs(value) < Infinity),
  );
}

const LEAST_NORMAL = 2 ** -1022;

/** What the page and the export say where a layer is measured on its weights times a power of two. */
export function outOfRangeNote({ peak, normL1, normL2 }: LayerMoments, isHeld: boolean): string {
  const beyond = [
    ...(isHeld ? [] : ['variances of taps and covariances']),
    ...(Number.isFinite(normL1) && Number.isFinite(normL2) ? [] : ['norms']),
  ];
  const sentence = `The largest weight is ${peak.toPrecision(3)}: the layer is measured on its weights times a power of two`;
  if (beyond.length === 0) return `${sentence}.`;
  return `${sentence}, and ${beyond.join(' and ')} that 64-bit numbers cannot hold are 0 or left out.`;
}
