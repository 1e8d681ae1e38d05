import type { FilterBank } from '../domain/filters';

/**
 * Filters of one model kept between the passes of an engine, first come, first kept: every pass goes through the layers in
 * the same order, where throwing out the least recently used would throw out just what comes next.
 */
export class BankCache {
  readonly #banks = new Map<number, FilterBank>();
  #byteLength = 0;

  readonly byteLimit: number;

  constructor(byteLimit: number) {
    this.byteLimit = byteLimit;
  }

  get(weightId: number): FilterBank | undefined {
    return this.#banks.get(weightId);
  }

  /** Keeps the bank where it fits. */
  offer(weightId: number, bank: FilterBank): void {
    const { byteLength } = bank.values;
    if (this.#banks.has(weightId) || this.#byteLength + byteLength > this.byteLimit) return;
    this.#banks.set(weightId, bank);
    this.#byteLength += byteLength;
  }
}
