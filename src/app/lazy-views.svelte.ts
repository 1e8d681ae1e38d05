import { loadViews, type ViewComponents } from '../views';

/** The code of the views, on its way from the start: as a rule it is there long before a model is. */
export class LazyViews {
  components = $state.raw<ViewComponents | null>(null);
  failed = $state(false);

  readonly #load: () => Promise<ViewComponents>;

  constructor(load: () => Promise<ViewComponents> = loadViews) {
    this.#load = load;
    void this.ask();
  }

  /** Asks for the code, again where it did not arrive. */
  async ask(): Promise<void> {
    this.failed = false;
    try {
      this.components = await this.#load();
    } catch {
      this.failed = true;
    }
  }
}
