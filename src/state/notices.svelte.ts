import type { PlainError } from '../domain/errors';

export interface Notice {
  id: number;
  error: PlainError;
  /** The model it is about, by its key in the library; null for the page as a whole. */
  model: string | null;
}

/** Errors shown as alerts until they are dismissed. */
export class Notices {
  list: readonly Notice[] = $state.raw([]);
  #nextId = 1;

  add(error: PlainError, model: string | null = null): void {
    this.list = [
      ...this.list.filter((notice) => model === null || notice.model !== model),
      { id: this.#nextId++, error, model },
    ];
  }

  dismiss(id: number): void {
    this.list = this.list.filter((notice) => notice.id !== id);
  }

  dismissAll(): void {
    this.list = [];
  }

  /** A model taken up again, or taken away, no longer has its old error. */
  dismissModel(model: string): void {
    this.list = this.list.filter((notice) => notice.model !== model);
  }
}
