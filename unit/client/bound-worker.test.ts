import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { workerScript } from '../../src/client/bound-worker';

const ADDRESS = 'https://scope.example/analysis.js';

const started: string[] = [];
/** What the next workers do before they run; nothing is left: they run. */
let ended = 0;
let fates: ('fails' | 'is silent')[] = [];
type Answer = () => Response | Promise<Response>;
const script: Answer = () =>
  new Response('onmessage = null', { headers: { 'Content-Type': 'text/javascript' } });
const busy: Answer = () => new Response('busy', { status: 503 });
const page: Answer = () => new Response('<!doctype html>', { headers: { 'Content-Type': 'text/html' } });
const brokenOff: Answer = () =>
  new Response(new ReadableStream({ pull: (stream) => stream.error(new TypeError('network error')) }), {
    headers: { 'Content-Type': 'text/javascript' },
  });
const offline: Answer = () => Promise.reject(new TypeError('Failed to fetch'));

/** A server that gives these answers in turn, then is out of reach. */
function server(...answers: Answer[]) {
  const fetched = vi.fn(async () => (answers.shift() ?? offline)());
  vi.stubGlobal('fetch', fetched);
  return fetched;
}

beforeEach(() => {
  started.length = 0;
  vi.useFakeTimers();
  vi.stubEnv('DEV', false);
  fates = [];
  ended = 0;
  vi.stubGlobal(
    'Worker',
    class extends EventTarget {
      constructor(address: string) {
        super();
        started.push(address);
        const fate = fates.shift();
        if (fate === 'is silent') return;
        const event =
          fate === 'fails'
            ? Object.assign(new Event('error'), { message: 'no memory' })
            : new MessageEvent('message', { data: 'started' });
        queueMicrotask(() => this.dispatchEvent(event));
      }
      terminate(): void {
        ended++;
      }
    },
  );
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
});

/** The outcome, with the pauses between tries passed over. */
async function outcome(starting: Promise<Worker>): Promise<unknown> {
  const settled = starting.catch((error: unknown) => error);
  await vi.runAllTimersAsync();
  return settled;
}

test('the script is fetched once; every worker starts from its bytes', async () => {
  const fetched = server(script);
  const analysis = workerScript(ADDRESS);
  await Promise.all([analysis.start(), analysis.start()]);
  await analysis.start();
  expect(fetched).toHaveBeenCalledTimes(1);
  expect(started).toEqual(Array(3).fill(expect.stringMatching(/^blob:/)));
});

test('a script loaded ahead starts without a network', async () => {
  server(script);
  const analysis = workerScript(ADDRESS);
  await analysis.load();
  expect(started).toEqual([]);
  await analysis.start();
  expect(started).toHaveLength(1);
});

test.each([
  ['busy, or out of reach,', [busy, offline, script]],
  ['breaks off', [brokenOff, brokenOff, script]],
])('a server that %s is asked up to three times', async (_, answers) => {
  const fetched = server(...answers);
  expect(await outcome(workerScript(ADDRESS).start())).not.toBeInstanceOf(Error);
  expect(fetched).toHaveBeenCalledTimes(3);
  expect(started).toHaveLength(1);
});

test('a host that answers with a page is not asked again', async () => {
  const fetched = server(page);
  const error = await outcome(workerScript(ADDRESS).start());
  expect(error).toMatchObject({ code: 'worker-crashed', details: { status: 200, type: 'text/html' } });
  expect(fetched).toHaveBeenCalledTimes(1);
});

test('a failure says what was answered, and is not kept', async () => {
  server(busy, busy, busy, script);
  const analysis = workerScript(ADDRESS);
  expect(await outcome(analysis.start())).toMatchObject({
    code: 'worker-crashed',
    details: { url: ADDRESS, status: 503 },
  });
  expect(started).toEqual([]);
  await analysis.start();
  expect(started).toHaveLength(1);
});

test('without a network the failure names its cause', async () => {
  server();
  const error = await outcome(workerScript(ADDRESS).start());
  expect(error).toMatchObject({ code: 'worker-crashed', details: { url: ADDRESS } });
  expect((error as Error).cause).toBeInstanceOf(TypeError);
});

test.each(['fails', 'is silent'] as const)(
  'a worker that %s at its start is started once more',
  async (fate) => {
    server(script);
    fates = [fate];
    const analysis = workerScript(ADDRESS);
    expect(await outcome(analysis.start())).not.toBeInstanceOf(Error);
    expect([started.length, ended]).toEqual([2, 1]);
  },
);

test('a worker that fails twice is given up, and the next start tries again', async () => {
  server(script);
  fates = ['fails', 'fails'];
  const analysis = workerScript(ADDRESS);
  const error = await outcome(analysis.start());
  expect(error).toMatchObject({ code: 'worker-crashed', details: { url: ADDRESS } });
  expect((error as Error).cause).toMatchObject({ message: 'no memory' });
  expect(ended).toBe(2);
  expect(await outcome(analysis.start())).not.toBeInstanceOf(Error);
});
