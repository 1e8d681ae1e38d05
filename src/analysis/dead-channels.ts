import type { LayerKind } from '../domain/model';
import type { ChannelPeaks, DoubleList, LayerTraits } from '../domain/traits';

/** Channels by number, rising. */
export interface DeadChannels {
  output: number[];
  input: number[];
}

/**
 * Channels all of whose finite filters are sparse, max|w| < epsilon times the layer's peak [ours]: a dead output channel computes next
 * to nothing, a dead input channel is next to ignored. In a layer of zeros all are dead.
 */
export function deadChannels(
  kind: LayerKind,
  peaks: ChannelPeaks,
  layerPeak: number,
  sparsityEpsilon: number,
): DeadChannels {
  const isDead = (peak: number) => layerPeak === 0 || peak < sparsityEpsilon * layerPeak;
  const dead = (of: Float64Array) => Array.from(of.keys()).filter((channel) => isDead(of[channel]));
  const { output, input } = bySide(kind, peaks);
  return { output: dead(output), input: dead(input) };
}

/** Channels that repeat an earlier one of their group; null where they are not compared. */
export function doubleChannelsOf(
  kind: LayerKind,
  traits: LayerTraits | null,
): { output: DoubleList | null; input: DoubleList | null } {
  const { rows = null, columns = null } = traits?.doubles ?? {};
  return bySide(kind, { rows, columns });
}

/** Rows of a stored weight are output channels, but for transposed convolutions. */
function bySide<Value>(kind: LayerKind, { rows, columns }: { rows: Value; columns: Value }) {
  return kind === 'transposed' ? { output: columns, input: rows } : { output: rows, input: columns };
}
