import { fromPlainError } from '../domain/errors';
import type { FilterBank } from '../domain/filters';
import type { Layer } from '../domain/model';
import type { LayerQuality } from '../domain/results';
import type { OpenModel } from '../formats/reader';
import { BackendEngine } from './backend-engine';

type Channels = Pick<Layer, 'kind' | 'shape' | 'groups'>;

/**
 * The output channel that stored filter `filter` adds to. The weight of a transposed convolution is stored by input channel
 * first; each group of those has output channels of its own, counted on from group to group.
 */
export function outputChannel({ kind, shape: [first, second], groups }: Channels, filter: number): number {
  const row = Math.floor(filter / second);
  if (kind !== 'transposed') return row;
  return Math.floor(row / (first / groups)) * second + (filter % second);
}

/** Filters from stored filter `first` on, each multiplied in float64 by the factor of its output channel. */
export function foldFilters(
  bank: FilterBank,
  layer: Channels,
  first: number,
  scale: Float64Array,
): FilterBank {
  const { count, taps } = bank;
  const values = new Float64Array(count * taps);
  for (let i = 0; i < count; i++) {
    const factor = scale[outputChannel(layer, first + i)];
    for (let at = i * taps; at < (i + 1) * taps; at++) values[at] = bank.values[at] * factor;
  }
  return { values, count, taps };
}

/** Measures a layer of another engine's model with the batch norm after it folded in, on the same backend. */
class FoldingEngine extends BackendEngine {
  readonly #original: OpenModel;
  readonly #scale: Float64Array;

  constructor(engine: BackendEngine, original: OpenModel, scale: Float64Array) {
    super(engine.backend);
    this.#original = original;
    this.#scale = scale;
  }

  override model(): OpenModel {
    const { description } = this.#original;
    return {
      ...this.#original,
      readFilters: async (index, range, signal) => {
        const bank = await this.#original.readFilters(index, range, signal);
        return foldFilters(bank, description.layers[index], range?.first ?? 0, this.#scale);
      },
    };
  }
}

/**
 * Quality of a layer with the batch norm after it folded into its weights; null where none can be.
 * @param rawOrthogonality of the weights as stored, which a factor other than 0 on a whole row does not change: the unit
 * vector stays but for its sign
 */
export async function foldedQuality(
  engine: BackendEngine,
  request: { handle: string; index: number; sparsityEpsilon: number },
  rawOrthogonality: number | null,
): Promise<LayerQuality | null> {
  const { handle, index, sparsityEpsilon } = request;
  const model = engine.model(handle);
  const scale = await model.readChannelScale(index);
  if (!scale) return null;
  const folding = new FoldingEngine(engine, model, scale);
  const [measured] = await folding.measure({ handle, indices: [index], sparsityEpsilon });
  if ('failure' in measured) throw fromPlainError(measured.failure);
  const { result } = measured;
  const keepsRows = model.description.layers[index].kind !== 'transposed' && !scale.includes(0);
  const orthogonality = keepsRows ? rawOrthogonality : (await folding.orthogonality(handle, index)).value;
  return { ...result.quality, orthogonality };
}
