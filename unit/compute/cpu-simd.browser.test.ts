import { expect, test, vi } from 'vitest';
import { layerMomentsReference } from '../../src/analysis/filters';
import { orthogonalityReference } from '../../src/analysis/orthogonality';
import { createCpuBackend } from '../../src/compute/cpu/create-cpu-backend';
import { randomBank } from './banks';

test('runs in plain WebAssembly SIMD where the browser does not take relaxed SIMD', async () => {
  vi.spyOn(WebAssembly, 'validate').mockReturnValue(false);
  const backend = await createCpuBackend();
  expect(backend.description).toBe('CPU (WebAssembly SIMD)');
  const bank = randomBank(300, 9);
  const { raw } = await backend.layerMoments(bank, { sparsityEpsilon: 0.01 });
  const expected = layerMomentsReference(bank, { sparsityEpsilon: 0.01 }).raw;
  raw.scatter.forEach((value, i) => expect(value).toBeCloseTo(expected.scatter[i]!, 12));
  expect(await backend.orthogonality(bank, 30)).toBeCloseTo(orthogonalityReference(bank.values, 30, 90)!, 13);
});
