import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu/dist/backend_webgpu';
import { AppError } from '../../domain/errors';
import type { Device } from './device';

type Work<T> = (backend: WebGPUBackend) => Promise<T>;

/** A job is repeated on a new device this many times before it counts as impossible. */
const MAX_REPEATS = 2;
/** A lost device says so a moment after its work has failed. */
const LOSS_NOTICE_MS = 100;
/** A job on a lost device fails by itself; should it not, it is given up. */
const LOST_JOB_MS = 2000;

const SCOPES: GPUErrorFilter[] = ['validation', 'out-of-memory', 'internal'];

/**
 * Runs jobs one at a time, each inside error scopes: WebGPU reports failures aside and leaves wrong numbers behind, so
 * a job whose scopes report anything is discarded. After a loss, `reopen` gives a new device and the job starts over.
 */
export class JobRunner {
  #tail: Promise<unknown> = Promise.resolve();
  #closed = false;

  #current: Device;
  readonly #reopen: () => Promise<Device | null>;

  constructor(current: Device, reopen: () => Promise<Device | null>) {
    this.#current = current;
    this.#reopen = reopen;
  }

  get device(): Device {
    return this.#current;
  }

  /**
   * @throws AppError `backend-failed` where the device reports an error, `device-lost` where it is lost time and again or
   * no new one can be had.
   */
  run<T>(work: Work<T>): Promise<T> {
    const turn = this.#tail.then(() => this.#untilKept(work));
    this.#tail = turn.catch(() => undefined);
    return turn;
  }

  close(): void {
    this.#closed = true;
    this.#current.close();
  }

  async #untilKept<T>(work: Work<T>): Promise<T> {
    for (let attempt = 0; attempt <= MAX_REPEATS; attempt++) {
      await this.#ensureAlive();
      const outcome = await attemptOn(this.#current, work);
      if (outcome !== 'lost') return outcome.value;
      if (this.#closed) break;
    }
    throw this.#lossError();
  }

  async #ensureAlive(): Promise<void> {
    if (this.#closed) throw new AppError('internal', 'The WebGPU backend was used after it had been closed.');
    if (this.#current.lossReason === undefined) return;
    const next = await this.#reopen().catch(() => null);
    if (!next) throw this.#lossError();
    this.#current.close();
    this.#current = next;
  }

  #lossError(): AppError {
    return new AppError(
      'device-lost',
      `The graphics device (${this.#current.facts.label}) was lost and could not be used again; switch to the CPU backend.`,
      { reason: this.#current.lossReason ?? null },
    );
  }
}

async function attemptOn<T>(device: Device, work: Work<T>): Promise<{ value: T } | 'lost'> {
  const { gpu, backend } = device;
  device.takeStrayError();
  for (const scope of SCOPES) gpu.pushErrorScope(scope);
  const outcome = await settle(unlessLost(device, LOST_JOB_MS, work(backend)));
  const popped = Promise.all(SCOPES.map(() => gpu.popErrorScope()));
  const reports = await unlessLost(device, 0, popped).catch(() => []);
  if ('failure' in outcome) await unlessLost(device, 0, delay(LOSS_NOTICE_MS)).catch(() => undefined);
  if (device.lossReason !== undefined) return 'lost';
  const reported = reports.find((error) => error !== null);
  const report = reported?.message ?? device.takeStrayError();
  if (report !== undefined || 'failure' in outcome) {
    const cause = 'failure' in outcome ? outcome.failure : report;
    if (cause instanceof AppError) throw cause;
    throw new AppError(
      'backend-failed',
      `The graphics device (${device.facts.label}) ${reported instanceof GPUOutOfMemoryError ? 'ran out of memory' : 'failed at a computation'}; switch to the CPU backend.`,
      { report: report ?? null },
      cause,
    );
  }
  device.trimPool();
  return outcome;
}

async function settle<T>(promise: Promise<T>): Promise<{ value: T } | { failure: unknown }> {
  try {
    return { value: await promise };
  } catch (failure) {
    return { failure };
  }
}

/** `promise`, but rejected `graceMs` after a loss. Leaves nothing behind on the device, which outlives it. */
function unlessLost<T>(device: Device, graceMs: number, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const forget = device.onLoss(() => setTimeout(() => reject(new Error('The device is lost.')), graceMs));
    promise.then(resolve, reject).finally(forget);
  });
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
