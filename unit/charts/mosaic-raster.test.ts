import { describe, expect, test } from 'vitest';
import { divergingIndex, packTable, palette } from '../../src/charts/colour';
import { layoutMosaic, TAP_UNITS, type MosaicInput } from '../../src/charts/mosaic-layout';
import { scaleOf, scalePerItem } from '../../src/charts/kernel-scale';
import { mosaicSource, TILE, TileRaster } from '../../src/charts/mosaic-raster';

function never() {
  return false;
}

function raster(part: Partial<MosaicInput>, values: Float32Array, level = 0, tileX = 0, tileY = 0) {
  const layout = layoutMosaic({
    count: 4,
    kernel: [2, 2],
    mode: 'matrix',
    inputs: 2,
    rgb: false,
    order: null,
    aspect: 1,
    ...part,
  });
  const tile = new TileRaster(mosaicSource(layout, values, scaleOf(1), false), level, tileX, tileY);
  tile.advance(never);
  return { layout, at: (x: number, y: number) => tile.pixels[y * TILE + x]! };
}

const colours = packTable(palette(false).diverging);
function colourOf(value: number) {
  return colours[divergingIndex(value, 1)]!;
}

function alphaOf(pixel: number) {
  return pixel >>> 24;
}

function ramp(length: number) {
  return Float32Array.from({ length }, (_, i) => (i / (length - 1)) * 2 - 1);
}

describe('a tile at full resolution', () => {
  test('shows each tap of each kernel in its colour, TAP_UNITS wide, and nothing in the gaps', () => {
    const values = ramp(16);
    const { layout, at } = raster({}, values);
    let painted = 0;
    for (let y = 0; y < layout.height; y++) {
      for (let x = 0; x < layout.width; x++) {
        const column = Math.floor((x - 1) / layout.pitchX);
        const row = Math.floor((y - 1) / layout.pitchY);
        const tapX = Math.floor((x - 1 - column * layout.pitchX) / TAP_UNITS);
        const tapY = Math.floor((y - 1 - row * layout.pitchY) / TAP_UNITS);
        const inside = x > 0 && y > 0 && tapX < 2 && tapY < 2;
        if (inside) painted++;
        const expected = inside ? colourOf(values[(row * 2 + column) * 4 + tapY * 2 + tapX]!) : 0;
        expect(at(x, y)).toBe(expected);
      }
    }
    expect(painted).toBe(16 * TAP_UNITS ** 2);
    expect(at(layout.width, 0)).toBe(0);
  });

  test('follows the order in a sequence and the order of rows in a matrix', () => {
    const values = Float32Array.of(-1, -0.5, 0.5, 1);
    const sequence = raster(
      { kernel: [1, 1], mode: 'sequence', order: Uint32Array.of(3, 1, 0, 2), aspect: 100 },
      values,
    );
    const pitch = TAP_UNITS + 1;
    expect([0, 1, 2, 3].map((i) => sequence.at(1 + i * pitch, 1))).toEqual([1, -0.5, -1, 0.5].map(colourOf));
    const matrix = raster({ kernel: [1, 1], order: Uint32Array.of(1, 0) }, values);
    expect(matrix.at(1, 1)).toBe(colourOf(0.5));
    expect(matrix.at(1, 1 + pitch)).toBe(colourOf(-1));
  });

  test('paints a weight that is not finite in the colour of missing values', () => {
    const { at } = raster({ count: 2, kernel: [1, 1] }, Float32Array.of(NaN, Infinity));
    const css = palette(false).missing;
    const channels = [1, 3, 5].map((i) => parseInt(css.slice(i, i + 2), 16));
    for (const x of [1, 1 + TAP_UNITS + 1]) {
      expect([at(x, 1) & 255, (at(x, 1) >> 8) & 255, (at(x, 1) >> 16) & 255]).toEqual(channels);
    }
  });

  test('mixes three inputs into one colour, 0 as mid-grey', () => {
    const { at } = raster({ count: 3, kernel: [1, 1], inputs: 3, rgb: true }, Float32Array.of(1, 0, -1));
    expect([at(1, 1) & 255, (at(1, 1) >> 8) & 255, (at(1, 1) >> 16) & 255]).toEqual([255, 128, 0]);
  });

  test('continues on the next tile', () => {
    const count = 200 * 200;
    const values = Float32Array.from({ length: count }, (_, i) => Math.sin(i));
    const big = { count, kernel: [1, 1], inputs: 200 };
    const next = raster(big, values, 0, 1, 1);
    // Unit 256 = 1 + 85 * 3: the left edge of column 85.
    expect(next.at(0, 0)).toBe(colourOf(values[85 * 200 + 85]!));
  });
});

describe('a tile at a coarser level', () => {
  test('shows the mean weight, opaque by the share of taps', () => {
    const values = ramp(64 * 64);
    const { at } = raster({ count: 64 * 64, kernel: [1, 1], inputs: 64 }, values, 3);
    // Pixel (0, 0): units 0-7 hold taps on 1, 2, 4, 5, 7: kernels 0-2 with weights 2, 2 and 1 in either direction.
    const share = [2, 2, 1];
    let mean = 0;
    share.forEach((r, row) =>
      share.forEach((c, column) => (mean += (r * c * values[row * 64 + column]!) / 25)),
    );
    expect(at(0, 0) & 0xffffff).toBe(colourOf(mean) & 0xffffff);
    expect(alphaOf(at(0, 0))).toBe(Math.round((255 * 25) / 64));
  });

  test('is empty beyond the mosaic', () => {
    const { at } = raster({}, ramp(16), 2);
    expect(at(100, 100)).toBe(0);
    expect(at(0, 100)).toBe(0);
  });
});

test('can be made in slices with the same result', () => {
  const layout = layoutMosaic({
    count: 5000,
    kernel: [3, 3],
    mode: 'sequence',
    inputs: 1,
    rgb: false,
    order: null,
    aspect: 1,
  });
  const values = Float32Array.from({ length: 45_000 }, (_, i) => Math.cos(i));
  const source = mosaicSource(layout, values, scaleOf(1), true);
  const whole = new TileRaster(source, 1, 0, 0);
  whole.advance(never);
  const sliced = new TileRaster(source, 1, 0, 0);
  let slices = 0;
  while (!sliced.done) {
    sliced.advance(() => true);
    slices++;
  }
  expect(slices).toBe(TILE);
  expect(sliced.pixels).toEqual(whole.pixels);
});

test('each kernel on a scale of its own is drawn over its largest weight', () => {
  const layout = layoutMosaic({
    count: 2,
    kernel: [1, 2],
    mode: 'matrix',
    inputs: 1,
    rgb: false,
    order: Uint32Array.of(1, 0),
    aspect: 1,
  });
  const values = Float32Array.of(8, -4, 0, 0);
  const tile = new TileRaster(mosaicSource(layout, values, scalePerItem(values, 2, 8), false), 0, 0, 0);
  tile.advance(never);
  const at = (row: number, tap: number) =>
    tile.pixels[(row * layout.pitchY + 1) * TILE + 1 + tap * TAP_UNITS];
  expect([at(0, 0), at(0, 1)]).toEqual([colourOf(0), colourOf(0)]);
  expect([at(1, 0), at(1, 1)]).toEqual([colourOf(1), colourOf(-0.5)]);
});
