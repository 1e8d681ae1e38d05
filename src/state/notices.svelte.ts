import type { PlainError } from '../domain/errors';

export interface Notice {
  id: number;
  error: PlainError;
  /** The model it is about: its key in the library and its name; null for the page as a whole. */
  model: { key: string; name: string } | null;
}

/** Alerts about models shown at once; the rows of the library say the rest. */
const MOST_ABOUT_MODELS = 3;

/** Errors shown as alerts until they are dismissed. */
export class Notices {
  list: readonly Notice[] = $state.raw([]);
  /** Keys of models that failed beyond those in the list. */
  unlisted: readonly string[] = $state.raw([]);
  #nextId = 1;

  add(error: PlainError, model: Notice['model'] = null): void {
    if (model) this.dismissModel(model.key);
    const aboutModels = this.list.filter((notice) => notice.model !== null).length;
    if (model && aboutModels >= MOST_ABOUT_MODELS) this.unlisted = [...this.unlisted, model.key];
    else this.list = [...this.list, { id: this.#nextId++, error, model }];
  }

  /** Whether an alert says what is wrong with a model: then nothing else need. */
  says(key: string): boolean {
    return this.list.some(({ model }) => model?.key === key);
  }

  dismiss(id: number): void {
    this.list = this.list.filter((notice) => notice.id !== id);
  }

  dismissAll(): void {
    this.list = [];
    this.unlisted = [];
  }

  /** A model taken up again, or taken away, no longer has its old error. */
  dismissModel(key: string): void {
    this.list = this.list.filter(({ model }) => model?.key !== key);
    this.unlisted = this.unlisted.filter((other) => other !== key);
  }
}
