import { afterEach, expect, test, vi } from 'vitest';
import { decodePicture } from '../../src/client/sample-picture';
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

test('a list holds each picture decoded, or none where it cannot be drawn', async () => {
  const picture = { kernel: [1, 3], count: 1, values: 'f4EA' };
  const models = [{ id: 'a', picture }, { id: 'b' }];
  vi.stubGlobal('fetch', async () => Response.json({ version: 1, models }));
  const [first, second] = await loadSamples();
  expect(first!.picture).toEqual({ kernel: [1, 3], count: 1, values: Float32Array.of(1, -1, 0) });
  expect(second!.picture).toBeNull();
});

test.each([
  ['no object', 'f4EA'],
  ['no extents', { kernel: [], count: 3, values: 'f4EA' }],
  ['three extents', { kernel: [1, 1, 3], count: 1, values: 'f4EA' }],
  ['an extent of 0', { kernel: [0, 3], count: 1, values: '' }],
  ['a fraction', { kernel: [1.5, 2], count: 1, values: 'f4EA' }],
  ['a negative count', { kernel: [1, 3], count: -1, values: 'f4EA' }],
  ['an extent in words', { kernel: ['3', 1], count: 1, values: 'f4EA' }],
  ['more taps than any kernel has', { kernel: [1e6, 1e6], count: 1, values: 'f4EA' }],
  ['more kernels than are drawn', { kernel: [1, 1], count: 1e9, values: 'f4EA' }],
  ['too few bytes', { kernel: [1, 3], count: 2, values: 'f4EA' }],
  ['too many bytes', { kernel: [1, 2], count: 1, values: 'f4EA' }],
  ['no base64', { kernel: [1, 3], count: 1, values: '####' }],
  ['no text', { kernel: [1, 3], count: 1, values: [127, -127, 0] }],
])('a picture with %s is none', (_, stored) => {
  expect(decodePicture(stored)).toBeNull();
});
