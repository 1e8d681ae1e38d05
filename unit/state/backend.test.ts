import { expect, test, vi } from 'vitest';
import { BackendState } from '../../src/state/backend.svelte';
import type { BackendReport } from '../../src/domain/results';

const report = { name: 'cpu' } as BackendReport;

test('an error is asked about again, an answer is not', async () => {
  const prepare = vi.fn().mockRejectedValueOnce(new Error('out of reach')).mockResolvedValue(report);
  const backend = new BackendState({ prepare });
  await backend.use('cpu');
  expect(backend.error?.message).toBeTruthy();
  await backend.retry();
  expect(backend.error).toBeNull();
  expect(backend.report).toBe(report);
  await backend.retry();
  expect(prepare.mock.calls).toEqual([[{ backend: 'cpu' }], [{ backend: 'cpu' }]]);
});
