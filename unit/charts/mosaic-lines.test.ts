import { expect, test } from 'vitest';
import { layoutPlanes } from '../../src/charts/kernel-planes';
import { linePath, linePoints, linesVisible } from '../../src/charts/mosaic-lines';
import { layoutMosaic } from '../../src/charts/mosaic-layout';
import { firstView, viewportFor } from '../../src/charts/mosaic-view';

const box = { left: 10, top: 0, width: 30, height: 20 };

test('each tap has its place, 0 in the middle, the peak at the edge', () => {
  expect(linePoints([1, 0, -1], 1, box)).toEqual([
    { x: 15, y: 0, starts: true },
    { x: 25, y: 10, starts: false },
    { x: 35, y: 20, starts: false },
  ]);
  expect(linePath(linePoints([1, 0], 1, box))).toBe('M17.5,0.0L32.5,10.0');
});

test('never leaves its box, and breaks at weights that are not finite', () => {
  const points = linePoints([5, NaN, -5, Infinity], 1, box);
  expect(points).toEqual([
    { x: 13.75, y: 0, starts: true },
    { x: 28.75, y: 20, starts: true },
  ]);
});

test('of many taps the extremes of each pixel remain', () => {
  const values = Float32Array.from({ length: 3000 }, (_, i) => (i === 1234 ? -0.9 : Math.sin(i) / 2));
  const points = linePoints(values, 1, box);
  expect(points.length).toBeLessThanOrEqual(60);
  expect(Math.max(...points.map(({ y }) => y))).toBeCloseTo(19, 5);
});

test('a single tap is a level, zeros lie in the middle', () => {
  expect(linePath(linePoints([1], 2, box))).toBe('M10.0,5.0L40.0,5.0');
  expect(linePath(linePoints([0], 0, box))).toBe('M10.0,10.0L40.0,10.0');
  expect(linePoints([], 1, box)).toEqual([]);
});

test('lines are high enough to be read, at first too', () => {
  expect(layoutPlanes([3], true)).toMatchObject({ width: 3, height: 2 });
  expect(layoutPlanes([256], true)).toMatchObject({ width: 256, height: 64 });
  expect(layoutPlanes([1_000_000], true).height).toBeLessThanOrEqual(8);
  for (const mode of ['matrix', 'sequence'] as const) {
    const input = { count: 8320, kernel: [3], mode, inputs: 65, rgb: false, order: null };
    const layout = layoutMosaic({ ...input, lines: true, width: 600, aspect: 1.2 });
    const viewport = viewportFor(layout, { width: 600, height: 500 });
    expect(linesVisible(layout, firstView(layout, viewport))).toBe(true);
    if (mode === 'sequence') expect(layout.width * firstView(layout, viewport).scale).toBeLessThan(640);
  }
});
