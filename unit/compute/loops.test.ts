import { expect, test, vi } from 'vitest';
import { layerMomentsReference } from '../../src/analysis/filters';
import { orthogonalityReference } from '../../src/analysis/orthogonality';
import { basisFromMoments } from '../../src/analysis/pca';
import { loops } from '../../src/compute/cpu/loops';
import { createSimdKernels } from '../../src/compute/cpu/simd-kernels';
import { randomBank, withFilters } from './banks';

const options = { sparsityEpsilon: 0.01 };

test('does without WebAssembly', async () => {
  vi.stubGlobal('WebAssembly', undefined);
  const { createCpuBackend } = await import('../../src/compute/cpu/create-cpu-backend');
  const backend = await createCpuBackend();
  vi.unstubAllGlobals();
  expect(backend.description).toBe('CPU (without WebAssembly SIMD)');
  const bank = randomBank(60, 9);
  const { raw } = await backend.layerMoments(bank, options);
  expect(raw.scatter[0]).toBeCloseTo(layerMomentsReference(bank, options).raw.scatter[0]!, 12);
  const orthogonality = await backend.orthogonality(bank, 20);
  expect(orthogonality).toBeCloseTo(orthogonalityReference(bank.values, 20, 27)!, 13);
});

test.each([
  [9, 32],
  [9, 64],
  [25, 32],
  [50, 32],
] as const)(
  'loops and WebAssembly give the same peaks, coefficients and counts: %i taps, float%i',
  async (taps, precision) => {
    const simd = await createSimdKernels();
    // More than one stage, filters left out in the middle of batches.
    const bank = withFilters(randomBank(8000, taps, precision), [0, 17, 95, 96, 4000, 7999], NaN);
    const { components, mean } = basisFromMoments(layerMomentsReference(bank, options).scaled)!;
    const peaks = loops.peaks(bank.values, taps);
    expect(simd.peaks(bank.values, taps)).toEqual(peaks);
    const projection = { x: bank.values, peaks, components, offsets: mean };
    const [low, high] = loops.range(projection);
    expect(simd.range(projection)).toEqual([low, high]);
    for (const [from, to] of [
      [low, high],
      [-0.5, 0.25],
    ] as const) {
      expect(simd.histogram(projection, from, to, 70)).toEqual(loops.histogram(projection, from, to, 70));
    }
  },
);

test.each([
  [9, 60_000],
  [130, 5000],
  [1500, 70],
])('loops and WebAssembly give the same sum over pairs of %i rows of %i', async (rows, width) => {
  const simd = await createSimdKernels();
  const { values } = randomBank(rows, width);
  const scales = Float64Array.from({ length: rows }, (_, i) => (i % 5 === 2 ? 0 : 1 / (i + 1)));
  for (const split of [0, 1, 6, rows >> 1, rows - 1]) {
    const expected = loops.rowGram(values, scales, split);
    expect(Math.abs(simd.rowGram(values, scales, split) / expected - 1)).toBeLessThan(2e-6);
  }
});

test.each([32, 64] as const)(
  'loops and WebAssembly give the same bits of sums of squares, float%i',
  async (precision) => {
    const simd = await createSimdKernels();
    for (const width of [1, 2, 3, 4, 5, 9, 63, 64, 1000]) {
      const { values } = randomBank(7, width, precision);
      expect(simd.rowSquares(values, 7)).toEqual(loops.rowSquares(values, 7));
    }
  },
);
