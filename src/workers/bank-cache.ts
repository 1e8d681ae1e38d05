import type { FilterBank } from '../domain/filters';

/** Banks by weight, least recently used out first, never more than `byteLimit` bytes. */
export class BankCache {
  #banks = new Map<string, FilterBank>();
  #byteLength = 0;

  constructor(readonly byteLimit: number) {}

  get(key: string): FilterBank | undefined {
    const bank = this.#banks.get(key);
    if (bank) {
      this.#banks.delete(key);
      this.#banks.set(key, bank);
    }
    return bank;
  }

  set(key: string, bank: FilterBank): void {
    this.#drop(key);
    if (bank.values.byteLength > this.byteLimit) return;
    this.#banks.set(key, bank);
    this.#byteLength += bank.values.byteLength;
    for (const oldest of this.#banks.keys()) {
      if (this.#byteLength <= this.byteLimit) break;
      this.#drop(oldest);
    }
  }

  deleteWhere(prefix: string): void {
    for (const key of [...this.#banks.keys()]) if (key.startsWith(prefix)) this.#drop(key);
  }

  #drop(key: string): void {
    const bank = this.#banks.get(key);
    if (!bank) return;
    this.#banks.delete(key);
    this.#byteLength -= bank.values.byteLength;
  }
}
