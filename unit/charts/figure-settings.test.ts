import { expect, test } from 'vitest';
import { figurePixels, pngScale } from '../../src/charts/figure-settings.svelte';

test('millimetres are CSS pixels of 96 an inch', () => {
  expect(figurePixels(85, 1000)).toBe(321);
  expect(figurePixels(180, 1000)).toBe(680);
  expect(figurePixels('page', 512.4)).toBe(512);
  expect(figurePixels('page', 0)).toBe(240);
});

test('a picture to be printed has 600 dots an inch, as far as a browser can draw them', () => {
  expect(321 * pngScale(85, 321, 300)).toBeCloseTo((85 / 25.4) * 600, -1);
  expect(pngScale('page', 500, 400)).toBe(2);
  expect(680 * pngScale(180, 680, 20_000)).toBeLessThan(680);
  const scale = pngScale(180, 2000, 2000);
  expect((2000 * scale) ** 2).toBeLessThanOrEqual(100e6 + 1);
});
