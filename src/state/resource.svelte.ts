import { isAbort, toPlainError, type PlainError } from '../domain/errors';

/** A value that is asked for and arrives later; a newer request makes an older answer void. */
export class Resource<Value> {
  value: Value | null = $state.raw(null);
  error: PlainError | null = $state.raw(null);
  pending = $state(false);
  #controller: AbortController | null = null;

  /** Asks anew; the present value stays on screen until the next arrives. */
  async load(produce: (signal: AbortSignal) => Promise<Value>): Promise<void> {
    this.cancel();
    const controller = new AbortController();
    this.#controller = controller;
    this.error = null;
    this.pending = true;
    try {
      const value = await produce(controller.signal);
      if (this.#controller === controller) this.value = value;
    } catch (error) {
      if (this.#controller === controller && !isAbort(error)) {
        this.error = toPlainError(error);
        this.value = null;
      }
    } finally {
      if (this.#controller === controller) {
        this.pending = false;
        this.#controller = null;
      }
    }
  }

  clear(): void {
    this.cancel();
    this.value = null;
    this.error = null;
  }

  cancel(): void {
    this.#controller?.abort();
    this.#controller = null;
    this.pending = false;
  }
}
