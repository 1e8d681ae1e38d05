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
  static refused = false;
  readonly calls: string[] = [];
  terminated = false;

  constructor() {
    super();
    if (FakeWorker.refused) throw new DOMException('Worker', 'SecurityError');
    FakeWorker.all.push(this);
  }

  postMessage({ port }: { port: MessagePort }): void {
    port.onmessage = ({ data: { id, type, method } }: MessageEvent<Call>) => {
      if (type !== 'call') return;
      this.calls.push(method);
      if (method in FakeWorker.answers)
        port.postMessage({ id, type: 'result', value: FakeWorker.answers[method] });
    };
  }

  /** As the analysis worker does where it computes on the CPU. */
  wantHelpers(): void {
    this.dispatchEvent(new MessageEvent('message'));
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
  FakeWorker.refused = false;
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

test('one helper worker a spare core, at most three, once the analysis wants them', async () => {
  for (const [cores, workers] of [
    [1, 1],
    [2, 2],
    [16, 4],
  ]) {
    FakeWorker.all = [];
    vi.stubGlobal('navigator', { hardwareConcurrency: cores });
    await connectAnalysis().prepare({ backend: 'cpu' });
    expect(FakeWorker.all).toHaveLength(1);
    FakeWorker.all[0].wantHelpers();
    await vi.waitFor(() => expect(FakeWorker.all).toHaveLength(workers));
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

test('workers that cannot be started are not tried again until they are needed', async () => {
  FakeWorker.refused = true;
  const client = connectAnalysis();
  await expect(client.prepare({ backend: 'cpu' })).rejects.toThrow('This browser starts no worker');
  FakeWorker.refused = false;
  expect(FakeWorker.all).toHaveLength(0);
  expect(await client.sha256({ modelId: 'a' })).toBe('ab');
  expect(FakeWorker.all).toHaveLength(1);
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
