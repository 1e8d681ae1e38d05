import { describe, expect, test } from 'vitest';
import {
  cellDecimals,
  cellExponent,
  cellText,
  hitHeatmap,
  isShown,
  isWithinChance,
  layoutHeatmap,
  type HeatmapInput,
} from '../../src/charts/matrix-heatmap';

function matrix(rows: number, columns: number, part: Partial<HeatmapInput> = {}): HeatmapInput {
  return {
    values: Float64Array.from({ length: rows * columns }, (_, i) => i),
    rowLabels: Array.from({ length: rows }, (_, i) => `r${i}`),
    columnLabels: Array.from({ length: columns }, (_, i) => `c${i}`),
    scale: 'sequential',
    nullLevel: null,
    blankDiagonal: false,
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
    const values = Float64Array.of(9, 1, -2, NaN);
    const square = { values, blankDiagonal: true };
    expect(layoutHeatmap(400, matrix(2, 2, square)).peak).toBe(2);
    expect(layoutHeatmap(400, matrix(2, 2, { values })).peak).toBe(9);
    expect(layoutHeatmap(400, matrix(1, 1, { values: Float64Array.of(0) })).peak).toBe(0);
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
      expect(hitHeatmap(layout, 3, 4, x, y)).toEqual({ row, column });
    }
  }
  expect(hitHeatmap(layout, 3, 4, 0, 0)).toBeNull();
  expect(hitHeatmap(layout, 3, 4, layout.width + 1, layout.top + 1)).toBeNull();
});

test('shows cells that hold a number, and the diagonal only where it means something', () => {
  const input = matrix(2, 2, { values: Float64Array.of(0, NaN, 1, 0), blankDiagonal: true });
  expect([0, 1, 2, 3].map((cell) => isShown(input, cell))).toEqual([false, false, true, false]);
  expect(isShown({ ...input, blankDiagonal: false }, 0)).toBe(true);
});

test('calls a drift within chance up to the level of its null', () => {
  expect(isWithinChance(0.1, 0.1)).toBe(true);
  expect(isWithinChance(0.11, 0.1)).toBe(false);
  expect(isWithinChance(0.1, undefined)).toBe(false);
  expect(isWithinChance(0.1, NaN)).toBe(false);
});
