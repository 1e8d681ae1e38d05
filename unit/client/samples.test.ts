import { afterEach, expect, test, vi } from 'vitest';
import { loadSamples } from '../../src/client/samples';

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('a failed list of samples is asked for again', async () => {
  vi.useFakeTimers();
  const answers = [
    ...Array.from({ length: 3 }, () => new Response('busy', { status: 503 })),
    Response.json({ version: 1, models: [] }),
  ];
  vi.stubGlobal('fetch', async () => answers.shift());
  const failed = expect(loadSamples()).rejects.toThrow(
    'The server answered 503 for the list of sample models',
  );
  await vi.runAllTimersAsync();
  await failed;
  expect(await loadSamples()).toEqual([]);
});
