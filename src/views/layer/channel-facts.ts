import { deadChannels, doubleChannelsOf } from '../../analysis/dead-channels';
import { DOUBLE_COSINE } from '../../analysis/double-chance';
import { formatLimit, formatValue } from '../../charts/format-number';
import { countOf, formatCount } from '../../domain/format';
import { channels, isPointwise, type Layer } from '../../domain/model';
import type { LayerResult } from '../../domain/results';
import type { DoubleList } from '../../domain/traits';
import { filterChannels } from './kernel-place';

/** Channels or filters of a layer that add nothing of their own. */
export interface ChannelFact {
  name: string;
  value: string;
  reading: string;
  /** Each as it is listed. */
  items: string[];
  /** How many more there are than are listed. */
  more: number;
}

/** Dead and double channels and filters; [] for a layer that could not be read. */
export function channelFacts(
  layer: Layer,
  { filterCount, quality, traits }: LayerResult,
  sparsityEpsilon: number,
): ChannelFact[] {
  if (!traits) return [];
  const [inputCount, outputCount] = channels(layer);
  const dead = deadChannels(layer.kind, traits.peaks, quality.peak, sparsityEpsilon);
  const limit = formatLimit(sparsityEpsilon);
  const facts = [
    deadFact(
      'output',
      dead.output,
      outputCount,
      `all their filters stay below ${limit} of the layer’s largest weight: they compute next to nothing`,
    ),
    deadFact('input', dead.input, inputCount, 'what they bring is next to ignored'),
  ];
  const { doubles } = traits;
  if (!doubles) return facts;
  const { output, input } = doubleChannelsOf(layer.kind, traits);
  if (!isPointwise(layer.kernel)) {
    const chance =
      doubles.filtersByChance >= 0.05
        ? `; about ${formatValue(doubles.filtersByChance)} of Gaussian filters of this number and size would, by chance`
        : '';
    facts.push(
      doubleFact(
        'filters',
        doubles.filters,
        filterCount,
        `have |cos| > ${DOUBLE_COSINE} to an earlier one${chance}`,
        (filter) => placeOf(layer, filter),
      ),
    );
  }
  if (output)
    facts.push(
      doubleFact('output channels', output, outputCount, 'repeat an earlier one in all their weights'),
    );
  if (input)
    facts.push(
      doubleFact('input channels', input, inputCount, 'are treated as an earlier one by every output'),
    );
  return facts;
}

function deadFact(side: 'output' | 'input', dead: number[], count: number, meaning: string): ChannelFact {
  return {
    name: `Dead ${side} channels`,
    value: `${formatCount(dead.length)} of ${formatCount(count)}`,
    reading: dead.length === 0 ? 'None.' : `Of these, ${meaning}.`,
    items: dead.map(formatCount),
    more: 0,
  };
}

function doubleFact(
  what: string,
  list: DoubleList | null,
  count: number,
  meaning: string,
  name: (index: number) => string = formatCount,
): ChannelFact {
  const title = `Double ${what}`;
  if (!list) {
    return {
      name: title,
      value: '—',
      reading: 'Too many lie close together to be compared.',
      items: [],
      more: 0,
    };
  }
  const flipped = list.flipped > 0 ? ` (${formatCount(list.flipped)} with opposite sign)` : '';
  return {
    name: title,
    value: `${formatCount(list.count)} of ${formatCount(count)}`,
    reading:
      list.count === 0 ? 'None.' : `${countOf(list.count, what.replace(/s$/, ''))} ${meaning}${flipped}.`,
    items: list.pairs.map(([double, of]) => `${name(double)} repeats ${name(of)}`),
    more: list.count - list.pairs.length,
  };
}

/** A filter by its channels, `12 → 3`: from an input to an output channel. */
function placeOf(layer: Layer, filter: number): string {
  const { output, input } = filterChannels(layer, filter);
  return `${formatCount(input)} → ${formatCount(output)}`;
}
