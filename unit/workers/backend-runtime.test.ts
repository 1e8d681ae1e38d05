import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { ComputeBackend } from '../../src/compute/backend';
import type { ChosenBackend } from '../../src/compute/choose';
import { AppError } from '../../src/domain/errors';
import type { BackendName, BackendPreference } from '../../src/domain/results';
import { BackendRuntime, type Ready } from '../../src/workers/backend-runtime';

let made: { name: BackendName; dispose: ReturnType<typeof vi.fn> }[];
let failures: Error[];

/** Chooses as asked; `automatic` is the GPU. */
async function choose({ backend: wanted }: BackendPreference): Promise<ChosenBackend> {
  const failure = failures.shift();
  if (failure) throw failure;
  const name = wanted === 'automatic' ? 'webgpu' : wanted;
  const backend = { name, dispose: vi.fn() };
  made.push(backend);
  return {
    backend: backend as unknown as ComputeBackend,
    report: { name, description: name, choice: 'forced', refused: [] },
  };
}

function nameOf({ report }: Ready): Promise<string> {
  return Promise.resolve(report.name);
}

/** Work that is under way until `finish` is called. */
function longWork() {
  let finish!: () => void;
  const finished = new Promise<void>((resolve) => (finish = resolve));
  const seen: Ready[] = [];
  const work = async (ready: Ready) => {
    seen.push(ready);
    await finished;
    return ready.engine.backend.name;
  };
  return { work, finish, seen };
}

beforeEach(() => {
  made = [];
  failures = [];
});

describe('BackendRuntime', () => {
  test('work under way keeps its backend through a change; what begins later has the new one', async () => {
    const runtime = new BackendRuntime([], choose);
    await runtime.prepare({ backend: 'webgpu' });
    const { work, finish } = longWork();
    const running = runtime.run(work);
    expect((await runtime.prepare({ backend: 'cpu' })).name).toBe('cpu');
    expect(await runtime.run(nameOf)).toBe('cpu');
    expect(made[0].dispose).not.toHaveBeenCalled();
    finish();
    expect(await running).toBe('webgpu');
    await vi.waitFor(() => expect(made[0].dispose).toHaveBeenCalledTimes(1));
    expect(made[1].dispose).not.toHaveBeenCalled();
  });

  test('models stay open through a change', async () => {
    const runtime = new BackendRuntime([], choose);
    const first = await runtime.run(async ({ engine }) => engine);
    await runtime.prepare({ backend: 'cpu' });
    const second = await runtime.run(async ({ engine }) => engine);
    const main = new Blob(['not a model']);
    const opened = second.open({ handle: 'a', source: { kind: 'files', name: 'a', main, companions: [] } });
    await expect(opened).rejects.toThrow();
    expect(first).not.toBe(second);
    expect([first.isOpen('a'), second.isOpen('a')]).toEqual([false, false]);
  });

  test.each(['device-lost', 'backend-failed'] as const)(
    'a GPU that fails for good (%s) is given up for the CPU, with the reason, and not tried again',
    async (code) => {
      const runtime = new BackendRuntime([], choose);
      const work = vi.fn(async ({ report }: Ready) => {
        if (report.name === 'webgpu') throw new AppError(code, 'The GPU is gone.');
        return report;
      });
      const report = await runtime.run(work);
      expect(report).toMatchObject({
        name: 'cpu',
        choice: 'automatic',
        refused: [{ name: 'webgpu', reason: 'The GPU is gone.' }],
      });
      expect(work).toHaveBeenCalledTimes(2);
      expect(await runtime.prepare({ backend: 'automatic' })).toEqual(report);
      expect(await runtime.run(nameOf)).toBe('cpu');
      expect(made.map(({ name }) => name)).toEqual(['webgpu', 'cpu']);
      expect(made[0].dispose).toHaveBeenCalledTimes(1);
    },
  );

  test('two jobs that lose one GPU fall back together', async () => {
    const runtime = new BackendRuntime([], choose);
    const work = async ({ report }: Ready) => {
      await Promise.resolve();
      if (report.name === 'webgpu') throw new AppError('device-lost', 'Gone.');
      return report.name;
    };
    expect(await Promise.all([runtime.run(work), runtime.run(work)])).toEqual(['cpu', 'cpu']);
    expect(made.map(({ name }) => name)).toEqual(['webgpu', 'cpu']);
  });

  test('other errors are passed on, and the CPU falls back to nothing', async () => {
    const runtime = new BackendRuntime([], choose);
    const broken = new AppError('malformed', 'Broken.');
    await expect(runtime.run(() => Promise.reject(broken))).rejects.toBe(broken);
    await runtime.prepare({ backend: 'cpu' });
    const lost = new AppError('backend-failed', 'Failed.');
    await expect(runtime.run(() => Promise.reject(lost))).rejects.toBe(lost);
  });

  test('a backend that could not be loaded is tried again at the next need', async () => {
    const runtime = new BackendRuntime([], choose);
    failures = [new Error('503')];
    await expect(runtime.prepare({ backend: 'cpu' })).rejects.toThrow('503');
    expect(await runtime.run(nameOf)).toBe('cpu');
  });
});
