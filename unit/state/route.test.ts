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

test('a layer has its own pins, found again on the way back to it', () => {
  const window = new StingyWindow();
  window.left = 99;
  const route = new Route(window);
  route.go({ model: 'a.onnx', pins: [4, 2] });
  route.adjust({ layer: 1 });
  expect(route.current.pins).toEqual([]);
  route.go({ pins: [7] });
  expect(route.href({ layer: 0 })).toBe('#model=a.onnx&layer=0&pins=4.2');
  expect(route.href({ view: 'filters' })).toBe('#model=a.onnx&view=filters&layer=1&pins=7');
  route.go({ layer: null });
  expect(route.current.pins).toEqual([4, 2]);
  route.go({ pins: [] });
  route.go({ model: 'b.onnx', layer: 1 });
  expect(route.current.pins).toEqual([]);
  route.go({ model: 'a.onnx' });
  expect(route.current.pins).toEqual([7]);
  route.go({ layer: 0 });
  expect(route.current.pins).toEqual([]);
});
