import { expect, test } from 'vitest';
import { componentsFor, componentsNeeded, layoutVariance } from '../../src/charts/cumulative-variance';

test('draws shares and their running sum on one axis', () => {
  const layout = layoutVariance(600, Float64Array.of(0.5, 0.3, 0.2));
  expect(layout.bars.map((bar) => Number(bar.sum.toFixed(10)))).toEqual([0.5, 0.8, 1]);
  const span = layout.bottom - layout.top;
  expect(layout.bars.map((bar) => bar.height / span)).toEqual(
    [0.5, 0.3, 0.2].map((v) => expect.closeTo(v, 10)),
  );
  expect(layout.dots.at(-1)!.y).toBeCloseTo(layout.top);
  expect(layout.dots[0]!.y).toBeCloseTo(layout.bars[0]!.y);
});

test('never draws above 100 % by rounding', () => {
  const layout = layoutVariance(600, new Float64Array(10).fill(0.1 + 1e-16));
  for (const { y } of layout.dots) expect(y).toBeGreaterThanOrEqual(layout.top);
});

test.each([1, 9, 81])('names components without overlap (%d)', (count) => {
  const { components } = layoutVariance(330, new Float64Array(count).fill(1 / count));
  expect(components[0]!.label).toBe('v0');
  for (let i = 1; i < components.length; i++) {
    expect(components[i]!.position - components[i - 1]!.position).toBeGreaterThan(18);
  }
});

test('holds a basis without variance and none at all', () => {
  expect(layoutVariance(300, new Float64Array(4)).bars.every((bar) => bar.height === 0)).toBe(true);
  expect(layoutVariance(300, new Float64Array(0))).toMatchObject({ bars: [], components: [] });
});

test('counts the components that a share of the variance needs', () => {
  const shares = [0.5, 0.3, 0.15, 0.04, 0.01];
  expect([0.5, 0.8, 0.81, 0.95, 0.99, 1].map((share) => componentsFor(shares, share))).toEqual([
    1, 2, 3, 3, 4, 5,
  ]);
  expect(componentsFor(new Float64Array(10).fill(0.1), 0.3)).toBe(3);
  expect(componentsFor([0, 0], 0.9)).toBeNull();
  expect(componentsFor([], 0.9)).toBeNull();
});

test('tells how many components hold 90, 95 and 99 %', () => {
  expect(componentsNeeded([0.5, 0.3, 0.15, 0.04, 0.01])).toBe(
    '3 components for 90 % of the variance, 3 for 95 %, 4 for 99 %',
  );
  expect(componentsNeeded([1])).toBe('1 component for 90 % of the variance, 1 for 95 %, 1 for 99 %');
  expect(componentsNeeded([0, 0])).toBe('no variance to explain');
});
