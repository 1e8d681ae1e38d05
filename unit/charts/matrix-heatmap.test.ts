import { hcl, lab } from 'd3-color';
import { describe, expect, test } from 'vitest';
import { contrast, palette, readableOn } from '../../src/charts/colour';
import {
  cellColour,
  cellDecimals,
  cellExponent,
  cellText,
  heatmapScale,
  hitHeatmap,
  isShown,
  isWithinChance,
  layoutHeatmap,
  stepCell,
  type HeatmapInput,
} from '../../src/charts/matrix-heatmap';

function matrix(rows: number, columns: number, part: Partial<HeatmapInput> = {}): HeatmapInput {
  return {
    values: Float64Array.from({ length: rows * columns }, (_, i) => i),
    rowLabels: Array.from({ length: rows }, (_, i) => `r${i}`),
    columnLabels: Array.from({ length: columns }, (_, i) => `c${i}`),
    nullLevel: null,
    triangle: false,
    hasTitles: true,
    ...part,
  };
}

describe('layoutHeatmap', () => {
  test('prints values where they fit, and the null as a second line', () => {
    expect(layoutHeatmap(800, matrix(9, 9)).lines).toBe(1);
    expect(layoutHeatmap(800, matrix(9, 9, { nullLevel: new Float64Array(81) })).lines).toBe(2);
    expect(layoutHeatmap(300, matrix(9, 9)).lines).toBe(0);
  });

  test('holds a million values, as a picture', () => {
    const layout = layoutHeatmap(500, matrix(961, 961));
    expect(layout).toMatchObject({ asPicture: true, lines: 0, peak: 961 * 961 - 1 });
    expect(layout.width).toBeLessThanOrEqual(500);
    expect(layout.height).toBeLessThanOrEqual(560);
  });

  test('stays within its width where cells can shrink', () => {
    for (const size of [1, 2, 10, 25, 81]) {
      for (const width of [300, 360, 1280]) {
        expect(layoutHeatmap(width, matrix(size, size)).width).toBeLessThanOrEqual(width);
      }
    }
  });

  test('names rows and columns without overlap', () => {
    for (const size of [3, 10, 81]) {
      const { rows, columns, upright } = layoutHeatmap(360, matrix(size, size));
      for (let i = 1; i < rows.length; i++) {
        expect(rows[i]!.position - rows[i - 1]!.position).toBeGreaterThanOrEqual(14);
      }
      for (let i = 1; i < columns.length; i++) {
        expect(columns[i]!.position - columns[i - 1]!.position).toBeGreaterThanOrEqual(upright ? 14 : 18);
      }
    }
  });

  test('stands long column names upright', () => {
    const labels = Array.from({ length: 10 }, (_, i) => `0.${i}–0.${i + 1}`);
    expect(layoutHeatmap(360, matrix(10, 10, { columnLabels: labels })).upright).toBe(true);
    expect(layoutHeatmap(900, matrix(10, 10, { columnLabels: labels })).upright).toBe(false);
  });

  test('draws many cells as one picture', () => {
    expect(layoutHeatmap(800, matrix(25, 25)).asPicture).toBe(false);
    expect(layoutHeatmap(800, matrix(49, 49)).asPicture).toBe(true);
  });

  test('takes its scale from the cells that are shown', () => {
    const values = Float64Array.of(1, 9, -2, NaN);
    expect(layoutHeatmap(400, matrix(2, 2, { values, triangle: true }))).toMatchObject({
      peak: 2,
      scale: 'diverging',
    });
    expect(layoutHeatmap(400, matrix(2, 2, { values })).peak).toBe(9);
    expect(layoutHeatmap(400, matrix(1, 1, { values: Float64Array.of(0) }))).toMatchObject({
      peak: 0,
      scale: 'sequential',
    });
  });

  test('lets no cell within chance stretch the scale, unless all are', () => {
    const values = Float64Array.of(9, 1, 2, 3);
    const nullLevel = Float64Array.of(10, 0, 0, 0);
    expect(layoutHeatmap(400, matrix(2, 2, { values, nullLevel })).peak).toBe(3);
    expect(layoutHeatmap(400, matrix(2, 2, { values, nullLevel: values })).peak).toBe(9);
  });
});

describe('the scale', () => {
  test('is two-sided only where something is below 0', () => {
    expect(heatmapScale([0, 1, 2])).toBe('sequential');
    expect(heatmapScale([-1e-9, 1])).toBe('diverging');
    expect(heatmapScale([-2, -1])).toBe('diverging');
    expect(heatmapScale([0])).toBe('sequential');
    expect(heatmapScale([])).toBe('sequential');
  });

  test.each([false, true])('gives every printed number a contrast of 4.5 (dark: %s)', (dark) => {
    for (const scale of ['diverging', 'sequential'] as const) {
      for (let i = -1000; i <= 1000; i++) {
        const fill = cellColour({ scale, peak: 1000 }, i, false, dark);
        expect(contrast(fill, readableOn(fill))).toBeGreaterThanOrEqual(4.5);
      }
    }
  });

  test.each([false, true])('gives no colour to what chance may have made (dark: %s)', (dark) => {
    const grey = cellColour({ scale: 'sequential', peak: 1 }, 1, true, dark);
    const { c, l } = hcl(grey);
    expect(c).toBeLessThan(3);
    // Fainter than the middle of the scale.
    const paper = lab(palette(dark).neutral).l;
    expect(Math.abs(l - paper)).toBeLessThan(
      Math.abs(lab(cellColour({ scale: 'sequential', peak: 1 }, 0.5, false, dark)).l - paper) / 2,
    );
  });
});

describe('printed values', () => {
  test('have the same decimals in all cells', () => {
    expect([0.9, 0.0088, -0.0088, 0, -0.0001].map((value) => cellText(value, 3))).toEqual([
      '0.900',
      '0.009',
      '−0.009',
      '0.000',
      '0.000',
    ]);
    expect(cellText(NaN, 2)).toBe('—');
  });

  test('have as many as the peak asks for', () => {
    expect([0, 1e-30, 0.012, 0.9, 1, 11, 20_000].map(cellDecimals)).toEqual([0, 20, 4, 3, 2, 2, 0]);
  });

  test('drop leading zeros for a power of ten that holds for all cells', () => {
    expect([0, 0.0113, 0.1, 3, 2.5e-7].map(cellExponent)).toEqual([0, -3, 0, 0, -9]);
    expect([0.0113, -0.0002, 0].map((value) => cellText(value, 1, -3))).toEqual(['11.3', '−0.2', '0.0']);
    const values = Float64Array.from({ length: 81 }, (_, i) => Math.sin(i) * 9e-8);
    expect(layoutHeatmap(500, matrix(9, 9, { values }))).toMatchObject({
      lines: 1,
      exponent: -9,
      decimals: 1,
    });
  });

  test('lose a decimal before they are left out', () => {
    const values = Float64Array.from({ length: 81 }, (_, i) => Math.sin(i) * 0.9);
    const layouts = [900, 460, 330].map((width) => layoutHeatmap(width, matrix(9, 9, { values })));
    expect(layouts.map(({ lines, decimals }) => lines && decimals)).toEqual([3, 2, 0]);
  });
});

test('finds the cell under the pointer', () => {
  const layout = layoutHeatmap(500, matrix(3, 4));
  for (let row = 0; row < 3; row++) {
    for (let column = 0; column < 4; column++) {
      const x = layout.left + (column + 0.5) * layout.cellWidth;
      const y = layout.top + (row + 0.5) * layout.cellHeight;
      expect(hitHeatmap(layout, 3, 4, false, x, y)).toEqual({ row, column });
    }
  }
  expect(hitHeatmap(layout, 3, 4, false, 0, 0)).toBeNull();
  expect(hitHeatmap(layout, 3, 4, false, layout.width + 1, layout.top + 1)).toBeNull();
});

test('of a triangle, no cell above the diagonal is there', () => {
  const input = matrix(2, 2, { values: Float64Array.of(0, 5, NaN, 0), triangle: true });
  expect([0, 1, 2, 3].map((cell) => isShown(input, cell))).toEqual([true, false, false, true]);
  expect(isShown({ ...input, triangle: false }, 1)).toBe(true);
  const layout = layoutHeatmap(500, matrix(3, 3, { triangle: true }));
  const hit = (row: number, column: number) =>
    hitHeatmap(
      layout,
      3,
      3,
      true,
      layout.left + (column + 0.5) * layout.cellWidth,
      layout.top + (row + 0.5) * layout.cellHeight,
    );
  expect(hit(2, 1)).toEqual({ row: 2, column: 1 });
  expect(hit(1, 1)).toEqual({ row: 1, column: 1 });
  expect(hit(0, 1)).toBeNull();
});

test('walks from cell to cell, and stays where there is no further one', () => {
  expect(stepCell(null, [0, 1], 3, 3, true)).toEqual({ row: 0, column: 0 });
  expect(stepCell({ row: 2, column: 1 }, [0, 1], 3, 3, true)).toEqual({ row: 2, column: 2 });
  expect(stepCell({ row: 2, column: 2 }, [-1, 0], 3, 3, true)).toEqual({ row: 2, column: 2 });
  expect(stepCell({ row: 2, column: 2 }, [-1, 0], 3, 3, false)).toEqual({ row: 1, column: 2 });
  expect(stepCell({ row: 2, column: 2 }, [1, 0], 3, 3, true)).toEqual({ row: 2, column: 2 });
});

test('calls a drift within chance up to the level of its null', () => {
  expect(isWithinChance(0.1, 0.1)).toBe(true);
  expect(isWithinChance(0.11, 0.1)).toBe(false);
  expect(isWithinChance(0.1, undefined)).toBe(false);
  expect(isWithinChance(0.1, NaN)).toBe(false);
});
