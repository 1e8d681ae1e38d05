import { describe, expect, test } from 'vitest';
import { drift } from '../../src/analysis/drift';
import { measureGroups, type GroupMember } from '../../src/analysis/groups';
import { createRandom } from '../../src/analysis/random';
import { BINS, type Basis, type BasisHistogram } from '../../src/domain/results';

const TAPS = 2;
const basis: Basis = {
  taps: TAPS,
  filterCount: 0,
  mean: new Float64Array(TAPS),
  components: Float64Array.of(1, 0, 0, 1),
  explainedVariance: Float64Array.of(3, 1),
  explainedVarianceRatio: Float64Array.of(0.75, 0.25),
};

const random = createRandom(7);

function histogram(filterCount: number, changes: Partial<BasisHistogram> = {}): BasisHistogram {
  const counts = new Uint32Array(TAPS * BINS);
  for (let c = 0; c < TAPS; c++) {
    for (let i = 0; i < filterCount; i++) counts[c * BINS + Math.floor(random.uniform() * BINS)]++;
  }
  return { basisId: 'b', range: [-1, 1], bins: BINS, counts, ...changes };
}

function member(group: number, filterCount: number): GroupMember {
  return { group, filterCount, histogram: histogram(filterCount) };
}

describe('measureGroups', () => {
  test('adds the members of a group, whatever their order, and leaves empty ones out', () => {
    const members = [member(9, 40), member(0, 30), member(9, 20), member(4, 0)];
    const groups = measureGroups(basis, members);
    expect(groups.keys).toEqual([0, 9]);
    expect(groups.filterCounts).toEqual([30, 60]);
    const sum = members[0].histogram.counts.map((count, k) => count + members[2].histogram.counts[k]);
    expect(groups.histograms[1].counts).toEqual(sum);
    expect(measureGroups(basis, members.toReversed())).toEqual(groups);
  });

  test('drift is that between the groups, symmetric, zero on the diagonal', () => {
    const members = [member(0, 50), member(1, 80), member(2, 20)];
    const { drift: matrix } = measureGroups(basis, members);
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j < 3; j++) {
        const counts = [members[i], members[j]].map((of) => of.histogram.counts);
        const expected = drift(counts[0], counts[1], TAPS, BINS, [-1, 1], basis.explainedVarianceRatio).total;
        expect(matrix[i * 3 + j]).toBeCloseTo(i === j ? 0 : expected, 12);
      }
    }
  });

  test('a regrouping is made of the same members: all in one are what their groups come to', () => {
    const members = [member(0, 50), member(1, 80)];
    const together = measureGroups(
      basis,
      members.map((of) => ({ ...of, group: 5 })),
    );
    const apart = measureGroups(basis, members);
    expect(together.keys).toEqual([5]);
    expect(together.histograms[0].counts).toEqual(
      apart.histograms[0].counts.map((count, k) => count + apart.histograms[1].counts[k]),
    );
  });

  test('no members make no groups', () => {
    expect(measureGroups(basis, [])).toEqual({
      keys: [],
      filterCounts: [],
      histograms: [],
      drift: new Float64Array(),
    });
  });

  test.each([
    ['bases', { basisId: 'c' }],
    ['ranges', { range: [-1, 2] as [number, number] }],
    ['bins', { bins: BINS * 2, counts: new Uint32Array(TAPS * BINS * 2).fill(1) }],
  ])('histograms of different %s are refused, also across groups', (_, changes) => {
    const other: GroupMember = { group: 1, filterCount: 3, histogram: histogram(3, changes) };
    expect(() => measureGroups(basis, [member(0, 3), other])).toThrow(RangeError);
    expect(() => measureGroups(basis, [member(1, 3), other])).toThrow(RangeError);
  });
});
