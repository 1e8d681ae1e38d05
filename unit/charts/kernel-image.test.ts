import { expect, test } from 'vitest';
import { divergingCss } from '../../src/charts/colour';
import { layoutEigenGrid } from '../../src/charts/eigen-images';
import { drawKernel, peakOf, tapSize } from '../../src/charts/kernel-image';
import { layoutMiniature } from '../../src/charts/layer-miniature';
import { layoutSpatial } from '../../src/charts/spatial-variance';

test('finds the peak among finite values', () => {
  expect(peakOf([0.5, -2, NaN, Infinity])).toBe(2);
  expect(peakOf([])).toBe(0);
  expect(peakOf([0, -0])).toBe(0);
});

test('colours each tap at its place', () => {
  const { squares } = drawKernel([-1, 0, 0.5, 1], [2, 2], 1, false);
  expect(squares.map(({ tap, x, y }) => [tap, x, y])).toEqual([
    [0, 0, 0],
    [1, 1, 0],
    [2, 0, 1],
    [3, 1, 1],
  ]);
  expect(squares.map((square) => square.fill)).toEqual([-1, 0, 0.5, 1].map((v) => divergingCss(false, v, 1)));
});

test('draws each tap of a long strip as one bar', () => {
  const values = Float64Array.from({ length: 20 }, (_, i) => i);
  const { squares, height } = drawKernel(values, [20], 20, false);
  expect(squares).toHaveLength(20);
  expect(new Set(squares.map((square) => square.height))).toEqual(new Set([height]));
  expect(layoutSpatial(400, [20]).squares).toHaveLength(20);
});

test('keeps taps whole pixels wide and visible', () => {
  for (const kernel of [[1, 1], [3, 3], [9, 9], [31, 31], [81], [3, 3, 3]]) {
    const unit = tapSize(kernel, 60);
    expect(Number.isInteger(unit)).toBe(true);
    expect(unit).toBeGreaterThanOrEqual(2);
  }
});

test('wraps eigen-images inside the width', () => {
  for (const width of [0, 320, 1200]) {
    for (const [shown, kernel] of [
      [1, [1, 2]],
      [9, [3, 3]],
      [81, [9, 9]],
      [16, [16]],
      [16, [3, 3, 3]],
    ] as const) {
      const grid = layoutEigenGrid(width, shown, kernel);
      expect(grid.columns).toBeGreaterThanOrEqual(1);
      if (grid.columns > 1) expect(grid.columns * grid.pitchX - 14).toBeLessThanOrEqual(width);
      expect(Math.ceil(shown / grid.columns) * grid.pitchY).toBe(grid.height);
    }
  }
});

test('draws as many miniatures as fit, one at least, none for none', () => {
  expect(layoutMiniature(24, [3, 3], 120)).toMatchObject({ shown: 6, unit: 6, width: 118, height: 18 });
  expect(layoutMiniature(2, [3, 3], 120).shown).toBe(2);
  expect(layoutMiniature(24, [99], 40)).toMatchObject({ shown: 1, width: 40 });
  expect(layoutMiniature(0, [3, 3], 120)).toMatchObject({ shown: 0, width: 0 });
});

test('prints the spatial variance where a number fits', () => {
  expect(layoutSpatial(400, [3, 3]).printed).toBe(true);
  expect(layoutSpatial(400, [9, 9]).printed).toBe(false);
  expect(layoutSpatial(100, [31, 31]).width).toBeLessThanOrEqual(100);
  expect(layoutSpatial(300, [9, 9, 9]).width).toBeLessThanOrEqual(300);
});
