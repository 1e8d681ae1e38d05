import { expect, test } from 'vitest';
import { itemsWithin, layoutMosaic } from '../../src/charts/mosaic-layout';
import { kindsOf, markLegend, markNames, marksVisible } from '../../src/charts/mosaic-marks';

const marks = { kinds: Uint8Array.of(0, 1, 3, 2, 0, 0), labels: ['dead channel', 'duplicate', 'never'] };
const input = {
  count: 6,
  kernel: [3, 3],
  mode: 'matrix' as const,
  inputs: 3,
  rgb: false,
  order: null,
  aspect: 1,
};

test('an item has the marks of its filters', () => {
  const grey = layoutMosaic(input);
  expect(markNames(marks, grey, 0)).toEqual([]);
  expect(markNames(marks, grey, 2)).toEqual(['dead channel', 'duplicate']);
  const colour = layoutMosaic({ ...input, rgb: true });
  expect(kindsOf(marks, colour, 0)).toBe(3);
  expect(markNames(marks, colour, 1)).toEqual(['duplicate']);
});

test('filters beyond the marks have none', () => {
  expect(markNames({ ...marks, kinds: new Uint8Array() }, layoutMosaic(input), 5)).toEqual([]);
  expect(markNames(null, layoutMosaic(input), 5)).toEqual([]);
});

test('the legend counts the kinds that occur, each with its corner', () => {
  expect(markLegend(marks)).toEqual(['◤ dead channel: 2', '◥ duplicate: 2']);
  expect(markLegend(null)).toEqual([]);
});

test('corners are left out where kernels are a few pixels', () => {
  const layout = layoutMosaic(input);
  expect(marksVisible(layout, { scale: 1, x: 0, y: 0 })).toBe(true);
  expect(marksVisible(layout, { scale: 0.9, x: 0, y: 0 })).toBe(false);
});

test('the items in view are those whose kernels it touches', () => {
  const layout = layoutMosaic({ ...input, order: Uint32Array.of(1, 0) });
  const items = (...box: [number, number, number, number]) =>
    Array.from(itemsWithin(layout, ...box), ({ item }) => item);
  expect(items(0, 0, layout.width, layout.height)).toEqual([3, 4, 5, 0, 1, 2]);
  expect(items(8, 0, 2, 5)).toEqual([4]);
  expect(items(-50, -50, 1000, 1000)).toHaveLength(6);
});
