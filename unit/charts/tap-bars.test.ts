import { describe, expect, test } from 'vitest';
import { isLine, layoutTapBars } from '../../src/charts/tap-bars';

test('a kernel is a line along whichever axis it extends', () => {
  expect([[256], [1, 7], [7, 1], [1], [1, 1, 5]].map(isLine)).toEqual([true, true, true, true, true]);
  expect(
    [
      [3, 3],
      [1, 3, 3],
      [2, 7],
    ].map(isLine),
  ).toEqual([false, false, false]);
});

describe('layoutTapBars', () => {
  test.each([1, 3, 256, 961])('fits %d taps into any width', (taps) => {
    for (const width of [300, 360, 1280]) {
      const layout = layoutTapBars(width, new Float64Array(taps).fill(0.5));
      expect(layout.bars).toHaveLength(taps);
      expect(layout.bars[0]!.x).toBeGreaterThanOrEqual(layout.left);
      const last = layout.bars.at(-1)!;
      expect(last.x + last.width).toBeLessThanOrEqual(layout.right + 1e-6);
      expect(layout.right).toBeLessThanOrEqual(width);
      for (const { value } of layout.xTicks) expect(Number.isInteger(value)).toBe(true);
    }
  });

  test('draws heights from 0, and none for zero and what is not finite', () => {
    const { bars, bottom } = layoutTapBars(400, Float64Array.of(2, 0, NaN, 1, Infinity));
    expect(bars.map(({ tap }) => tap)).toEqual([0, 3]);
    expect(bars[0]!.height).toBeCloseTo(2 * bars[1]!.height);
    expect(bars[1]!.y + bars[1]!.height).toBeCloseTo(bottom);
  });

  test('holds no values and zeros', () => {
    expect(layoutTapBars(400, []).bars).toEqual([]);
    expect(layoutTapBars(400, [0, 0]).yTicks.length).toBeGreaterThan(0);
  });
});
