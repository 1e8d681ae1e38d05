import { describe, expect, test, vi } from 'vitest';
import { AppError } from '../../src/domain/errors';
import { connect, serve, SILENCE_MS, transfer, type CallContext, type Endpoint } from '../../src/workers/rpc';

interface EchoApi {
  echo(request: { text: string }): Promise<string>;
  count(request: { to: number }, context: CallContext<number>): Promise<number>;
  wait(request: null, context: CallContext<never>): Promise<string>;
  fail(request: { kind: 'app' | 'other' }): Promise<never>;
  move(request: null): Promise<Float32Array>;
}

const moved = new Float32Array([1, 2, 3]);

const api: EchoApi = {
  echo: async ({ text }) => text,
  count: async ({ to }, { emit }) => {
    for (let i = 0; i < to; i++) emit(i);
    return to;
  },
  wait: (_request, { signal }) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason));
    }),
  fail: async ({ kind }) => {
    if (kind === 'app') throw new AppError('truncated', '"a.onnx" is cut short.', { missing: 4 });
    throw new TypeError('x is undefined');
  },
  move: async () => transfer(moved, [moved.buffer]),
};

function pair() {
  const { port1, port2 } = new MessageChannel();
  serve(port1 as unknown as Endpoint, api);
  return connect<EchoApi>(port2 as unknown as Endpoint);
}

describe('rpc', () => {
  test('carries a request and its result', async () => {
    expect(await pair().remote.echo({ text: 'hello' })).toBe('hello');
  });

  test('keeps concurrent calls apart', async () => {
    const { remote } = pair();
    const texts = ['a', 'b', 'c'];
    expect(await Promise.all(texts.map((text) => remote.echo({ text })))).toEqual(texts);
  });

  test('delivers events in order before the result', async () => {
    const events: number[] = [];
    const result = await pair().remote.count({ to: 4 }, { onEvent: (event) => events.push(event) });
    expect(result).toBe(4);
    expect(events).toEqual([0, 1, 2, 3]);
  });

  test('rebuilds an AppError with code and details', async () => {
    const error = await pair()
      .remote.fail({ kind: 'app' })
      .catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({
      code: 'truncated',
      message: '"a.onnx" is cut short.',
      details: { missing: 4 },
    });
  });

  test('keeps the text of an unexpected exception out of the message', async () => {
    const error = (await pair()
      .remote.fail({ kind: 'other' })
      .catch((caught: unknown) => caught)) as AppError;
    expect(error.code).toBe('internal');
    expect(error.message).not.toContain('undefined');
    expect(String(error.cause)).toContain('x is undefined');
  });

  test('cancels on the other side and rejects with an AbortError', async () => {
    const controller = new AbortController();
    const call = pair().remote.wait(null, { signal: controller.signal });
    controller.abort();
    await expect(call).rejects.toMatchObject({ name: 'AbortError' });
  });

  test('does not start a call whose signal is aborted already', async () => {
    const signal = AbortSignal.abort();
    await expect(pair().remote.wait(null, { signal })).rejects.toMatchObject({ name: 'AbortError' });
  });

  test('moves marked buffers instead of copying them', async () => {
    expect([...(await pair().remote.move(null))]).toEqual([1, 2, 3]);
    expect(moved.byteLength).toBe(0);
  });

  test('rejects what is under way and all that follows when the other side is gone', async () => {
    const connection = pair();
    const under = connection.remote.wait(null);
    connection.fail(new AppError('worker-crashed', 'The analysis stopped.'));
    await expect(under).rejects.toMatchObject({ code: 'worker-crashed' });
    await expect(connection.remote.echo({ text: 'x' })).rejects.toMatchObject({ code: 'worker-crashed' });
  });

  test('answers a method that is not there with an error', async () => {
    const remote = pair().remote as unknown as { toString2(request: null): Promise<never> };
    await expect(remote.toString2(null)).rejects.toMatchObject({ code: 'internal' });
  });

  test('takes no sleep of the device for silence', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] });
    try {
      const onSilence = vi.fn();
      const endpoint = Object.assign(new EventTarget(), { postMessage: () => undefined });
      const { remote, fail } = connect<EchoApi>(endpoint as unknown as Endpoint, { onSilence });
      remote.echo({ text: 'x' }).catch(() => undefined);
      await vi.advanceTimersByTimeAsync(6000);
      vi.setSystemTime(Date.now() + 10 * SILENCE_MS);
      await vi.advanceTimersByTimeAsync(6000);
      expect(onSilence).not.toHaveBeenCalled();
      fail(new Error('done'));
    } finally {
      vi.useRealTimers();
    }
  });

  test('tells a side that works on from one that has fallen silent', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] });
    try {
      const { port1, port2 } = new MessageChannel();
      const fallen = new EventTarget() as EventTarget & { asked: number; postMessage: () => void };
      fallen.asked = 0;
      fallen.postMessage = () => void fallen.asked++;
      serve(port1 as unknown as Endpoint, api);
      const [onAlive, onSilence] = [vi.fn(), vi.fn()];
      const alive = connect<EchoApi>(port2 as unknown as Endpoint, { onSilence: onAlive });
      const silent = connect<EchoApi>(fallen as unknown as Endpoint, { onSilence });
      const controller = new AbortController();
      const waiting = alive.remote.wait(null, { signal: controller.signal });
      waiting.catch(() => undefined);
      const lost = silent.remote.echo({ text: 'x' });
      for (let passed = 0; passed <= SILENCE_MS + 10_000; passed += 5000) {
        await vi.advanceTimersByTimeAsync(5000);
        // Messages of real ports are no timers.
        await new Promise((resolve) => setImmediate(resolve));
      }
      expect(onAlive).not.toHaveBeenCalled();
      expect(onSilence).toHaveBeenCalled();
      expect(fallen.asked).toBeGreaterThan(3);
      const reason = new Error('gone');
      silent.fail(reason);
      await expect(lost).rejects.toBe(reason);
      controller.abort();
      await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
      expect(vi.getTimerCount()).toBe(0);
      port1.close();
    } finally {
      vi.useRealTimers();
    }
  });
});
