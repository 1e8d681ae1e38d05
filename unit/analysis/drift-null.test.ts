import { describe, expect, test } from 'vitest';
import { drift } from '../../src/analysis/drift';
import { driftNull, type DriftGroup, type DriftNullOptions } from '../../src/analysis/drift-null';
import { createRandom } from '../../src/analysis/random';
import golden from '../golden/analysis/drift-null.json';

const OPTIONS: DriftNullOptions = { taps: 1, bins: 20, range: [-1, 1], weights: [1], draws: 400, seed: 1 };

/** Counts of `size` filters on a bell around bin `centre`. */
function bell(size: number, centre: number, bins = 20): { counts: Uint32Array; size: number } {
  const shape = Array.from({ length: bins }, (_, k) => Math.exp(-0.5 * ((k - centre) / 3) ** 2));
  const sum = shape.reduce((a, b) => a + b);
  const counts = Uint32Array.from(shape, (value) => Math.round((value / sum) * size));
  return { counts, size: counts.reduce((a, b) => a + b) };
}

describe('driftNull', () => {
  test('its mean is the mean drift of random halves really drawn', async () => {
    const groups = golden.counts.map((counts, i) => ({ counts: counts.flat(), size: golden.sizes[i] }));
    const draws = 1500;
    const { nullMean, null95 } = await driftNull(groups, {
      taps: 4,
      bins: 70,
      range: golden.range as [number, number],
      weights: golden.weights,
      draws,
      seed: 5,
    });
    expect(Math.abs(nullMean[1] - golden.mean)).toBeLessThan(5 * golden.sd * Math.sqrt(2 / draws));
    // Components of one filter go together there and not here: the percentile is only near.
    expect(Math.abs(null95[1] - golden.q95)).toBeLessThan(0.5 * (golden.q95 - golden.mean));
  });

  test('matrices are symmetric with a zero diagonal, and seeded', async () => {
    const groups = [bell(400, 9), bell(900, 10), bell(150, 11)];
    const first = await driftNull(groups, OPTIONS);
    for (const matrix of [first.nullMean, first.null95, first.low, first.high]) {
      for (let i = 0; i < 3; i++) {
        expect(matrix[i * 4]).toBe(0);
        for (let j = 0; j < i; j++) expect(matrix[i * 3 + j]).toBe(matrix[j * 3 + i]);
      }
    }
    expect(await driftNull(groups, OPTIONS)).toEqual(first);
    expect((await driftNull(groups, { ...OPTIONS, seed: 2 })).nullMean).not.toEqual(first.nullMean);
  });

  test('tells groups that differ from groups that do not', async () => {
    const groups = [bell(2000, 9), bell(2000, 9), bell(2000, 12)];
    const { nullMean, null95, low } = await driftNull(groups, OPTIONS);
    const between = (a: number, b: number): number =>
      drift(groups[a].counts, groups[b].counts, 1, 20, [-1, 1], [1]).total;
    expect(between(0, 1)).toBeLessThan(null95[1]);
    expect(between(0, 2)).toBeGreaterThan(null95[2]);
    expect(low[2]).toBeGreaterThan(null95[2]);
    expect(nullMean[1]).toBeLessThan(null95[1]);
  });

  test('the null shrinks as groups grow', async () => {
    const small = await driftNull([bell(300, 9), bell(300, 9)], OPTIONS);
    const large = await driftNull([bell(1e6, 9), bell(1e6, 9)], OPTIONS);
    expect(large.nullMean[1]).toBeLessThan(small.nullMean[1] / 100);
    // Chi-square theory: 2 * 19 degrees of freedom over the harmonic sizes, for counts that are all large.
    expect(large.nullMean[1]).toBeCloseTo((19 * 2) / 1e6, 5);
  });

  test('the interval holds the drift of large groups', async () => {
    const groups = [bell(1e6, 9), bell(1e6, 11)];
    const { low, high } = await driftNull(groups, OPTIONS);
    const { total } = drift(groups[0].counts, groups[1].counts, 1, 20, [-1, 1], [1]);
    expect(low[1]).toBeLessThan(total);
    expect(high[1]).toBeGreaterThan(total);
    expect(high[1] - low[1]).toBeLessThan(0.05 * total);
  });

  test('the interval takes the bias of small groups off', async () => {
    const DRAWN = 120;
    const random = createRandom(3);
    const drawn = (centre: number): DriftGroup => {
      const { counts, size } = bell(1e6, centre);
      const sample = new Uint32Array(counts.length);
      for (let k = 0; k < DRAWN; k++) {
        let left = random.uniform() * size;
        let bin = 0;
        while (left >= counts[bin]) left -= counts[bin++];
        sample[bin]++;
      }
      return { counts: sample, size: DRAWN };
    };
    const of = (a: DriftGroup, b: DriftGroup): number => drift(a.counts, b.counts, 1, 20, [-1, 1], [1]).total;
    const truth = of(bell(1e6, 9), bell(1e6, 11));
    let held = 0;
    let above = 0;
    for (let run = 0; run < 40; run++) {
      const groups = [drawn(9), drawn(11)];
      const { low, high } = await driftNull(groups, { ...OPTIONS, seed: run });
      if (low[1] <= truth && truth <= high[1]) held++;
      if (of(groups[0], groups[1]) > truth) above++;
    }
    expect(above).toBeGreaterThan(30);
    expect(held).toBeGreaterThan(30);
  });

  test('one group, none, an empty one', async () => {
    expect((await driftNull([bell(9, 9)], OPTIONS)).null95).toEqual(Float64Array.of(0));
    expect((await driftNull([], OPTIONS)).low).toEqual(new Float64Array(0));
    const empty = { counts: new Uint32Array(20), size: 0 };
    expect((await driftNull([bell(50, 9), empty], OPTIONS)).nullMean[1]).toBeNaN();
  });

  test('heeds an abort', async () => {
    const options = { ...OPTIONS, signal: AbortSignal.abort() };
    await expect(driftNull([bell(50, 9), bell(50, 9)], options)).rejects.toThrow(/abort/i);
    const controller = new AbortController();
    const many = Array.from({ length: 12 }, (_, i) => bell(3000, i));
    const running = driftNull(many, { ...OPTIONS, draws: 5000, signal: controller.signal });
    setTimeout(() => controller.abort());
    await expect(running).rejects.toThrow(/abort/i);
  });
});
