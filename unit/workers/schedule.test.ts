import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Layer } from '../../src/domain/model';
import { balance, costOf } from '../../src/workers/schedule';

function layer(index: number, rows: number, columns: number): Layer {
  return { index, shape: [rows, columns, 3, 3], storedFilterCount: rows * columns, taps: 9 } as Layer;
}

const layers = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 512 }), fc.integer({ min: 1, max: 512 })), { maxLength: 40 })
  .map((sizes) => sizes.map(([rows, columns], index) => layer(index, rows, columns)));

describe('balance', () => {
  test('gives every layer to exactly one engine, each engine in file order', () => {
    fc.assert(
      fc.property(layers, fc.integer({ min: 1, max: 4 }), (all, engineCount) => {
        const engines = balance(all, engineCount);
        expect(engines).toHaveLength(engineCount);
        const indices = engines.flat().map(({ index }) => index);
        expect([...indices].sort((a, b) => a - b)).toEqual(all.map(({ index }) => index));
        for (const engine of engines) {
          expect(engine.map(({ index }) => index)).toEqual(
            [...engine].map(({ index }) => index).sort((a, b) => a - b),
          );
        }
      }),
    );
  });

  test('keeps every engine within one layer of the lightest', () => {
    fc.assert(
      fc.property(layers, fc.integer({ min: 2, max: 4 }), (all, engineCount) => {
        const loads = balance(all, engineCount).map((engine) =>
          engine.reduce((sum, each) => sum + costOf(each), 0),
        );
        const heaviest = Math.max(0, ...all.map(costOf));
        expect(Math.max(...loads) - Math.min(...loads)).toBeLessThanOrEqual(heaviest);
      }),
    );
  });

  test('starts the first engine with the first layer of the file', () => {
    const all = [layer(0, 4, 3), layer(1, 64, 64), layer(2, 64, 64)];
    expect(balance(all, 2)[0][0].index).toBe(0);
  });
});
