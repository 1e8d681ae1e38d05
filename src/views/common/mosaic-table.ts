import type { ChartTable } from '../../charts/types';
import type { LayerFilters } from '../../domain/model-data';
import type { Layer } from '../../domain/model';

/** The filters as a table: one row per filter, its channel pair (the second counted within its group) and its weights. */
export function mosaicTable(filters: LayerFilters | null, layer: Layer): ChartTable {
  const inputs = layer.shape[1] ?? 1;
  const { taps, count, values, first } = filters ?? {
    taps: layer.taps,
    count: 0,
    values: new Float32Array(),
    first: 0,
  };
  return {
    columns: [
      'filter',
      ...(layer.kind === 'transposed'
        ? ['input channel', 'output channel']
        : ['output channel', 'input channel']),
      ...Array.from({ length: taps }, (_, i) => `w${i}`),
    ],
    rows: Array.from({ length: count }, (_, i) => {
      const filter = first + i;
      return [
        filter,
        Math.floor(filter / inputs),
        filter % inputs,
        ...values.subarray(i * taps, (i + 1) * taps),
      ];
    }),
  };
}
