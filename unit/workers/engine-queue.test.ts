import { describe, expect, test, vi } from 'vitest';
import { EngineQueue, type EngineTask } from '../../src/workers/engine-queue';

/** Tasks that end when told to, and the order they began in. */
function controlled() {
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const task = (name: string, cost = 0): EngineTask => ({
    cost,
    run: () => {
      begun.push(name);
      return new Promise((resolve) => ends.set(name, resolve));
    },
  });
  const end = async (name: string) => {
    ends.get(name)!();
    await new Promise((resolve) => setTimeout(resolve));
  };
  return { begun, task, end };
}

describe('EngineQueue', () => {
  test('urgent tasks go in their order, as many in hand as it may have', async () => {
    const { begun, task, end } = controlled();
    const queue = new EngineQueue(2, vi.fn());
    queue.add([task('a'), task('b'), task('c')], 'urgent');
    expect(begun).toEqual(['a', 'b']);
    await end('b');
    expect(begun).toEqual(['a', 'b', 'c']);
  });

  test('what can wait fills the pauses, the costliest first, and leaves room for what is urgent', async () => {
    const { begun, task, end } = controlled();
    const queue = new EngineQueue(4, vi.fn());
    queue.add([task('a'), task('b'), task('c'), task('d')], 'urgent');
    queue.add([task('small', 1), task('large', 9), task('middle', 5)], 'can wait');
    expect(begun).toEqual(['a', 'b', 'c', 'd']);
    for (const name of ['a', 'b', 'c']) await end(name);
    expect(begun.slice(4)).toEqual(['large', 'middle']);
    queue.add([task('e')], 'urgent');
    expect(begun.slice(6)).toEqual(['e']);
    for (const name of ['d', 'e', 'large']) await end(name);
    expect(begun.slice(7)).toEqual(['small']);
  });

  test('a failure is reported and does not stop the rest; a stop begins nothing more', async () => {
    const { begun, task, end } = controlled();
    const onFailure = vi.fn();
    const queue = new EngineQueue(1, onFailure);
    const error = new Error('broken');
    queue.add([{ cost: 0, run: () => Promise.reject(error) }, task('a'), task('b')], 'urgent');
    await vi.waitFor(() => expect(begun).toEqual(['a']));
    expect(onFailure).toHaveBeenCalledExactlyOnceWith(error);
    queue.stop();
    await end('a');
    expect(begun).toEqual(['a']);
  });

  test('two hundred thousand tasks are handed out in no time', async () => {
    const queue = new EngineQueue(4, vi.fn());
    let ended = 0;
    const task = (cost: number): EngineTask => ({ cost, run: async () => void ended++ });
    const tasks = Array.from({ length: 200_000 }, (_, i) => task((i * 7919) % 1000));
    queue.add(tasks, 'urgent');
    for (const each of tasks) queue.add([each], 'can wait');
    await vi.waitFor(() => expect(ended).toBe(400_000), { timeout: 20_000 });
  });
});
