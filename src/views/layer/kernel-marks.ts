import { deadChannels, doubleChannelsOf } from '../../analysis/dead-channels';
import type { MosaicMarks } from '../../charts/mosaic-marks';
import type { Layer } from '../../domain/model';
import type { LayerResult } from '../../domain/results';
import type { DoubleList } from '../../domain/traits';
import { filterChannels } from './kernel-place';

const KINDS = [
  'of a dead output channel',
  'of a dead input channel',
  'double filter',
  'of a double channel',
] as const;

/** Which kernels of the mosaic are dead or double, as listed with the layer; null where none is. */
export function kernelMarks(
  layer: Layer,
  { quality, traits }: LayerResult,
  sparsityEpsilon: number,
): MosaicMarks | null {
  if (!traits) return null;
  const dead = deadChannels(layer.kind, traits.peaks, quality.peak, sparsityEpsilon);
  const double = doubleChannelsOf(layer.kind, traits);
  const doubles = (list: DoubleList | null | undefined) => new Set(list?.pairs.map(([own]) => own));
  const filters = doubles(traits.doubles?.filters);
  const outputs = [new Set(dead.output), doubles(double.output)] as const;
  const inputs = [new Set(dead.input), doubles(double.input)] as const;
  const marked = [filters, ...outputs, ...inputs].some(({ size }) => size > 0);
  if (!marked) return null;
  const kinds = Uint8Array.from({ length: layer.storedFilterCount }, (_, filter) => {
    const { output, input } = filterChannels(layer, filter);
    return (
      (outputs[0].has(output) ? 1 : 0) |
      (inputs[0].has(input) ? 2 : 0) |
      (filters.has(filter) ? 4 : 0) |
      (outputs[1].has(output) || inputs[1].has(input) ? 8 : 0)
    );
  });
  return { kinds, labels: KINDS };
}
