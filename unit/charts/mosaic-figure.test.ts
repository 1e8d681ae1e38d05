import { describe, expect, test } from 'vitest';
import { layoutMosaicFigure } from '../../src/charts/mosaic-figure';
import { layoutMosaic } from '../../src/charts/mosaic-layout';

function matrix(rows: number, inputs: number) {
  return layoutMosaic({
    count: rows * inputs,
    kernel: [3, 3],
    mode: 'matrix',
    inputs,
    rgb: false,
    order: null,
    aspect: 1,
  });
}

describe('layoutMosaicFigure', () => {
  test.each([
    [1, 1],
    [64, 3],
    [3, 64],
    [256, 256],
    [4096, 4096],
  ])('holds the whole of %d x %d kernels', (rows, inputs) => {
    const layout = matrix(rows, inputs);
    for (const width of [200, 650]) {
      const figure = layoutMosaicFigure(layout, width);
      expect(figure.width).toBeCloseTo(layout.width * figure.scale);
      expect(figure.width).toBeLessThanOrEqual(width + 1e-9);
      expect(figure.height).toBeLessThanOrEqual(1.5 * width + 1e-9);
      expect(layout.width * figure.density).toBeLessThanOrEqual(4096 + 1e-9);
      expect(layout.height * figure.density).toBeLessThanOrEqual(4096 + 1e-9);
    }
  });

  test('keeps taps whole pixels where they fit, and says where they are averaged', () => {
    expect(layoutMosaicFigure(matrix(64, 64), 650)).toMatchObject({ density: 3 });
    expect(layoutMosaicFigure(matrix(64, 64), 650).averaged).toBeLessThanOrEqual(1);
    expect(layoutMosaicFigure(matrix(4096, 4096), 650).averaged).toBeGreaterThan(1);
  });
});
