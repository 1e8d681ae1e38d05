import { beforeEach, expect, test, vi } from 'vitest';
import { connectAnalysis } from '../../src/client/analysis';
import type { ModelSource } from '../../src/domain/source';
import { SILENCE_MS } from '../../src/workers/rpc';
import { modelContent, modelRecord } from '../support/model-record';

interface Call {
  id: number;
  type: string;
  method: string;
  request: unknown;
}

/** A worker that answers calls from `answers`; a method without an answer never returns. */
class FakeWorker extends EventTarget {
  static all: FakeWorker[] = [];
  static answers: Record<string, unknown> = {};
  static failures: Record<string, unknown> = {};
  static refused = false;
  readonly calls: string[] = [];
  readonly requests: unknown[] = [];
  terminated = false;

  constructor() {
    super();
    if (FakeWorker.refused) throw new DOMException('Worker', 'SecurityError');
    FakeWorker.all.push(this);
  }

  postMessage({ port }: { port: MessagePort }): void {
    port.onmessage = ({ data: { id, type, method, request } }: MessageEvent<Call>) => {
      if (type !== 'call') return;
      this.calls.push(method);
      this.requests.push(request);
      const failure = FakeWorker.failures[method];
      if (failure) port.postMessage({ id, type: 'failure', error: failure });
      else if (method in FakeWorker.answers)
        port.postMessage({ id, type: 'result', value: FakeWorker.answers[method] });
    };
  }

  /** As the analysis worker does where it computes on the CPU. */
  wantHelpers(): void {
    this.dispatchEvent(new MessageEvent('message', { data: 'helpers' }));
  }

  crash(): void {
    this.dispatchEvent(Object.assign(new Event('error', { cancelable: true }), { message: 'out of memory' }));
  }

  terminate(): void {
    this.terminated = true;
  }
}

const source: ModelSource = { kind: 'files', name: 'a.onnx', main: new Blob(['x']), companions: [] };

function answerAll(): void {
  FakeWorker.answers = {
    analyse: modelRecord(),
    open: undefined,
    content: modelContent(),
    density: 'a density',
    prepare: modelRecord().backend,
  };
}

beforeEach(() => {
  FakeWorker.all = [];
  FakeWorker.refused = false;
  FakeWorker.failures = {};
  answerAll();
  vi.stubGlobal('Worker', FakeWorker);
  vi.stubGlobal('navigator', { hardwareConcurrency: 1 });
  return () => vi.unstubAllGlobals();
});

test('one helper worker per spare core, at most three, once the analysis wants them', async () => {
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

test('after a crash what was under way fails with a sentence, and the next question brings the model along', async () => {
  const analyser = connectAnalysis();
  await analyser.prepare({ backend: 'cpu' });
  const model = analyser.open(source);
  const record = await model.analyse({ sparsityEpsilon: 0.01 });
  delete FakeWorker.answers.content;
  const lost = model.content();
  await vi.waitFor(() => expect(FakeWorker.all[0].calls).toContain('content'));
  FakeWorker.all[0].crash();
  await expect(lost).rejects.toMatchObject({ code: 'worker-crashed', cause: 'out of memory' });
  expect(FakeWorker.all[0].terminated).toBe(true);
  answerAll();
  expect(await model.content()).toEqual(modelContent());
  expect(FakeWorker.all[1].calls).toEqual(['prepare', 'open', 'content']);
  expect(FakeWorker.all[1].requests[1]).toMatchObject({ source, record });
});

test('workers that cannot be started are not tried again until they are needed', async () => {
  FakeWorker.refused = true;
  const analyser = connectAnalysis();
  await expect(analyser.prepare({ backend: 'cpu' })).rejects.toThrow('This browser starts no worker');
  FakeWorker.refused = false;
  expect(FakeWorker.all).toHaveLength(0);
  expect(await analyser.open(source).content()).toEqual(modelContent());
  expect(FakeWorker.all).toHaveLength(1);
});

test('a model is opened once for all that is asked of it, and again after an opening that failed', async () => {
  const analyser = connectAnalysis();
  const model = analyser.open(source);
  const failure = { code: 'unreadable', message: 'Gone.', details: {} };
  FakeWorker.failures = { open: failure };
  await expect(model.content()).rejects.toMatchObject({ code: 'unreadable', message: 'Gone.' });
  FakeWorker.failures = {};
  const [first] = await Promise.all([model.content(), model.content()]);
  expect(first).toEqual(modelContent());
  expect(FakeWorker.all[0].calls).toEqual(['open', 'open', 'content', 'content']);
});

test('a cancelled analysis that does not let go loses its workers, and what another model was asked for is asked again', async () => {
  vi.useFakeTimers();
  try {
    const analyser = connectAnalysis();
    const other = analyser.open({ ...source, name: 'b.onnx' });
    await other.analyse({ sparsityEpsilon: 0.01 });
    delete FakeWorker.answers.analyse;
    delete FakeWorker.answers.density;
    const controller = new AbortController();
    const stuck = analyser.open(source).analyse({ sparsityEpsilon: 0.01 }, { signal: controller.signal });
    const outcome = expect(stuck).rejects.toMatchObject({ name: 'AbortError' });
    const density = other.density({ key: '3x3', index: null, components: [0, 1] });
    controller.abort();
    await vi.advanceTimersByTimeAsync(600);
    expect(FakeWorker.all).toHaveLength(1);
    answerAll();
    await vi.advanceTimersByTimeAsync(200);
    await outcome;
    expect(FakeWorker.all.map(({ terminated }) => terminated)).toEqual([true, false]);
    expect(await density).toBe('a density');
    expect(FakeWorker.all[1].calls).toEqual(['open', 'density']);
  } finally {
    vi.useRealTimers();
  }
});

test('a worker that dies without a word is noticed', async () => {
  vi.useFakeTimers();
  try {
    const model = connectAnalysis().open(source);
    delete FakeWorker.answers.analyse;
    const outcome = expect(model.analyse({ sparsityEpsilon: 0.01 })).rejects.toMatchObject({
      code: 'worker-crashed',
      message: expect.stringContaining('stopped answering'),
    });
    await vi.advanceTimersByTimeAsync(SILENCE_MS + 10_000);
    await outcome;
    expect(FakeWorker.all[0].terminated).toBe(true);
  } finally {
    vi.useRealTimers();
  }
});

test('a closed model is let go of by the workers that hold it, and starts none', async () => {
  const analyser = connectAnalysis();
  FakeWorker.answers.close = undefined;
  const model = analyser.open(source);
  await model.close();
  expect(FakeWorker.all[0].calls).toEqual([]);
  await model.content();
  await model.close();
  expect(FakeWorker.all[0].calls).toEqual(['open', 'content', 'close']);
});
