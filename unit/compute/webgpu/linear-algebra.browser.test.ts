import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { symmetricEigen } from '../../../src/analysis/eigen';
import { varianceEntropy } from '../../../src/analysis/entropy';
import { layerMomentsReference } from '../../../src/analysis/filters';
import { orthogonalityReference } from '../../../src/analysis/orthogonality';
import type { WebGpuBackend } from '../../../src/compute/webgpu/create-webgpu-backend';
import { randomBank, spread, withFilters } from '../banks';
import { openBackend, OPTIONS } from './support';

let backend: WebGpuBackend;
let tiny: WebGpuBackend;
beforeAll(async () => {
  backend = await openBackend();
  tiny = await openBackend({ maxElements: 300, maxProducts: 5000 });
});
afterAll(() => {
  backend.dispose();
  tiny.dispose();
});

describe('eigen', () => {
  // 81 is beyond workgroup memory and decomposed on the CPU.
  test.each([1, 2, 3, 9, 25, 49, 60, 81])(
    'equals the float64 code on a batch of %i x %i matrices',
    async (taps) => {
      const matrices = [2, 5, 40, 3000].map(
        (count, seed) => layerMomentsReference(randomBank(count, taps, 32, seed), OPTIONS).raw.scatter,
      );
      const pairs = await backend.eigen([...matrices, new Float64Array(taps * taps)], taps);
      expect(pairs.length).toBe(5);
      matrices.forEach((matrix, m) => {
        const { values, vectors } = pairs[m]!;
        const expected = symmetricEigen(matrix, taps);
        const top = expected.values[0]!;
        for (let i = 0; i < taps; i++) {
          expect(Math.abs(values[i]! - expected.values[i]!)).toBeLessThan(1e-5 * top);
          let residual = 0;
          for (let r = 0; r < taps; r++) {
            let product = 0;
            for (let c = 0; c < taps; c++) product += matrix[r * taps + c]! * vectors[i * taps + c]!;
            residual = Math.max(residual, Math.abs(product - values[i]! * vectors[i * taps + r]!));
          }
          expect(residual).toBeLessThan(1e-5 * top);
          for (let j = 0; j <= i; j++) {
            let dot = 0;
            for (let t = 0; t < taps; t++) dot += vectors[i * taps + t]! * vectors[j * taps + t]!;
            expect(Math.abs(dot - Number(i === j))).toBeLessThan(1e-5);
          }
        }
        expect(Math.abs(varianceEntropy(values) - varianceEntropy(expected.values))).toBeLessThan(1e-4);
      });
      expect(pairs[4]!.values.every((value) => value === 0)).toBe(true);
    },
  );

  test('takes matrices of any scale, one by one where limits are small', async () => {
    const { scatter } = layerMomentsReference(randomBank(40, 9), OPTIONS).raw;
    const plain = symmetricEigen(scatter, 9).values;
    for (const factor of [1e-200, 1e-40, 1, 1e40, 1e200]) {
      const pairs = await tiny.eigen([scatter.map((value) => value * factor), scatter], 9);
      pairs[0]!.values.forEach((value, i) => {
        expect(Math.abs(value / factor - plain[i]!)).toBeLessThan(1e-5 * plain[0]!);
      });
    }
  });
});

describe('orthogonality', () => {
  test.each([
    [1, 9],
    [2, 1],
    [2, 5],
    [7, 3],
    [33, 1],
    [64, 64],
    [65, 73],
    [130, 2049],
  ])('of %i rows of %i equals the reference', async (rows, width) => {
    const plain = randomBank(rows, width);
    for (const bank of [
      plain,
      withFilters(plain, [0, rows - 1], 0),
      withFilters(plain, [rows >> 1], NaN),
      withFilters(plain, [...Array(rows).keys()], 0.1),
      { ...plain, values: plain.values.map((value) => value * 1e-42) },
      spread(plain, [1e30, 1e-30]),
      spread(plain, [1e200, 1e-200, 1, 1e-310], 64),
    ]) {
      const expected = orthogonalityReference(bank.values, rows, width);
      for (const compute of rows * width > 10_000 ? [backend] : [backend, tiny]) {
        const actual = await compute.orthogonality(bank, rows);
        if (expected === null) expect(actual).toBeNull();
        else expect(Math.abs(actual! - expected)).toBeLessThan(1e-5);
      }
    }
  });
});
