import { expect } from 'vitest';
import { layerMomentsReference } from '../../../src/analysis/filters';
import { basisFromMoments } from '../../../src/analysis/pca';
import type { FilterBank } from '../../../src/domain/filters';
import type { Basis, LayerMoments, Moments } from '../../../src/domain/results';
import { createWebGpuBackend, type WebGpuBackend } from '../../../src/compute/webgpu/create-webgpu-backend';
import type { KernelLimits } from '../../../src/compute/driver-options';
import { randomBank } from '../banks';

export const OPTIONS = { sparsityEpsilon: 0.01 };

/** Chromium's SwiftShader adapter is there in every run of these tests; without one they must fail, not pass. */
export async function openBackend(bounds?: Partial<KernelLimits>): Promise<WebGpuBackend> {
  const backend = await createWebGpuBackend(bounds);
  if (!backend) throw new Error('These tests need a WebGPU adapter.');
  return backend;
}

export function basisFor(bank: FilterBank): Basis {
  const own = basisFromMoments(layerMomentsReference(bank, OPTIONS).scaled);
  return own ?? basisFromMoments(layerMomentsReference(randomBank(40, bank.taps), OPTIONS).scaled)!;
}

/**
 * Largest error of a scatter, relative to the spreads (root of the diagonal) of its row and column. Least spread: what
 * float32 rounding of the values' own mean makes, or `floor` a filter. Scaled filters are rounded to float32 (2^-25) when
 * divided by their peak, so that theirs is 1/16: a bank whose scaled taps all but agree keeps that absolute accuracy.
 */
export function scatterError(actual: Moments, expected: Moments, floor = 0): number {
  const taps = expected.mean.length;
  const magnitude = expected.mean.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const least = expected.count * Math.max(magnitude * 2 ** -24, floor) ** 2;
  const spread = Array.from({ length: taps }, (_, t) =>
    Math.sqrt(Math.max(expected.scatter[t * (taps + 1)]!, least)),
  );
  return expected.scatter.reduce((worst, value, at) => {
    const off = Math.abs(actual.scatter[at]! - value);
    return off === 0 ? worst : Math.max(worst, off / (spread[Math.floor(at / taps)]! * spread[at % taps]!));
  }, 0);
}

/** Largest error of a mean, relative to the root mean square of its tap. */
export function meanError(actual: Moments, expected: Moments): number {
  const taps = expected.mean.length;
  return expected.mean.reduce((worst, value, t) => {
    const off = Math.abs(actual.mean[t]! - value);
    const size = Math.sqrt(expected.scatter[t * (taps + 1)]! / expected.count + value * value);
    return off === 0 ? worst : Math.max(worst, off / size);
  }, 0);
}

/** Peak and counts exact, norms and moments within `tolerance`. */
export function expectMoments(actual: LayerMoments, expected: LayerMoments, tolerance = 1e-6): void {
  for (const key of ['filterCount', 'nonFiniteCount', 'peak', 'sparseCount', 'sparsityEpsilon'] as const) {
    expect(actual[key], key).toBe(expected[key]);
  }
  for (const key of ['normL1', 'normL2'] as const) {
    expect(Math.abs(actual[key] - expected[key]), key).toBeLessThanOrEqual(tolerance * expected[key]);
  }
  for (const key of ['raw', 'clean', 'scaled'] as const) {
    expect(actual[key].count, key).toBe(expected[key].count);
    expect(meanError(actual[key], expected[key]), `mean of ${key}`).toBeLessThan(tolerance);
    const floor = key === 'scaled' ? 1 / 16 : 0;
    expect(scatterError(actual[key], expected[key], floor), `scatter of ${key}`).toBeLessThan(tolerance);
  }
}
