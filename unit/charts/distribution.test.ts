import { describe, expect, test } from 'vitest';
import {
  densityOf,
  layoutDistribution,
  layoutLegend,
  type ComponentDistribution,
} from '../../src/charts/distribution';
import { textWidth } from '../../src/charts/axis';

function component(part: Partial<ComponentDistribution>): ComponentDistribution {
  return {
    label: 'c0',
    counts: Uint32Array.of(1, 2, 1, 0),
    curve: null,
    ...part,
  };
}

describe('densityOf', () => {
  test('integrates to 1', () => {
    const density = densityOf(Uint32Array.of(3, 5, 0, 2), [-1, 1]);
    expect(density.reduce((sum, value) => sum + value * 0.5, 0)).toBeCloseTo(1, 12);
    expect(density[1]! / density[3]!).toBeCloseTo(2.5);
  });

  test('is 0 without filters or without a range', () => {
    expect([...densityOf(new Uint32Array(2), [0, 1])]).toEqual([0, 0]);
    expect([...densityOf(Uint32Array.of(1, 1), [1, 1])]).toEqual([0, 0]);
    expect(densityOf(new Uint32Array(0), [0, 1])).toHaveLength(0);
  });
});

describe('layoutDistribution', () => {
  test('draws one bar a bin that holds filters', () => {
    const [panel] = layoutDistribution(300, [component({})], [0, 4]).panels;
    expect(panel!.bars.match(/M/g)).toHaveLength(3);
    expect(panel!.outline).toBe('');
    expect(panel!.curve).toBe('');
  });

  test('draws the reference as an outline over all bins, on the same heights', () => {
    const reference = Uint32Array.of(10, 20, 10, 0);
    const [panel] = layoutDistribution(300, [component({ reference })], [0, 4]).panels;
    expect(panel!.outline.match(/H/g)).toHaveLength(4);
    const tops = (path: string) => [...path.matchAll(/V([\d.]+)H/g)].map((match) => match[1]);
    expect(tops(panel!.outline).slice(0, 3)).toEqual(tops(panel!.bars));
  });

  test('keeps curve and bars within the panel', () => {
    const curve = { x: [-1, 0, 2, 4, 5], y: [0, 0.1, 3, 0.1, 0] };
    const [panel] = layoutDistribution(300, [component({ curve })], [0, 4]).panels;
    const numbers = [...panel!.curve.matchAll(/([\d.]+),([\d.]+)/g)].map((m) => [Number(m[1]), Number(m[2])]);
    expect(numbers).toHaveLength(3);
    for (const [x, y] of numbers) {
      expect(x).toBeGreaterThanOrEqual(panel!.left - 0.1);
      expect(x).toBeLessThanOrEqual(panel!.right + 0.1);
      expect(y).toBeGreaterThanOrEqual(panel!.top);
      expect(y).toBeLessThanOrEqual(panel!.bottom);
    }
  });

  test('wraps panels by the width', () => {
    const nine = Array.from({ length: 9 }, (_, i) => component({ label: `c${i}` }));
    expect(layoutDistribution(1200, nine, [0, 4]).columns).toBe(3);
    expect(layoutDistribution(330, nine, [0, 4]).columns).toBe(2);
    expect(layoutDistribution(0, nine, [0, 4]).columns).toBe(1);
    expect(layoutDistribution(800, [], [0, 4])).toMatchObject({ panels: [], height: 0 });
  });

  test('draws a layer without filters as an empty panel', () => {
    const [panel] = layoutDistribution(300, [component({ counts: new Uint32Array(4) })], [0, 0]).panels;
    expect(panel!.bars).toBe('');
    expect(panel!.xTicks.length).toBeGreaterThan(0);
  });
});

test('wraps the legend instead of overlapping it', () => {
  const entries = ['layer1.0.conv1 (bars; line: KDE)', 'all 3x3 filters of the model'];
  const wide = layoutLegend(800, entries);
  expect(wide.places[1]).toMatchObject({ y: 0 });
  expect(wide.places[1]!.x).toBeGreaterThan(19 + textWidth(entries[0]!));
  const narrow = layoutLegend(300, entries);
  expect(narrow.places[1]).toMatchObject({ text: entries[1], x: 0, y: 18 });
  expect(layoutLegend(120, entries).places[0]!.text).toContain('…');
  expect(narrow.height).toBeGreaterThan(wide.height);
});

describe('pins', () => {
  const pin = (letter: string, ...coefficients: number[]) => ({ letter, coefficients });

  test('stand at their coefficient of each component, those close together at one mark', () => {
    const pins = [pin('A', 3, 1), pin('B', 1, 1.01), pin('C', 1.001, 3), pin('D', 9, NaN)];
    const { panels } = layoutDistribution(600, [component({}), component({})], [0, 4], pins);
    expect(panels.map(({ marks }) => marks.map(({ letters }) => letters))).toEqual([
      ['BC', 'A'],
      ['AB', 'C'],
    ]);
    const { left, right, marks } = panels[0]!;
    expect(marks[1]!.x).toBeCloseTo(left + 0.75 * (right - left), 5);
  });

  test('are none without any', () => {
    expect(layoutDistribution(600, [component({})], [0, 4]).panels[0]!.marks).toEqual([]);
  });
});
