import { DEFAULT_VIEW_STATE, formatFragment, parseFragment, type ViewState } from './fragment';
import { isSameLayer, LeftPins } from './left-pins';

/** The part of `window` a route needs. */
export interface AddressBar {
  location: { hash: string };
  history: {
    pushState(data: unknown, unused: string, url: string): void;
    replaceState: History['replaceState'];
  };
  addEventListener(type: 'hashchange' | 'popstate', listener: () => void): void;
}

/** Browsers let a page change its address a few times a second; what changes faster is written once it rests (milliseconds). */
const REST = 300;
/** A browser that refuses has had enough for some seconds. */
const REFUSAL_REST = 5000;

/** View state, kept in the URL fragment: back, forward and reload keep it. */
export class Route {
  current: ViewState = $state.raw(DEFAULT_VIEW_STATE);
  readonly #window: AddressBar;
  readonly #leftPins = new LeftPins();
  #timer: ReturnType<typeof setTimeout> | null = null;

  /** `onArrive` is told when the address changes from outside: by back, forward or a link in the open page. */
  constructor(window: AddressBar, onArrive: () => void = () => undefined) {
    this.#window = window;
    this.#read();
    for (const type of ['hashchange', 'popstate'] as const) {
      window.addEventListener(type, () => {
        this.#read();
        onArrive();
      });
    }
  }

  #read(): void {
    this.#stopTimer();
    const { thresholds } = this.current;
    const read = parseFragment(this.#window.location.hash);
    // The same object where they are equal: every verdict hangs on it.
    const same = JSON.stringify(read.thresholds) === JSON.stringify(thresholds);
    this.#become(same ? { ...read, thresholds } : read);
  }

  /** Address of the present state with changes, for links. */
  href(changes: Partial<ViewState>): string {
    return formatFragment(this.#after(changes));
  }

  /** A layer has its own pins: those it was left with. */
  #after(changes: Partial<ViewState>): ViewState {
    const next = { ...this.current, ...changes };
    if (changes.pins || isSameLayer(next, this.current)) return next;
    return { ...next, pins: this.#leftPins.of(next) };
  }

  #become(next: ViewState): void {
    this.#leftPins.keep(this.current, this.current.pins);
    this.current = next;
  }

  /** Goes to another state; `replace` leaves no step to go back to. */
  go(changes: Partial<ViewState>, replace = false): void {
    const url = this.href(changes);
    if (url === formatFragment(this.current)) return;
    this.#settle();
    this.#become(this.#after(changes));
    if (!this.#write(url, replace)) this.#settleLater(REFUSAL_REST);
  }

  /** Changes the present state many times a second, as a slider does; the address follows. */
  adjust(changes: Partial<ViewState>): void {
    this.#become(this.#after(changes));
    this.#settleLater(REST);
  }

  #settleLater(delay: number): void {
    this.#stopTimer();
    this.#timer = setTimeout(() => this.#settle(), delay);
  }

  /** Whether the browser took it: it refuses where a page changes its address too often, or may not at all. */
  #write(url: string, replace: boolean): boolean {
    try {
      if (replace) this.#window.history.replaceState(null, '', url);
      else this.#window.history.pushState(null, '', url);
      return true;
    } catch {
      return false;
    }
  }

  #settle(): void {
    if (this.#timer === null) return;
    this.#stopTimer();
    this.#write(formatFragment(this.current), true);
  }

  #stopTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
