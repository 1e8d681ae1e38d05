import { describe, expect, test } from 'vitest';
import { logIndex, packTable, palette } from '../../src/charts/colour';
import { hitScatter, layoutScatter, scatterPixels } from '../../src/charts/density-scatter';
import {
  cellRange,
  filtersInCell,
  lowestShare,
  LOWEST_SHARE,
  nearestFilled,
  nextFilled,
  occupiedHalf,
  scatterCells,
  scatterEnds,
  scatterNote,
} from '../../src/charts/scatter-cells';

const fire = packTable(palette(false).fire);

describe('scatterPixels', () => {
  test('draws the y component upward', () => {
    const counts = new Uint32Array(16);
    counts[0 * 4 + 3] = 5; // lowest row, rightmost column
    const pixels = scatterPixels(counts, 4, 4);
    expect(pixels[3 * 4 + 3]).toBe(fire[255]);
    expect(pixels[0 * 4 + 3]).toBe(fire[0]);
  });

  test('takes the logarithm from a quarter of a filter to the densest cell', () => {
    const pixels = scatterPixels(Uint32Array.of(1000, 10, 0, 1), 2, 2);
    expect(pixels[2]).toBe(fire[255]);
    expect(pixels[3]).toBe(fire[logIndex(0.01, 1 / 4000)]);
    expect(pixels[0]).toBe(fire[0]);
    expect(pixels[1]).toBe(fire[Math.round((255 * Math.log(4)) / Math.log(4000))]);
  });

  test('never reaches down below 10⁻⁵ of the densest cell', () => {
    const pixels = scatterPixels(Uint32Array.of(10_000_000, 100, 101, 1), 2, 2);
    expect(pixels[3]).toBe(fire[0]);
    expect(pixels[0]).toBe(fire[logIndex(1.01e-5, LOWEST_SHARE)]);
  });

  test('keeps a single filter visible when cells share pixels', () => {
    const counts = new Uint32Array(512 * 512);
    counts[100 * 512 + 200] = 1;
    const pixels = scatterPixels(counts, 512, 211);
    expect(pixels.filter((pixel) => pixel === fire[255])).toHaveLength(1);
  });

  test('is dark all over without filters', () => {
    expect(new Set(scatterPixels(new Uint32Array(16), 4, 4))).toEqual(new Set([fire[0]]));
  });
});

/** `perCell` filters in each of the first `filled` cells of a 64 x 64 map. */
function even(filled: number, perCell: number): Uint32Array {
  return new Uint32Array(64 * 64).fill(perCell, 0, filled);
}

describe('scatterCells', () => {
  test('keeps cells that hold four filters on average, and joins sparser ones by adding them up', () => {
    expect(scatterCells(even(2048, 4), 64, 3.2)).toMatchObject({
      joined: 1,
      blocks: 64,
      densest: 4,
      dots: false,
    });
    const joined = scatterCells(even(4096, 1), 64, 3.2);
    expect(joined).toMatchObject({ joined: 2, blocks: 32, densest: 4, dots: false });
    expect(joined.counts.reduce((sum, count) => sum + count, 0)).toBe(4096);
  });

  test('joins at most eight cells a side', () => {
    const scattered = new Uint32Array(512 * 512);
    for (let i = 0; i < 64 * 64; i++) scattered[Math.floor(i / 64) * 8 * 512 + (i % 64) * 8] = 1;
    expect(scatterCells(scattered, 512, 3.3)).toMatchObject({ joined: 8, blocks: 64, densest: 1 });
  });

  test('leaves few filters as dots on the cells of the histogram, and an empty map empty', () => {
    expect(scatterCells(even(3000, 1), 64, 3.2)).toMatchObject({ joined: 1, dots: true, densest: 1 });
    expect(scatterCells(even(3001, 1), 64, 3.2).dots).toBe(false);
    expect(scatterCells(even(0, 1), 64, 3.2)).toMatchObject({ densest: 0, dots: true });
  });
});

describe('the drawn square', () => {
  const at = (...filled: [number, number][]) => {
    const counts = new Uint32Array(512 * 512);
    for (const [ix, iy] of filled) counts[iy * 512 + ix] = 1;
    return counts;
  };

  test('is about 0, holds every filter with a rim, and is whole joined cells wide', () => {
    // 40 cells off the middle, and a twentieth: 42, in steps of eight.
    expect(occupiedHalf(at([256, 256], [295, 250]), 512)).toBe(48);
    expect(occupiedHalf(at([216, 256]), 512)).toBe(48);
    expect(occupiedHalf(at([256, 256]), 512)).toBe(8);
    expect(occupiedHalf(at([0, 511]), 512)).toBe(256);
    expect(occupiedHalf(at([3, 256]), 512)).toBe(256);
  });

  test('is the whole one where nothing is inside', () => {
    expect(occupiedHalf(at(), 512)).toBe(256);
    expect(scatterCells(at(), 512, 3.3)).toMatchObject({ extent: 3.3, blocks: 512 });
  });

  test('keeps the cells and their counts', () => {
    const cells = scatterCells(at([256, 260], [250, 256]), 512, 3.3);
    expect(cells).toMatchObject({ blocks: 16, joined: 1 });
    expect(cells.extent).toBeCloseTo((3.3 * 16) / 512, 12);
    expect([...cells.counts.keys()].filter((cell) => cells.counts[cell]! > 0)).toEqual([
      8 * 16 + 2,
      12 * 16 + 8,
    ]);
  });
});

describe('the scale of the map', () => {
  test('starts at one filter, at the colour that one filter has', () => {
    const { low, high, from } = scatterEnds(1000);
    expect([low, high]).toEqual(['1', '1,000']);
    expect(scatterPixels(Uint32Array.of(1000, 1, 0, 0), 2, 2)[3]).toBe(fire[from]);
  });

  test('starts higher where the densest cell holds more than a hundred thousand', () => {
    expect(lowestShare(1e6)).toBe(LOWEST_SHARE);
    expect(scatterEnds(1e6)).toMatchObject({ low: '≤ 10', high: '1,000,000' });
  });

  test('says how large a drawn cell is', () => {
    expect(scatterNote(scatterCells(even(4096, 1), 64, 3.2))).toContain('per cell of 0.20');
  });
});

describe('walking over filled cells', () => {
  // Row 0: columns 1 and 5; row 3: column 2.
  const counts = new Uint32Array(64);
  for (const cell of [1, 5, 3 * 8 + 2]) counts[cell] = 1;
  const cells = scatterCells(counts, 8, 3.3);

  test('goes to the nearest in the direction, and stays where there is none', () => {
    expect(nextFilled(cells, { ix: 1, iy: 0 }, 1, 0)).toEqual({ ix: 5, iy: 0 });
    expect(nextFilled(cells, { ix: 1, iy: 0 }, 0, 1)).toEqual({ ix: 2, iy: 3 });
    expect(nextFilled(cells, { ix: 5, iy: 0 }, 1, 0)).toEqual({ ix: 5, iy: 0 });
    expect(nextFilled(cells, { ix: 2, iy: 3 }, 0, -1)).toEqual({ ix: 1, iy: 0 });
  });

  test('finds a dot near the pointer and none far from it', () => {
    expect(nearestFilled(cells, { ix: 4, iy: 1 }, 2)).toEqual({ ix: 5, iy: 0 });
    expect(nearestFilled(cells, { ix: 7, iy: 7 }, 2)).toBeNull();
  });
});

describe('layoutScatter', () => {
  test('fits its place, one pixel a cell at most', () => {
    for (const width of [360, 500, 1280]) {
      const layout = layoutScatter(width, 3.3);
      expect(layout.width).toBeLessThanOrEqual(width);
      expect(layout.side).toBeLessThanOrEqual(512);
    }
  });

  test('puts 0 in the middle of both axes', () => {
    const layout = layoutScatter(600, 3.3);
    const zero = (ticks: { value: number; position: number }[]) =>
      ticks.find((tick) => tick.value === 0)!.position;
    expect(zero(layout.xTicks)).toBeCloseTo(layout.left + layout.side / 2);
    expect(zero(layout.yTicks)).toBeCloseTo(layout.top + layout.side / 2);
  });

  test('leads from a pixel to its cell, y upward', () => {
    const layout = layoutScatter(600, 3.3);
    expect(hitScatter(layout, 512, layout.left + 0.1, layout.top + layout.side - 0.1)).toEqual({
      ix: 0,
      iy: 0,
    });
    expect(hitScatter(layout, 512, layout.left + layout.side - 0.1, layout.top + 0.1)).toEqual({
      ix: 511,
      iy: 511,
    });
    expect(hitScatter(layout, 512, layout.left - 1, 50)).toBeNull();
  });
});

describe('filtersInCell', () => {
  const dots = {
    counts: Uint32Array.of(0, 2, 0, 1),
    blocks: 2,
    extent: 1,
    joined: 1,
    densest: 2,
    dots: true,
  };

  test('a cell is the square it covers', () => {
    expect(cellRange(dots, { ix: 1, iy: 0 })).toEqual({ x: [0, 1], y: [-1, 0], count: 2 });
    const joined = { ...dots, extent: 4, joined: 4 };
    expect(cellRange(joined, { ix: 1, iy: 1 })).toEqual({ x: [0, 4], y: [0, 4], count: 1 });
  });

  test('finds the filters of a cell on any two components', () => {
    // Three taps: c0, c1, c2 a filter.
    const coefficients = Float32Array.of(9, 0.5, -0.5, 9, 0.9, -0.9, 9, 0.5, 0.5, NaN, NaN, NaN);
    expect(filtersInCell(cellRange(dots, { ix: 1, iy: 0 }), coefficients, 3, [1, 2])).toEqual([0, 1]);
    expect(filtersInCell(cellRange(dots, { ix: 1, iy: 1 }), coefficients, 3, [1, 2])).toEqual([2]);
  });

  test('one that rounding puts at the edge is found, one beyond is not taken for it', () => {
    const range = { x: [0, 1] as [number, number], y: [0, 1] as [number, number], count: 1 };
    expect(filtersInCell(range, [1.0000001, 0.5], 2, [0, 1])).toEqual([0]);
    expect(filtersInCell(range, [1.0000001, 0.5, 0.5, 0.5], 2, [0, 1])).toEqual([1]);
    expect(filtersInCell(range, [1.2, 0.5], 2, [0, 1])).toEqual([]);
    expect(filtersInCell(range, [], 2, [0, 1])).toEqual([]);
  });
});
