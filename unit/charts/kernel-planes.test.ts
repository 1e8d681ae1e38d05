import { expect, test } from 'vitest';
import { layoutPlanes } from '../../src/charts/kernel-planes';

test('draws a 1-D kernel as a strip', () => {
  const planes = layoutPlanes([5]);
  expect([planes.width, planes.height]).toEqual([5, 1]);
  expect([...planes.tapAt]).toEqual([0, 1, 2, 3, 4]);
});

test('draws long strips several taps high, so that they can be seen', () => {
  expect(layoutPlanes([8]).height).toBe(1);
  const long = layoutPlanes([17]);
  expect([long.width, long.height, long.repeated]).toEqual([17, 3, 3]);
  const row = Array.from({ length: 17 }, (_, i) => i);
  expect([...long.tapAt]).toEqual([...row, ...row, ...row]);
  expect(layoutPlanes([1, 500]).height).toBe(8);
  expect(layoutPlanes([9, 9]).repeated).toBe(1);
});

test('draws a 2-D kernel row by row, oblong ones too', () => {
  const planes = layoutPlanes([2, 3]);
  expect([planes.width, planes.height]).toEqual([3, 2]);
  expect([...planes.tapAt]).toEqual([0, 1, 2, 3, 4, 5]);
});

test('draws the planes of a 3-D kernel side by side with a gap', () => {
  const planes = layoutPlanes([2, 2, 2]);
  expect([planes.planes, planes.width, planes.height]).toEqual([2, 5, 2]);
  expect([...planes.tapAt]).toEqual([0, 1, -1, 4, 5, 2, 3, -1, 6, 7]);
});

test('shows every tap exactly once', () => {
  for (const kernel of [[1, 1], [7], [9, 9], [3, 5, 7]]) {
    const taps = [...layoutPlanes(kernel).tapAt].filter((tap) => tap >= 0).sort((a, b) => a - b);
    expect(taps).toEqual(Array.from({ length: kernel.reduce((a, b) => a * b) }, (_, i) => i));
  }
});
