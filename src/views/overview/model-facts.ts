import { parameterCount } from '../../analysis/ranking';
import { kernelKey, type ModelDescription } from '../../domain/model';

export interface ModelFacts {
  /** Stored filters over all weights, each weight once. */
  filterCount: number;
  /** Weights of all convolutions, each once. */
  parameterCount: number;
  /** Kernel size to filters, most first. */
  bySize: [size: string, filterCount: number][];
  /** Share of the filters that are 3x3; null where there are none. */
  share3x3: number | null;
  /** Layers followed by a batch norm that is not part of the measured weights. */
  unfolded: number;
}

/** What can be said of a model before any weight is read. A weight used by several layers counts once. */
export function modelFacts({ layers }: ModelDescription): ModelFacts {
  const weights = new Map(layers.map((layer) => [layer.weightId, layer]));
  const first = [...weights.values()];
  const sizes = new Map<string, number>();
  for (const { kernel, storedFilterCount } of first) {
    const key = kernelKey(kernel);
    sizes.set(key, (sizes.get(key) ?? 0) + storedFilterCount);
  }
  const filterCount = first.reduce((sum, layer) => sum + layer.storedFilterCount, 0);
  return {
    filterCount,
    parameterCount: parameterCount(layers),
    bySize: [...sizes].sort((a, b) => b[1] - a[1]),
    share3x3: filterCount > 0 ? (sizes.get('3x3') ?? 0) / filterCount : null,
    unfolded: layers.filter(({ batchNorm }) => batchNorm === 'unfolded').length,
  };
}
