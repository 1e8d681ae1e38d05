import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { measure } from '../support/measure';
import { hasShared, openShared, SHARED, sharedFiles } from '../support/shared-models';

interface GoldenLayer {
  name: string;
  operator: string;
  kernel: number[];
  shape: number[];
  groups: number;
  depth: number;
  convDepth: number | null;
  depthFraction: number | null;
  filterCount: number;
  nonFiniteCount: number;
  quality: { normL1: number; normL2: number; peak: number };
}

interface Golden {
  producer: string;
  irVersion: number;
  opsets: Record<string, number>;
  layers: GoldenLayer[];
}

function goldenPath(file: string) {
  return `${SHARED}/reference/golden/${file}.json`;
}

const files = sharedFiles('onnx', '.onnx');

describe.skipIf(!hasShared)('models of the reference', () => {
  test.each(files.filter((f) => existsSync(goldenPath(f))))(
    '%s is read as the oracle reads it',
    async (file) => {
      const golden = JSON.parse(readFileSync(goldenPath(file), 'utf8')) as Golden;
      const model = await openShared(`onnx/${file}`);
      const { facts, layers, warnings } = model.description;
      const { producer, irVersion, opsets } = facts;
      expect({ producer, irVersion, opsets }).toEqual({
        producer: golden.producer,
        irVersion: golden.irVersion,
        opsets: golden.opsets,
      });
      expect(warnings).toEqual([]);
      expect(
        layers.map(
          ({ name, facts: { operator, depth }, kernel, shape, groups, convDepth, depthFraction }) => ({
            name,
            operator,
            kernel,
            shape,
            groups,
            depth,
            convDepth,
            depthFraction,
          }),
        ),
      ).toEqual(
        golden.layers.map(({ name, operator, kernel, shape, groups, depth, convDepth, depthFraction }) => ({
          name,
          operator,
          kernel,
          shape,
          groups,
          depth,
          convDepth,
          depthFraction,
        })),
      );
      for (const [i, expected] of golden.layers.entries()) {
        const measured = measure(await model.readFilters(i));
        expect(measured.finite).toBe(expected.filterCount);
        expect(layers[i].storedFilterCount).toBe(expected.filterCount + expected.nonFiniteCount);
        expect(measured.peak).toBe(expected.quality.peak);
        expect(measured.normL1 / expected.quality.normL1).toBeCloseTo(1, 12);
        expect(measured.normL2 / expected.quality.normL2).toBeCloseTo(1, 12);
      }
    },
  );

  test('a range of filters equals the same part of all filters', async () => {
    for (const file of files) {
      const model = await openShared(`onnx/${file}`);
      for (const { index, storedFilterCount, taps } of model.description.layers) {
        const all = await model.readFilters(index);
        const first = Math.floor(storedFilterCount / 3);
        const count = Math.min(5, storedFilterCount - first);
        const part = await model.readFilters(index, { first, count });
        expect(part).toEqual({ values: all.values.slice(first * taps, (first + count) * taps), count, taps });
      }
    }
  });

  test('labels are unique and never empty', async () => {
    for (const file of files) {
      const { layers } = (await openShared(`onnx/${file}`)).description;
      expect(new Set(layers.map((l) => l.label)).size).toBe(layers.length);
      expect(layers.every((l) => l.label.trim() !== '')).toBe(true);
    }
  });
});
