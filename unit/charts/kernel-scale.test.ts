import { expect, test } from 'vitest';
import {
  peakOfItem,
  scaleAtPercentile,
  scaleEnds,
  scaleOf,
  scalePerItem,
} from '../../src/charts/kernel-scale';
import { chosenScale, scaleName, scaleText } from '../../src/views/layer/mosaic-parameters';

// 1, 2, ..., 100, of either sign.
const values = Float32Array.from({ length: 100 }, (_, i) => (i % 2 ? -(i + 1) : i + 1));

test('a percentile clips no more than its share, and counts what it clips', () => {
  const scale = scaleAtPercentile(values, 0.9, 100);
  expect(scale.peak).toBeGreaterThanOrEqual(90);
  expect(scale.peak).toBeLessThan(90 + 100 / 2 ** 16);
  expect(scale.clipped).toBe(10);
  expect(values.filter((value) => Math.abs(value) > scale.peak)).toHaveLength(scale.clipped);
  expect(scaleEnds(scale)).toEqual({ low: '≤ −90.0', high: '≥ 90.0' });
});

test('where all weights are alike nothing is clipped', () => {
  expect(scaleAtPercentile(new Float32Array(9).fill(-2), 0.99, 2)).toEqual(scaleOf(2));
  expect(scaleEnds(scaleOf(2))).toEqual({});
});

test('zeros, and weights that are not finite, are survived', () => {
  expect(scaleAtPercentile(new Float32Array(9), 0.99, 0)).toEqual(scaleOf(0));
  expect(scaleAtPercentile(new Float32Array(0), 0.99, NaN)).toEqual(scaleOf(NaN));
  expect(scaleAtPercentile(Float32Array.of(NaN, Infinity), 0.99, 1)).toEqual(scaleOf(1));
  const mostlyZero = Float64Array.from({ length: 1000 }, (_, i) => (i === 0 ? 1e-200 : 0));
  const scale = scaleAtPercentile(mostlyZero, 0.99, 1e-200);
  expect(scale.peak).toBeGreaterThan(0);
  expect(scale.clipped).toBe(1);
});

test('each kernel to its own largest finite weight', () => {
  const scale = scalePerItem(Float32Array.of(1, -3, 0, 0, NaN, 2), 2, 3);
  expect([0, 1, 2, 3].map((item) => peakOfItem(scale, item))).toEqual([3, 0, 2, 0]);
  expect(peakOfItem(scaleOf(7), 12)).toBe(7);
});

test('the scale is said with its ends', () => {
  const say = (choice: Parameters<typeof scaleName>[0]) =>
    scaleText(choice, chosenScale(choice, values, 1, 100), 100, values.length);
  expect(say('layer')).toBe('one scale, symmetric about 0, peak |w| 100');
  expect(say('kernel')).toContain('each kernel on a scale of its own');
  expect(say('p95')).toMatch(
    /^one scale to the 95th percentile of \|w\|, ±95.0: 5 of 100 weights \(5.0 %\) lie beyond/,
  );
  expect(scaleName('p99.9')).toBe('99.9th percentile of |w|');
});
