import { fromPlainError, isAbort, toPlainError, type PlainError } from '../domain/errors';

/** The part of Worker, MessagePort and DedicatedWorkerGlobalScope the RPC needs. */
export interface Endpoint {
  postMessage(message: unknown, transfer: Transferable[]): void;
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
  start?(): void;
}

export interface CallContext<Event> {
  signal: AbortSignal;
  emit: (event: Event) => void;
}

export interface CallOptions<Event = never> {
  signal?: AbortSignal;
  onEvent?: (event: Event) => void;
}

type EventOf<Context> = Context extends { emit: (event: infer Event) => void } ? Event : never;

/** An API of `(request, context?) => Promise` methods as seen from the other side. */
export type Remote<Api> = {
  [Method in keyof Api]: Api[Method] extends (
    request: infer Request,
    context: infer Context,
  ) => Promise<infer Result>
    ? (request: Request, options?: CallOptions<EventOf<Context>>) => Promise<Result>
    : never;
};

type Message =
  | { id: number; type: 'call'; method: string; request: unknown }
  | { id: number; type: 'cancel' }
  | { id: number; type: 'result'; value: unknown }
  | { id: number; type: 'event'; event: unknown }
  | { id: number; type: 'failure'; error: PlainError | 'aborted' }
  /** Asks whether the other side is alive, and its answer. */
  | { id: 0; type: 'ping' }
  | { id: 0; type: 'pong' };

class Transfer {
  readonly value: unknown;
  readonly buffers: ArrayBuffer[];

  constructor(value: unknown, buffers: ArrayBuffer[]) {
    this.value = value;
    this.buffers = buffers;
  }
}

/** Marks a result or event whose buffers move to the other side instead of being copied. */
export function transfer<Value>(value: Value, buffers: ArrayBuffer[]): Value {
  return new Transfer(value, buffers) as Value;
}

function post(endpoint: Endpoint, message: Message, payload: unknown): void {
  if (payload instanceof Transfer) {
    const plain =
      'value' in message ? { ...message, value: payload.value } : { ...message, event: payload.value };
    endpoint.postMessage(plain, payload.buffers);
  } else {
    endpoint.postMessage(message, []);
  }
}

/** Answers calls that arrive at `endpoint` with the methods of `api`. */
export function serve<Api extends object>(endpoint: Endpoint, api: Api): void {
  const running = new Map<number, AbortController>();
  const methods = api as Record<
    string,
    (request: unknown, context: CallContext<unknown>) => Promise<unknown>
  >;

  async function answer(id: number, method: string, request: unknown): Promise<void> {
    const controller = new AbortController();
    running.set(id, controller);
    const emit = (event: unknown) => {
      if (!controller.signal.aborted) post(endpoint, { id, type: 'event', event }, event);
    };
    try {
      if (!Object.hasOwn(methods, method)) throw new Error(`The worker has no method ${method}.`);
      const value = await methods[method](request, { signal: controller.signal, emit });
      controller.signal.throwIfAborted();
      post(endpoint, { id, type: 'result', value }, value);
    } catch (error) {
      const plain = isAbort(error) ? 'aborted' : toPlainError(error);
      endpoint.postMessage({ id, type: 'failure', error: plain } satisfies Message, []);
    } finally {
      running.delete(id);
    }
  }

  endpoint.addEventListener('message', ({ data }: MessageEvent<Message>) => {
    if (data.type === 'call') void answer(data.id, data.method, data.request);
    else if (data.type === 'cancel') running.get(data.id)?.abort();
    else if (data.type === 'ping') endpoint.postMessage({ id: 0, type: 'pong' } satisfies Message, []);
  });
  endpoint.start?.();
}

interface Pending {
  resolve: (value: unknown) => void;
  reject: (error: unknown) => void;
  onEvent?: (event: never) => void;
}

export interface Connection<Api> {
  remote: Remote<Api>;
  /** Rejects everything under way and every later call: the other side is gone. */
  fail(error: Error): void;
}

/** How often a side that owes an answer is asked whether it is alive. */
const PING_MS = 5000;
/**
 * A side that owes an answer and has said nothing for this long is dead: a worker can end without an event. The longest
 * stretch of work that lets no message through, the components of the largest kernels, takes some ten seconds.
 */
export const SILENCE_MS = 90_000;

export interface ConnectOptions {
  /** The other side owes an answer and no longer gives a sign of life. */
  onSilence?: () => void;
}

/** Calls the API served at the other end of `endpoint`. */
export function connect<Api>(endpoint: Endpoint, { onSilence }: ConnectOptions = {}): Connection<Api> {
  const pending = new Map<number, Pending>();
  let nextId = 1;
  let gone: Error | null = null;
  /** Counted, not timed: clocks jump, and a device that slept has not waited. */
  let unanswered = 0;
  let watch: ReturnType<typeof setInterval> | null = null;

  /** Watches as long as an answer is owed. */
  function attend(): void {
    if (pending.size === 0 || gone) {
      if (watch !== null) clearInterval(watch);
      watch = null;
    } else if (watch === null && onSilence) {
      unanswered = 0;
      watch = setInterval(() => {
        if (unanswered * PING_MS >= SILENCE_MS) return onSilence();
        unanswered++;
        endpoint.postMessage({ id: 0, type: 'ping' } satisfies Message, []);
      }, PING_MS);
    }
  }

  endpoint.addEventListener('message', ({ data }: MessageEvent<Message>) => {
    unanswered = 0;
    const call = pending.get(data.id);
    if (!call) return;
    if (data.type === 'event') {
      call.onEvent?.(data.event as never);
      return;
    }
    pending.delete(data.id);
    attend();
    if (data.type === 'result') call.resolve(data.value);
    else if (data.type === 'failure') {
      call.reject(data.error === 'aborted' ? abortError() : fromPlainError(data.error));
    }
  });
  endpoint.start?.();

  const call =
    (method: string) =>
    (request: unknown, options: CallOptions<never> = {}) =>
      new Promise((resolve, reject) => {
        if (gone) return reject(gone);
        if (options.signal?.aborted) return reject(abortError());
        const id = nextId++;
        const onAbort = () => endpoint.postMessage({ id, type: 'cancel' } satisfies Message, []);
        const settle =
          <Value>(finish: (value: Value) => void) =>
          (value: Value) => {
            options.signal?.removeEventListener('abort', onAbort);
            finish(value);
          };
        pending.set(id, { resolve: settle(resolve), reject: settle(reject), onEvent: options.onEvent });
        attend();
        options.signal?.addEventListener('abort', onAbort, { once: true });
        endpoint.postMessage({ id, type: 'call', method, request } satisfies Message, []);
      });

  const remote = new Proxy({} as Remote<Api>, {
    // A proxy that answered `then` would pass for a promise.
    get: (_target, method) => (typeof method === 'string' && method !== 'then' ? call(method) : undefined),
  });

  return {
    remote,
    fail(error) {
      gone = error;
      for (const { reject } of pending.values()) reject(error);
      pending.clear();
      attend();
    },
  };
}

export function abortError(): DOMException {
  return new DOMException('Cancelled', 'AbortError');
}
