import { expect, test } from 'vitest';
import { layerMomentsReference } from '../../src/analysis/filters';
import { orthogonalityReference } from '../../src/analysis/orthogonality';
import { createCpuBackend } from '../../src/compute/cpu/create-cpu-backend';
import { randomBank } from './banks';

test('runs in WebAssembly SIMD in a browser', async () => {
  const backend = await createCpuBackend();
  expect(backend.description).toBe('CPU (WebAssembly SIMD)');
  const bank = randomBank(300, 9);
  const { raw } = await backend.layerMoments(bank, { sparsityEpsilon: 0.01 });
  const expected = layerMomentsReference(bank, { sparsityEpsilon: 0.01 }).raw;
  raw.scatter.forEach((value, i) => expect(value).toBeCloseTo(expected.scatter[i]!, 12));
  const orthogonality = (await backend.orthogonality(bank, 30))!;
  expect(Math.abs(orthogonality - orthogonalityReference(bank.values, 30, 90)!)).toBeLessThan(1e-6);
});
