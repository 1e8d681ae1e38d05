import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { orthogonalityReference } from '../../src/analysis/orthogonality';
import { chunksOf } from '../../src/compute/chunks';
import { loops } from '../../src/compute/cpu/loops';
import { planMoments } from '../../src/compute/moment-plan';
import { planRowGram } from '../../src/compute/row-gram-plan';
import { bankOf, randomBank, withFilters } from './banks';

const limits = { maxElements: 2 ** 20, maxProducts: 1e8, float64: true };

describe('chunks', () => {
  test('cover a bank in order under the limits', () => {
    const bank = randomBank(1000, 9);
    const chunks = chunksOf(bank, { ...limits, maxElements: 1000 });
    expect(chunks.length).toBe(10);
    expect(chunks.map(({ values }) => [...values]).flat()).toEqual([...bank.values]);
    expect(chunksOf(bank, { ...limits, maxProducts: 90 * 250 }).map(({ count }) => count)).toEqual([
      250, 250, 250, 250,
    ]);
  });

  test('hold one filter at least, and none of an empty bank', () => {
    expect(chunksOf(randomBank(3, 9), { ...limits, maxElements: 1 }).length).toBe(3);
    expect(chunksOf(randomBank(0, 9), limits)).toEqual([]);
  });
});

describe('moment plan', () => {
  test('has a float32 threshold that compares as the exact one does', () => {
    fc.assert(
      fc.property(
        fc.float({ min: Math.fround(1e-30), max: Math.fround(1e30), noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (layerPeak, sparsityEpsilon) => {
          const { threshold } = planMoments(
            bankOf([[1]]),
            Float32Array.of(1),
            { sparsityEpsilon, layerPeak },
            false,
          );
          const exact = sparsityEpsilon * layerPeak;
          expect(Math.fround(threshold)).toBe(threshold);
          const bits = new Uint32Array(Float32Array.of(threshold).buffer)[0]!;
          for (const near of [bits - 1, bits, bits + 1].filter((b) => b >= 0)) {
            const peak = new Float32Array(Uint32Array.of(near).buffer)[0]!;
            expect(peak < threshold).toBe(peak < exact);
          }
        },
      ),
    );
  });

  test('has shifts of no filter, of one, and past filters that are not finite', () => {
    const of = (values: number[][]) => {
      const bank = bankOf(values);
      return [
        ...planMoments(bank, loops.peaks(bank.values, bank.taps), { sparsityEpsilon: 0.01 }, true).shifts,
      ];
    };
    expect(of([[NaN, 1]])).toEqual([0, 0, 0, 0]);
    expect(of([[2, -4]])).toEqual([2, -4, 0.5, -1]);
    expect(
      of([
        [NaN, 1],
        [1, 0],
        [3, 0],
      ]),
    ).toEqual([2, 0, 1, 0]);
    expect(of([[0, 0]])).toEqual([0, 0, 0, 0]);
  });
});

describe('the shift of raw filters', () => {
  const shift = (sparse: number, float64: boolean) => {
    const bank = bankOf([[5], ...Array<number[]>(sparse).fill([0.001])]);
    return planMoments(bank, loops.peaks(bank.values, 1), { sparsityEpsilon: 0.01 }, float64).shifts[0]!;
  };

  test('is the mean of those that are not sparse', () => {
    expect([1, 16, 900].map((sparse) => shift(sparse, true))).toEqual([5, 5, 5]);
    expect([1, 16].map((sparse) => shift(sparse, false))).toEqual([5, 5]);
  });

  test('is the mean of all in float32 where those are few', () => {
    expect(shift(99, false)).toBeCloseTo(0.051, 3);
  });
});

describe('row Gram plan', () => {
  const orthogonality = (
    bank: ReturnType<typeof randomBank>,
    rows: number,
    float64: boolean,
    maxElements: number,
  ) => {
    const { rowCount, zeroRows, panels } = planRowGram(bank, rows, { ...limits, float64, maxElements });
    let sum = 0;
    for (const panel of panels) {
      const { values, scales, split } = panel();
      expect(values.length).toBeLessThanOrEqual(maxElements);
      sum += loops.rowGram(values, scales, split);
    }
    return 1 - (2 * sum + zeroRows) / (rowCount * (rowCount - 1));
  };

  test('covers each pair of rows once, whatever the panels', () => {
    const bank = withFilters(withFilters(randomBank(23, 10), [4, 22], NaN), [7], 0);
    const expected = orthogonalityReference(bank.values, 23, 10)!;
    for (const maxElements of [20, 40, 70, 100, 1000]) {
      expect(orthogonality(bank, 23, true, maxElements)).toBeCloseTo(expected, 13);
    }
  });

  test('keeps rows in place where it can', () => {
    const bank = randomBank(8, 9);
    const [panel] = planRowGram(bank, 8, limits).panels;
    expect(panel!().values.buffer).toBe(bank.values.buffer);
  });

  test.each([1e-35, 1e30])('takes rows around %f within the range of float32', (scale) => {
    const bank = randomBank(12, 9);
    const values = bank.values.map((value, i) => (i < 54 ? value * scale : value));
    const { panels } = planRowGram({ ...bank, values }, 12, { ...limits, float64: false });
    const { values: rows, scales } = panels[0]!();
    expect(rows).toBeInstanceOf(Float32Array);
    expect(Math.max(...rows.map(Math.abs), ...scales)).toBeLessThan(1e16);
    expect(orthogonality({ ...bank, values }, 12, false, 1000)).toBeCloseTo(
      orthogonalityReference(values, 12, 9)!,
      6,
    );
  });

  test('refuses rows that do not divide the weight', () => {
    expect(() => planRowGram(randomBank(5, 9), 7, limits)).toThrow('7 rows');
  });
});
