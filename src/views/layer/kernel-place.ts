import { formatCount } from '../../domain/format';
import type { Layer } from '../../domain/model';

type Shape = Pick<Layer, 'kind' | 'shape' | 'groups'>;

/** What the stored weight's leading two dimensions are; the second counts within a group. */
export function channelNames({ kind, groups }: Pick<Layer, 'kind' | 'groups'>): [string, string] {
  const within = groups > 1 && kind !== 'depthwise' ? ' of the group' : '';
  return kind === 'transposed'
    ? ['input channel', `output channel${within}`]
    : ['output channel', `input channel${within}`];
}

/** Rows of the matrix that share their channels: 0 where there is one group, or a group a row. */
export function rowsPerGroup({ kind, shape, groups }: Shape): number {
  const rows = (shape[0] ?? 0) / groups;
  return groups > 1 && kind !== 'depthwise' && rows > 1 && Number.isInteger(rows) ? rows : 0;
}

/** The channels that a filter joins, both counted over the whole layer, and their group. */
export function filterChannels(
  { kind, shape: [rows = 1, columns = 1], groups }: Shape,
  filter: number,
): { output: number; input: number; group: number } {
  const row = Math.floor(filter / columns);
  const group = Math.floor((row * groups) / rows);
  const column = group * columns + (filter % columns);
  return kind === 'transposed'
    ? { output: column, input: row, group }
    : { output: row, input: column, group };
}

/** `output channel 12, input channel 35 (group 2)`: both counted over the whole layer. */
export function filterPlace(layer: Shape, filter: number): string {
  const { output, input, group } = filterChannels(layer, filter);
  const channels =
    layer.kind === 'transposed'
      ? `input channel ${formatCount(input)}, output channel ${formatCount(output)}`
      : `output channel ${formatCount(output)}, input channel ${formatCount(input)}`;
  return rowsPerGroup(layer) > 0 ? `${channels} (group ${formatCount(group)})` : channels;
}
