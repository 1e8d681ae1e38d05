import { symmetricEigenvalues } from '../analysis/eigen';
import { covariance } from '../analysis/moments';
import type { ComputeBackend } from '../compute/backend';
import type { LayerMoments, Moments } from '../domain/results';

/** Larger matrices are decomposed one by one, without the vectors, which take most of the time and are not needed. */
const BATCHED_TAPS = 32;

/** Eigenvalues of the covariances of raw and of clean filters, which are one where no filter is sparse; layers together. */
export async function layerEigenvalues(
  backend: ComputeBackend,
  moments: readonly LayerMoments[],
): Promise<Record<'raw' | 'clean', Float64Array>[]> {
  const byTaps = new Map<number, Moments[]>();
  for (const { raw, clean, sparseCount } of moments) {
    const taps = raw.mean.length;
    const sets = byTaps.get(taps) ?? [];
    byTaps.set(taps, sets);
    sets.push(...(sparseCount === 0 ? [raw] : [raw, clean]));
  }
  const values = new Map<Moments, Float64Array>();
  for (const [taps, sets] of byTaps) {
    const found = await eigenvalues(backend, sets.map(covariance), taps);
    sets.forEach((set, i) => values.set(set, found[i]));
  }
  return moments.map(({ raw, clean }) => ({
    raw: values.get(raw)!,
    clean: values.get(clean) ?? values.get(raw)!,
  }));
}

async function eigenvalues(
  backend: ComputeBackend,
  matrices: Float64Array[],
  taps: number,
): Promise<Float64Array[]> {
  if (taps > BATCHED_TAPS) return matrices.map((matrix) => symmetricEigenvalues(matrix, taps));
  return (await backend.eigen(matrices, taps)).map(({ values }) => values);
}
