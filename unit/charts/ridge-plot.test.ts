import { expect, test } from 'vitest';
import { textWidth } from '../../src/charts/axis';
import { layoutRidges, type RidgeRow } from '../../src/charts/ridge-plot';

function curve(height: number) {
  return { x: [-2, -1, 0, 1, 2], y: [0, 0, height, 0, 0] };
}

const columns = ['c0', 'c1', 'c2'];
function row(label: string, height = 1): RidgeRow {
  return {
    label,
    filterCount: 100,
    curves: columns.map(() => curve(height)),
  };
}

function highest(path: string) {
  return Math.min(...[...path.matchAll(/,([\d.]+)/g)].map((match) => Number(match[1])));
}

test('draws a row a group and a column a component', () => {
  const layout = layoutRidges(900, [row('0–0.1'), row('0.1–0.2')], columns, [-2, 2]);
  expect(layout.blocks).toHaveLength(1);
  expect(layout.blocks[0]!.ridges.map(({ row: r, column }) => [r, column])).toEqual([
    [0, 0],
    [0, 1],
    [0, 2],
    [1, 0],
    [1, 1],
    [1, 2],
  ]);
});

test('frees the heights: each ridge is scaled by itself', () => {
  const { ridges } = layoutRidges(900, [row('a', 1), row('b', 50)], columns, [-2, 2]).blocks[0]!;
  const rise = (index: number) => ridges[index]!.baseline - highest(ridges[index]!.line);
  expect(rise(0)).toBeCloseTo(rise(3), 1);
});

test('shares the x range of a column among the rows', () => {
  const { ridges, columns: shown } = layoutRidges(900, [row('a'), row('b')], columns, [-2, 2]).blocks[0]!;
  const middle = (shown[1]!.left + shown[1]!.right) / 2;
  for (const ridge of ridges.filter(({ column }) => column === 1)) {
    expect(ridge.line).toContain(`L${Number(middle.toFixed(1))},`);
  }
});

test('clips curves to the range', () => {
  const { ridges } = layoutRidges(900, [row('a')], columns, [-1, 1]).blocks[0]!;
  expect(ridges[0]!.line.match(/[ML]/g)).toHaveLength(3);
});

test('draws nothing for a group without a curve, or a flat one', () => {
  const empty: RidgeRow = { label: 'x', filterCount: 1, curves: [null, curve(0), { x: [], y: [] }] };
  const { ridges } = layoutRidges(900, [empty], columns, [-2, 2]).blocks[0]!;
  expect(ridges.map((ridge) => ridge.line)).toEqual(['', '', '']);
});

test('breaks columns into blocks where they do not fit, losing none', () => {
  const nine = Array.from({ length: 9 }, (_, i) => `c${i}`);
  const rows = [{ label: 'a', filterCount: 12_345, curves: nine.map(() => curve(1)) }];
  const layout = layoutRidges(330, rows, nine, [-2, 2]);
  expect(layout.blocks.length).toBeGreaterThan(1);
  expect(layout.blocks.flatMap((block) => block.columns.map(({ column }) => column))).toEqual([
    0, 1, 2, 3, 4, 5, 6, 7, 8,
  ]);
  for (const block of layout.blocks) {
    expect(block.columns.at(-1)!.right).toBeLessThanOrEqual(330);
    expect(block.bottom).toBeLessThan(layout.height);
  }
});

test('leaves room for the title of short row labels', () => {
  const { left, title } = layoutRidges(900, [row('0')], columns, [-2, 2], 'depth');
  expect(title).toBe('depth');
  expect(left).toBeGreaterThan(textWidth('depth'));
});

test('gives narrow axes two ticks, so that they have a scale', () => {
  const ticksOf = (half: number) =>
    layoutRidges(700, [row('a')], Array(9).fill('c'), [-half, half]).blocks[0]!.columns.map(({ ticks }) =>
      ticks.map(({ label }) => label),
    );
  for (const labels of ticksOf(1.91)) expect(labels).toEqual(['−1', '1']);
  for (const labels of ticksOf(4.68)) expect(labels).toEqual(['−4', '4']);
  // Too long to stand below a narrow axis.
  for (const labels of ticksOf(0.013)) expect(labels.length).toBeLessThan(2);
});
