import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  hitMosaic,
  itemAt,
  itemValues,
  layoutMosaic,
  positionOf,
  TAP_UNITS,
  tapName,
  tapsPerPixel,
  walk,
  type MosaicInput,
} from '../../src/charts/mosaic-layout';
import { describeHit } from '../../src/charts/mosaic-readout';

function input(part: Partial<MosaicInput>): MosaicInput {
  return {
    count: 12,
    kernel: [3, 3],
    mode: 'matrix',
    inputs: 4,
    rgb: false,
    order: null,
    aspect: 2,
    ...part,
  };
}

/** A permutation of 0 ... length - 1 from sort keys. */
function permutation(keys: number[]) {
  return Uint32Array.from(keys.map((_, i) => i).sort((a, b) => keys[a]! - keys[b]! || a - b));
}

describe('layoutMosaic', () => {
  test('lays the matrix out as output by input channels', () => {
    const layout = layoutMosaic(input({}));
    expect([layout.rows, layout.columns]).toEqual([3, 4]);
    expect(itemAt(layout, 1, 2)).toBe(6);
    expect(layout.width).toBe(4 * (3 * TAP_UNITS + 1) + 1);
  });

  test('wraps the sequence to about the shape of its place', () => {
    const layout = layoutMosaic(input({ count: 262_144, mode: 'sequence', aspect: 1 }));
    expect([layout.rows, layout.columns]).toEqual([512, 512]);
    const strips = layoutMosaic(input({ count: 1000, kernel: [9], mode: 'sequence', aspect: 3 }));
    expect(strips.width / strips.height).toBeGreaterThan(2.4);
    expect(strips.width / strips.height).toBeLessThan(3.6);
  });

  test('draws one colour kernel per three filters', () => {
    const layout = layoutMosaic(input({ count: 24, inputs: 3, rgb: true }));
    expect([layout.items, layout.channels, layout.mode]).toEqual([8, 3, 'sequence']);
    const values = Float32Array.from({ length: 24 * 9 }, (_, i) => i);
    expect([...itemValues(layout, values, 1)]).toEqual(Array.from({ length: 27 }, (_, i) => 27 + i));
  });

  test('holds nothing, one and a last row that is not full', () => {
    expect(layoutMosaic(input({ count: 0 }))).toMatchObject({ items: 0, rows: 0 });
    expect(itemAt(layoutMosaic(input({ count: 0 })), 0, 0)).toBeNull();
    const one = layoutMosaic(input({ count: 1, mode: 'sequence' }));
    expect([one.rows, one.columns]).toEqual([1, 1]);
    const ragged = layoutMosaic(input({ count: 10 }));
    expect(itemAt(ragged, 2, 1)).toBe(9);
    expect(itemAt(ragged, 2, 2)).toBeNull();
    expect(itemAt(ragged, 3, 0)).toBeNull();
    expect(itemAt(ragged, 0, 4)).toBeNull();
  });

  test('passes over an order made for another layer', () => {
    expect(layoutMosaic(input({ order: Uint32Array.of(0, 1) })).order).toBeNull();
  });

  test('sorts whole rows of the matrix', () => {
    const layout = layoutMosaic(input({ order: Uint32Array.of(2, 0, 1) }));
    expect(itemAt(layout, 0, 1)).toBe(9);
    expect(positionOf(layout, 9)).toEqual({ row: 0, column: 1 });
  });
});

describe('position and item', () => {
  test('lead to each other, in any layout and order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer(), { minLength: 1, maxLength: 60 }),
        fc.constantFrom<'matrix' | 'sequence'>('matrix', 'sequence'),
        fc.constantFrom([3, 3], [5], [1, 7], [2, 3, 3]),
        fc.boolean(),
        (keys, mode, kernel, ordered) => {
          const inputs = mode === 'matrix' ? 3 : 1;
          const count = keys.length * inputs;
          const order = ordered ? permutation(keys) : null;
          const layout = layoutMosaic(input({ count, kernel, mode, inputs, order, aspect: 1.5 }));
          const seen = new Set<number>();
          for (let item = 0; item < count; item++) {
            const { row, column } = positionOf(layout, item)!;
            expect(itemAt(layout, row, column)).toBe(item);
            const hit = hitMosaic(layout, column * layout.pitchX + 1.5, row * layout.pitchY + 1.5)!;
            expect(hit).toEqual({ item, row, column, tap: 0 });
            seen.add(row * layout.columns + column);
          }
          expect(seen.size).toBe(count);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('is null outside', () => {
    const layout = layoutMosaic(input({}));
    for (const item of [-1, 12, 1.5, NaN]) expect(positionOf(layout, item)).toBeNull();
  });
});

describe('hitMosaic', () => {
  const layout = layoutMosaic(input({}));

  test('tells every tap', () => {
    for (let tap = 0; tap < 9; tap++) {
      const x = layout.pitchX * 2 + 1 + ((tap % 3) + 0.5) * TAP_UNITS;
      const y = layout.pitchY + 1 + (Math.floor(tap / 3) + 0.5) * TAP_UNITS;
      expect(hitMosaic(layout, x, y)).toEqual({ item: 6, row: 1, column: 2, tap });
    }
  });

  test('gives the gap to the nearer kernel, without a tap', () => {
    expect(hitMosaic(layout, layout.pitchX + 0.4, 3)).toMatchObject({ item: 0, tap: null });
    expect(hitMosaic(layout, layout.pitchX + 0.6, 3)).toMatchObject({ item: 1, tap: null });
  });

  test('is null beyond the kernels', () => {
    expect(hitMosaic(layout, -3, 3)).toBeNull();
    expect(hitMosaic(layout, layout.width + 1, 3)).toBeNull();
    expect(hitMosaic(layout, 3, layout.height + 1)).toBeNull();
  });

  test('has no tap between the planes of a 3-D kernel', () => {
    const volume = layoutMosaic(input({ count: 1, inputs: 1, kernel: [2, 2, 2] }));
    expect(hitMosaic(volume, 1 + 2.5 * TAP_UNITS, 1.5)).toMatchObject({ item: 0, tap: null });
    expect(hitMosaic(volume, 1 + 3.5 * TAP_UNITS, 1.5)).toMatchObject({ item: 0, tap: 4 });
  });
});

describe('walk', () => {
  const layout = layoutMosaic(input({ count: 10 }));

  test('stays on kernels', () => {
    expect(walk(layout, 'ArrowRight', 0, 3)).toEqual({ row: 0, column: 3 });
    expect(walk(layout, 'ArrowDown', 1, 3)).toEqual({ row: 2, column: 1 });
    expect(walk(layout, 'PageUp', 2, 0)).toEqual({ row: 0, column: 0 });
    expect(walk(layout, 'End', 2, 0)).toEqual({ row: 2, column: 1 });
    expect(walk(layout, 'Home', 1, 3)).toEqual({ row: 1, column: 0 });
  });

  test('leaves other keys and an empty mosaic alone', () => {
    expect(walk(layout, 'a', 0, 0)).toBeNull();
    expect(walk(layoutMosaic(input({ count: 0 })), 'ArrowDown', 0, 0)).toBeNull();
  });
});

test('counts the taps that one pixel averages', () => {
  const square = layoutMosaic(input({}));
  expect([0, 1, 2, 3].map((level) => tapsPerPixel(square, level))).toEqual([0.5, 1, 4, 16]);
  const strip = layoutMosaic(input({ kernel: [32], count: 1, inputs: 1 }));
  expect([1, 2, 3, 4].map((level) => tapsPerPixel(strip, level))).toEqual([1, 2, 4, 16]);
});

describe('describeHit', () => {
  const naming = {
    kernel: [3, 3],
    inputs: 4,
    rgb: false,
    rowTitle: 'output channel',
    columnTitle: 'input channel',
    more: [],
  };
  const values = Float32Array.of(0, 0.25, -0.5, 0, 0, 0, 0, 0, 0);

  test('names channels, peak and tap', () => {
    expect(describeHit({ filter: 6, row: 1, column: 2, values, tap: 2 }, naming)).toBe(
      'output channel 1 · input channel 2 · max |w| 0.500 · w[0, 2] = −0.500',
    );
  });

  test('gives the three values of a colour kernel', () => {
    const colour = { filter: 3, row: 0, column: 3, values: Float32Array.of(1, 2, 3), tap: 0 };
    expect(describeHit(colour, { ...naming, kernel: [1, 1], rgb: true })).toContain(
      'w[0, 0] = 1.00, 2.00, 3.00',
    );
  });

  test('indexes taps by all extents of the kernel', () => {
    expect(tapName([5], 3)).toBe('3');
    expect(tapName([2, 3, 4], 23)).toBe('1, 2, 3');
  });
});
