import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { layoutMosaic } from '../../src/charts/mosaic-layout';
import { visibleTiles } from '../../src/charts/mosaic-tiles';
import {
  clampView,
  firstView,
  hiddenText,
  mipLevel,
  panBy,
  reveal,
  scaleLimits,
  toUnits,
  wholeView,
  zoomAround,
} from '../../src/charts/mosaic-view';

const layout = { width: 4000, height: 2000 };
const viewport = { width: 1000, height: 400 };

test('shows all kernels at first where they stay readable, else the whole width', () => {
  expect(firstView({ width: 4000, height: 4000 }, viewport)).toEqual({ scale: 0.25, x: 0, y: 0 });
  expect(firstView({ width: 300, height: 320 }, viewport).scale).toBe(1.25);
  expect(firstView({ width: 8, height: 8 }, viewport).scale).toBe(16);
  expect(wholeView(layout, viewport).scale).toBe(0.2);
});

test('says which rows and columns are in view', () => {
  const mosaic = { width: 701, height: 281, pitchX: 7, pitchY: 7, columns: 100, rows: 40 };
  expect(hiddenText({ scale: 1, x: 0, y: 0 }, mosaic, { width: 701, height: 281 })).toBe('');
  expect(hiddenText({ scale: 1, x: 0, y: 0 }, mosaic, { width: 701, height: 141 })).toBe(
    'rows 0–19 of 40 in view',
  );
  expect(hiddenText({ scale: 2, x: 350, y: 0 }, mosaic, { width: 702, height: 562 })).toBe(
    'columns 50–99 of 100 in view',
  );
});

test('keeps the unit under the pointer while zooming', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.5, max: 4, noNaN: true }),
      fc.integer({ min: 200, max: 800 }),
      fc.integer({ min: 100, max: 300 }),
      (factor, px, py) => {
        const view = clampView({ scale: 2, x: 1500, y: 800 }, layout, viewport);
        const before = toUnits(view, px, py);
        const after = toUnits(zoomAround(view, factor, px, py, layout, viewport), px, py);
        expect(after[0]).toBeCloseTo(before[0], 6);
        expect(after[1]).toBeCloseTo(before[1], 6);
      },
    ),
  );
});

test('never leaves the mosaic, whatever is done', () => {
  const move = fc.tuple(
    fc.constantFrom('zoom', 'pan'),
    fc.double({ min: -3000, max: 3000, noNaN: true }),
    fc.double({ min: -3000, max: 3000, noNaN: true }),
  );
  fc.assert(
    fc.property(fc.array(move, { maxLength: 20 }), (moves) => {
      let view = firstView(layout, viewport);
      for (const [kind, a, b] of moves) {
        view =
          kind === 'pan'
            ? panBy(view, a, b, layout, viewport)
            : zoomAround(view, Math.exp(a / 500), 500, 200, layout, viewport);
        const [smallest, largest] = scaleLimits(layout, viewport);
        expect(view.scale).toBeGreaterThanOrEqual(smallest);
        expect(view.scale).toBeLessThanOrEqual(largest);
        expect(view.x).toBeGreaterThanOrEqual(0);
        expect(view.x).toBeLessThanOrEqual(Math.max(0, layout.width - viewport.width / view.scale) + 1e-9);
        expect(view.y).toBeLessThanOrEqual(Math.max(0, layout.height - viewport.height / view.scale) + 1e-9);
      }
    }),
  );
});

test('brings a kernel into view with the least move', () => {
  const mosaic = layoutMosaic({
    count: 10_000,
    kernel: [3, 3],
    mode: 'matrix',
    inputs: 100,
    rgb: false,
    order: null,
    aspect: 1,
  });
  const view = clampView({ scale: 4, x: 0, y: 0 }, mosaic, viewport);
  expect(reveal(view, 0, 0, mosaic, viewport)).toEqual(view);
  const moved = reveal(view, 50, 99, mosaic, viewport);
  expect(moved.x + viewport.width / 4).toBeCloseTo(mosaic.width);
  expect(moved.y + viewport.height / 4).toBeCloseTo(51 * mosaic.pitchY + 1);
});

describe('mipLevel', () => {
  test('keeps a pixel of the level between half a device pixel and one', () => {
    for (const scale of [1e-4, 0.01, 0.1, 0.125, 0.24, 0.25, 0.26, 0.5, 0.51, 0.99]) {
      const size = scale * 2 ** mipLevel(scale);
      expect(size).toBeGreaterThan(0.5);
      expect(size).toBeLessThanOrEqual(1 + 1e-9);
    }
  });

  test('is the full resolution from one pixel a unit, and where there is no size yet', () => {
    expect([1, 1.5, 28].map(mipLevel)).toEqual([0, 0, 0]);
    expect([0, NaN, -1].map(mipLevel)).toEqual([0, 0, 0]);
  });
});

describe('visibleTiles', () => {
  test('covers the viewport without overlap, the centre first', () => {
    const view = { scale: 0.7, x: 333, y: 222 };
    const tiles = visibleTiles(layout, view, viewport, 2);
    const area = tiles.reduce((sum, { left, top, size }) => {
      const across = Math.min(2000, left + size) - Math.max(0, left);
      const down = Math.min(800, top + size) - Math.max(0, top);
      return sum + across * down;
    }, 0);
    expect(area).toBeCloseTo(2000 * 800, 3);
    expect(new Set(tiles.map(({ x, y }) => `${x}/${y}`)).size).toBe(tiles.length);
    const first = tiles[0]!;
    expect(first.left).toBeLessThanOrEqual(1000);
    expect(first.left + first.size).toBeGreaterThanOrEqual(1000);
  });

  test('asks for no more tiles far out than close by', () => {
    for (const scale of [0.2, 0.26, 0.5, 1, 3, 28]) {
      const tiles = visibleTiles(layout, { scale, x: 0, y: 0 }, viewport, 2);
      expect(tiles.length).toBeLessThanOrEqual(160);
    }
  });
});
