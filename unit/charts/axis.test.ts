import { scaleLinear } from 'd3-scale';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  horizontalTicks,
  labelStep,
  shorten,
  textWidth,
  wrapText,
  usableDomain,
  verticalTicks,
} from '../../src/charts/axis';

describe('ticks', () => {
  test('never touch, whatever the domain and the width', () => {
    const domain = fc.tuple(
      fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
    );
    fc.assert(
      fc.property(domain, fc.integer({ min: 20, max: 2000 }), ([low, extent], length) => {
        const ticks = horizontalTicks(scaleLinear([low, low + extent], [0, length]));
        for (let i = 1; i < ticks.length; i++) {
          const space = ticks[i]!.position - ticks[i - 1]!.position;
          expect(space).toBeGreaterThanOrEqual(
            (textWidth(ticks[i]!.label) + textWidth(ticks[i - 1]!.label)) / 2,
          );
        }
      }),
    );
  });

  test('keep a line between labels of a vertical axis', () => {
    const ticks = verticalTicks(scaleLinear([0, 1], [96, 0]));
    expect(ticks.length).toBeGreaterThan(2);
    for (let i = 1; i < ticks.length; i++) {
      expect(Math.abs(ticks[i]!.position - ticks[i - 1]!.position)).toBeGreaterThanOrEqual(18);
    }
  });

  test('name an axis that has room for almost nothing', () => {
    expect(horizontalTicks(scaleLinear([0.123, 0.456], [0, 24]))).toHaveLength(1);
  });
});

describe('labelStep', () => {
  test.each([
    [10, 30, 20, 1],
    [10, 12, 20, 2],
    [100, 4, 20, 5],
    [1, 1, 50, 1],
    [0, 10, 20, 1],
    [5, 0, 20, 1],
  ])('of %d labels %d px apart and %d px long is %d', (count, spacing, extent, step) => {
    expect(labelStep(count, spacing, extent)).toBe(step);
  });
});

describe('shorten', () => {
  test('leaves what fits', () => {
    expect(shorten('conv1', 100)).toBe('conv1');
  });

  test('keeps both ends and fits', () => {
    const short = shorten('model/backbone/stage3/block7/conv2', 90);
    expect(short).toMatch(/^model.*….*conv2$/);
    expect(textWidth(short)).toBeLessThanOrEqual(90);
  });

  test('survives no room and characters outside the basic plane', () => {
    expect(shorten('abc', 1)).toBe('…');
    expect(shorten('😀'.repeat(40), 60)).not.toMatch(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])/);
  });
});

describe('usableDomain', () => {
  test('keeps a proper range and widens an empty one', () => {
    expect(usableDomain(-1, 2)).toEqual([-1, 2]);
    expect(usableDomain(0, 0)).toEqual([-1, 1]);
    expect(usableDomain(10, 10)).toEqual([9, 11]);
    expect(usableDomain(NaN, 1)).toEqual([0, 1]);
  });
});

test('wraps text between words, and cuts only words longer than a line', () => {
  const text = 'filters per decile: 16, 256, 512 · null’s 95 %';
  for (const width of [40, 80, 200, 1000]) {
    const lines = wrapText(text, width);
    expect(lines.join(' ').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
    for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(width);
  }
  expect(wrapText(text, 1000)).toEqual([text]);
  expect(wrapText('', 100)).toEqual([]);
  expect(wrapText('x'.repeat(100), 70).length).toBeGreaterThan(1);
  expect(wrapText('x', 0)).toEqual(['x']);
});
