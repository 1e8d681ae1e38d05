import type { Layer } from '../domain/model';
import type { Basis, KernelSizeResult } from '../domain/results';
import { unpackHistogram, type LayerStatistics } from '../domain/statistics';
import { decileOf } from './drift';
import { measureGroups, type GroupMember } from './groups';
import { addHistograms } from './histogram';

/** Layers of one kernel size, each weight once, with their statistics on the basis they are pooled in. */
export interface PooledLayers {
  key: string;
  layers: readonly Layer[];
  /** In the order of `layers`. */
  statistics: readonly LayerStatistics[];
  basis: Basis;
  basisId: string;
  coefficientRange: [number, number];
}

/** What a kernel size of a model comes to, from statistics alone. The layers hold at least one finite filter. */
export function deriveKernelSize(pooled: PooledLayers): KernelSizeResult {
  const { key, layers, statistics, basis, basisId, coefficientRange } = pooled;
  const members: GroupMember[] = layers.flatMap(({ depthFraction }, i) => {
    const { histogram, moments } = statistics[i];
    if (!histogram) return [];
    const group = decileOf(depthFraction ?? 0);
    return [{ group, filterCount: moments.filterCount, histogram: unpackHistogram(histogram) }];
  });
  const depthDeciles = measureGroups(basis, members);
  return {
    key,
    kernel: layers[0].kernel,
    basis,
    basisId,
    layerIndices: layers.map(({ index }) => index),
    coefficientRange,
    histogram: depthDeciles.histograms.reduce(addHistograms),
    depthDeciles,
  };
}
