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

/** `output channel 12, input channel 35 (group 2)`: both counted over the whole layer. */
export function filterPlace(layer: Shape, filter: number): string {
  const { kind, shape, groups } = layer;
  const seconds = shape[1] ?? 1;
  const first = Math.floor(filter / seconds);
  const group = Math.floor((first * groups) / Math.max(1, shape[0] ?? 1));
  const second = group * seconds + (filter % seconds);
  const [output, input] = kind === 'transposed' ? [second, first] : [first, second];
  const channels =
    kind === 'transposed'
      ? `input channel ${formatCount(input)}, output channel ${formatCount(output)}`
      : `output channel ${formatCount(output)}, input channel ${formatCount(input)}`;
  return rowsPerGroup(layer) > 0 ? `${channels} (group ${formatCount(group)})` : channels;
}
