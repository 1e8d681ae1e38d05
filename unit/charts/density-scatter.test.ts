import { describe, expect, it } from 'vitest';
import { logIndex, packTable, palette } from '../../src/charts/colour';
import {
  drawnBlocks,
  hitScatter,
  layoutScatter,
  LOWEST_SHARE,
  scatterPixels,
} from '../../src/charts/density-scatter';

const fire = packTable(palette(false).fire);

describe('scatterPixels', () => {
  it('draws the y component upward', () => {
    const counts = new Uint32Array(16);
    counts[0 * 4 + 3] = 5; // lowest row, rightmost column
    const pixels = scatterPixels(counts, 4, 4);
    expect(pixels[3 * 4 + 3]).toBe(fire[255]);
    expect(pixels[0 * 4 + 3]).toBe(fire[0]);
  });

  it('divides by the densest cell and takes the logarithm', () => {
    const pixels = scatterPixels(Uint32Array.of(1000, 10, 0, 1), 2, 2);
    expect(pixels[2]).toBe(fire[255]);
    expect(pixels[3]).toBe(fire[logIndex(0.01, LOWEST_SHARE)]);
    expect(pixels[0]).toBe(fire[0]);
    expect(pixels[1]).toBe(fire[logIndex(0.001, LOWEST_SHARE)]);
  });

  it('keeps a single filter visible when cells share pixels', () => {
    const counts = new Uint32Array(512 * 512);
    counts[100 * 512 + 200] = 1;
    const pixels = scatterPixels(counts, 512, 211);
    expect(pixels.filter((pixel) => pixel === fire[255])).toHaveLength(1);
  });

  it('is dark all over without filters', () => {
    expect(new Set(scatterPixels(new Uint32Array(16), 4, 4))).toEqual(new Set([fire[0]]));
  });
});

it('draws few filters in blocks large enough to be seen, many cell by cell', () => {
  expect([10, 10_000, 1_000_000].map((count) => drawnBlocks(count, 512))).toEqual([128, 256, 512]);
});

describe('layoutScatter', () => {
  it('fits its place, one pixel a cell at most', () => {
    for (const width of [360, 500, 1280]) {
      const layout = layoutScatter(width, 3.3, 512);
      expect(layout.width).toBeLessThanOrEqual(width);
      expect(layout.side).toBeLessThanOrEqual(512);
    }
  });

  it('puts 0 in the middle of both axes', () => {
    const layout = layoutScatter(600, 3.3, 512);
    const zero = (ticks: { value: number; position: number }[]) =>
      ticks.find((tick) => tick.value === 0)!.position;
    expect(zero(layout.xTicks)).toBeCloseTo(layout.left + layout.side / 2);
    expect(zero(layout.yTicks)).toBeCloseTo(layout.top + layout.side / 2);
  });

  it('leads from a pixel to its cell, y upward', () => {
    const layout = layoutScatter(600, 3.3, 512);
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
