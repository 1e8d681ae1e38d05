import { coarsen } from '../domain/histogram';
import { BINS, type Basis, type BasisHistogram, type FilterGroups } from '../domain/results';
import { driftMatrix } from './drift';
import { addHistograms, checkAlike } from './histogram';

/** Filters of one layer of one model, as part of a group. */
export interface GroupMember {
  /** What it is grouped by: a depth decile, the number of a model or of a metadata value. */
  group: number;
  filterCount: number;
  /** On the basis and range that all members share. */
  histogram: BasisHistogram;
}

/**
 * Groups of filters on one basis: each group's histogram is the sum of its members', drift is that between any two groups
 * (section 5), symmetric with a zero diagonal. Members without filters make no group. Groups come rising by key.
 * @throws RangeError where the members' histograms are of different bases, ranges or bins
 */
export function measureGroups(basis: Basis, members: readonly GroupMember[]): FilterGroups {
  const groups = new Map<number, { filterCount: number; histogram: BasisHistogram }>();
  for (const { group, filterCount, histogram } of members) {
    if (filterCount === 0) continue;
    const before = groups.get(group);
    groups.set(group, {
      filterCount: (before?.filterCount ?? 0) + filterCount,
      histogram: before ? addHistograms(before.histogram, histogram) : histogram,
    });
  }
  const keys = [...groups.keys()].sort((a, b) => a - b);
  const histograms = keys.map((key) => groups.get(key)!.histogram);
  const coarse = histograms.map((histogram) => coarsen(histogram).counts);
  const range = histograms[0]?.range ?? [0, 0];
  for (const histogram of histograms) checkAlike(histograms[0], histogram);
  return {
    keys,
    filterCounts: keys.map((key) => groups.get(key)!.filterCount),
    histograms,
    drift: driftMatrix(coarse, basis.taps, BINS, range, basis.explainedVarianceRatio),
  };
}
