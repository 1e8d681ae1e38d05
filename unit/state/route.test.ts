import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Route, type AddressBar } from '../../src/state/route.svelte';

/** An address bar that takes so many changes and then refuses, as browsers do where a page changes its address too often. */
class StingyWindow implements AddressBar {
  readonly location = { hash: '' };
  left = 1;
  readonly history = {
    pushState: (_: unknown, __: string, url: string) => this.#take(url),
    replaceState: (_: unknown, __: string, url?: string | URL | null) => this.#take(String(url)),
  };

  addEventListener() {}

  #take(url: string): void {
    if (this.left-- <= 0)
      throw new DOMException('Too many calls to Location or History APIs', 'SecurityError');
    this.location.hash = url;
  }
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test('the page goes on where the browser refuses the address, which follows later', () => {
  const window = new StingyWindow();
  const route = new Route(window);
  route.go({ view: 'filters' });
  route.go({ view: 'layer', layer: 2 });
  expect(route.current).toMatchObject({ view: 'layer', layer: 2 });
  expect(window.location.hash).toBe('#view=filters');
  window.left = 1;
  vi.runAllTimers();
  expect(window.location.hash).toBe('#view=layer&layer=2');
});

test('sliders go on, too', () => {
  const window = new StingyWindow();
  window.left = 0;
  const route = new Route(window);
  route.adjust({ layer: 1 });
  vi.runAllTimers();
  expect(route.current.layer).toBe(1);
});
