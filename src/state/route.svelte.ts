import { DEFAULT_VIEW_STATE, formatFragment, parseFragment, type ViewState } from './fragment';

/** The part of `window` a route needs. */
export interface AddressBar {
  location: { hash: string };
  history: {
    pushState(data: unknown, unused: string, url: string): void;
    replaceState: History['replaceState'];
  };
  addEventListener(type: 'hashchange' | 'popstate', listener: () => void): void;
}

/** View state, kept in the URL fragment: back, forward and reload keep it. */
export class Route {
  current: ViewState = $state.raw(DEFAULT_VIEW_STATE);
  readonly #window: AddressBar;

  constructor(window: AddressBar) {
    this.#window = window;
    this.#read();
    window.addEventListener('hashchange', () => this.#read());
    window.addEventListener('popstate', () => this.#read());
  }

  #read(): void {
    this.current = parseFragment(this.#window.location.hash);
  }

  /** Address of the present state with changes, for links. */
  href(changes: Partial<ViewState>): string {
    return formatFragment({ ...this.current, ...changes });
  }

  /** Goes to another state; `replace` leaves no step to go back to. */
  go(changes: Partial<ViewState>, replace = false): void {
    const url = this.href(changes);
    if (url === formatFragment(this.current)) return;
    if (replace) this.#window.history.replaceState(null, '', url);
    else this.#window.history.pushState(null, '', url);
    this.current = { ...this.current, ...changes };
  }
}
