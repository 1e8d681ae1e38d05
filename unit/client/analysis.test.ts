import { beforeEach, expect, test, vi } from 'vitest';
import { connectAnalysis } from '../../src/client/analysis';
import { modelResult } from '../support/model-result';

interface Call {
  id: number;
  type: string;
  method: string;
}

/** A worker that answers calls from `answers`; a method without an answer never returns. */
class FakeWorker extends EventTarget {
  static all: FakeWorker[] = [];
  static answers: Record<string, unknown> = {};
  readonly calls: string[] = [];
  terminated = false;

  constructor() {
    super();
    FakeWorker.all.push(this);
  }

  postMessage({ id, type, method }: Call): void {
    if (type !== 'call') return;
    this.calls.push(method);
    if (!(method in FakeWorker.answers)) return;
    const data = { id, type: 'result', value: FakeWorker.answers[method] };
    queueMicrotask(() => this.dispatchEvent(new MessageEvent('message', { data })));
  }

  crash(): void {
    this.dispatchEvent(Object.assign(new Event('error', { cancelable: true }), { message: 'out of memory' }));
  }

  terminate(): void {
    this.terminated = true;
  }
}

const request = {
  modelId: 'a',
  file: new Blob(['x']),
  fileName: 'a.onnx',
  companions: [],
  sparsityEpsilon: 0.01,
};

beforeEach(() => {
  FakeWorker.all = [];
  FakeWorker.answers = {
    analyse: modelResult(),
    restore: undefined,
    sha256: 'ab',
    prepare: modelResult().backend,
  };
  vi.stubGlobal('Worker', FakeWorker);
  vi.stubGlobal('navigator', { hardwareConcurrency: 1 });
  return () => vi.unstubAllGlobals();
});

test('one helper worker a spare core, at most three', () => {
  for (const [cores, workers] of [
    [1, 1],
    [2, 2],
    [16, 4],
  ]) {
    FakeWorker.all = [];
    vi.stubGlobal('navigator', { hardwareConcurrency: cores });
    connectAnalysis();
    expect(FakeWorker.all).toHaveLength(workers);
  }
});

test('after a crash what was under way fails with a sentence, and the next call brings the open model along', async () => {
  const client = connectAnalysis();
  await client.prepare({ backend: 'cpu' });
  await client.analyse(request);
  delete FakeWorker.answers.sha256;
  const lost = client.sha256({ modelId: 'a' });
  FakeWorker.all[0].crash();
  await expect(lost).rejects.toMatchObject({ code: 'worker-crashed', cause: 'out of memory' });
  expect(FakeWorker.all[0].terminated).toBe(true);
  FakeWorker.answers.sha256 = 'ab';
  expect(await client.sha256({ modelId: 'a' })).toBe('ab');
  expect(FakeWorker.all[1].calls).toEqual(['prepare', 'restore', 'sha256']);
});

test('workers that cannot be loaded are not started again until they are needed', async () => {
  const client = connectAnalysis();
  const lost = client.prepare({ backend: 'cpu' });
  FakeWorker.all[0].dispatchEvent(new Event('error', { cancelable: true }));
  await expect(lost).rejects.toThrow('The analysis could not be loaded');
  expect(FakeWorker.all).toHaveLength(1);
  expect(await client.sha256({ modelId: 'a' })).toBe('ab');
  expect(FakeWorker.all).toHaveLength(2);
});

test('a cancelled analysis that does not let go loses its worker', async () => {
  vi.useFakeTimers();
  try {
    const client = connectAnalysis();
    delete FakeWorker.answers.analyse;
    const controller = new AbortController();
    const stuck = client.analyse(request, { signal: controller.signal });
    const outcome = expect(stuck).rejects.toMatchObject({ name: 'AbortError' });
    controller.abort();
    await vi.runAllTimersAsync();
    await outcome;
    expect(FakeWorker.all.map(({ terminated }) => terminated)).toEqual([true, false]);
  } finally {
    vi.useRealTimers();
  }
});
