import { deadChannels, doubleChannelsOf } from '../../analysis/dead-channels';
import type { Verdict } from '../../analysis/verdicts';
import type { Layer } from '../../domain/model';
import type { LayerResult } from '../../domain/results';

/** A layer as the table shows it; `result` is null until it has been measured. */
export interface LayerRow {
  layer: Layer;
  result: LayerResult | null;
  verdict: Verdict | null;
  /** Part of the model's convolution weights. */
  parameterShare: number;
  sparsityEpsilon: number;
}

interface Sides {
  output: number;
  input: number;
}

/** Rows are asked for them at every sort; channels are many. */
const dead = new WeakMap<LayerRow, Sides>();

/** Dead channels of a layer; null where it was not looked at. */
export function deadCounts(row: LayerRow): Sides | null {
  const { layer, result, sparsityEpsilon } = row;
  if (!result?.traits || result.filterCount === 0) return null;
  const known = dead.get(row);
  if (known) return known;
  const { output, input } = deadChannels(
    layer.kind,
    result.traits.peaks,
    result.quality.peak,
    sparsityEpsilon,
  );
  const counts = { output: output.length, input: input.length };
  dead.set(row, counts);
  return counts;
}

export interface DoubleCounts {
  filters: number | null;
  byChance: number;
  output: number | null;
  input: number | null;
}

/** What repeats an earlier one; null until it has been compared. */
export function doubleCounts({ layer, result }: LayerRow): DoubleCounts | null {
  const { traits = null } = result ?? {};
  if (!traits?.doubles) return null;
  const { output, input } = doubleChannelsOf(layer.kind, traits);
  return {
    filters: traits.doubles.filters?.count ?? null,
    byChance: traits.doubles.filtersByChance,
    output: output?.count ?? null,
    input: input?.count ?? null,
  };
}
