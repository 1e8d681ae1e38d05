import { VERDICTS, VERDICT_WORDS } from '../../analysis/verdict-names';
import type { Verdict } from '../../analysis/verdicts';
import { formatShare, formatValue } from '../../charts/format-number';
import { formatCount } from '../../domain/format';
import { channels, kernelKey, type Layer } from '../../domain/model';
import type { LayerResult } from '../../domain/results';
import type { Sorting } from '../../state/layer-table.svelte';

/** A layer as the table shows it; `result` is null until it has been measured. */
export interface LayerRow {
  layer: Layer;
  result: LayerResult | null;
  verdict: Verdict | null;
}

export type SortKey = number | string | null;

export interface LayerColumn {
  id: string;
  title: string;
  /** What the column means, for the header's title. */
  help: string;
  numeric: boolean;
  /** Where the place is narrow, columns give way from the highest rank down. */
  rank: number;
  text: (row: LayerRow) => string;
  key: (row: LayerRow) => SortKey;
}

function quality(
  id: string,
  title: string,
  rank: number,
  help: string,
  value: (result: LayerResult) => number | null,
  format: (value: number | null) => string = formatValue,
): LayerColumn {
  // Without a finite filter there is nothing to have a figure of.
  const key = ({ result }: LayerRow) => (result && result.filterCount > 0 ? value(result) : null);
  return { id, title, help, rank, numeric: true, key, text: (row) => format(key(row)) };
}

/** For figures of the order of 1: what rounding leaves of 0 is printed as 0. */
function formatFigure(value: number | null): string {
  return formatValue(value !== null && Math.abs(value) < 1e-9 ? 0 : value);
}

/** H is no figure for kernels of a single tap, nor for a single filter. */
function spatial(value: (result: LayerResult) => number | null) {
  return (result: LayerResult) =>
    result.varianceShares.length === 0 || result.filterCount < 2 ? null : value(result);
}

/** The columns between the layer's name and its kernels. */
export const LAYER_COLUMNS: readonly LayerColumn[] = [
  {
    id: 'verdict',
    rank: 0,
    title: 'Verdict',
    help: 'The gravest verdict at the thresholds set above',
    numeric: false,
    text: ({ verdict }) => (verdict ? VERDICT_WORDS[verdict.name] : ''),
    key: ({ verdict }) => (verdict ? VERDICTS.indexOf(verdict.name) : null),
  },
  {
    id: 'kind',
    rank: 5,
    title: 'Kind',
    help: 'Full, grouped, depthwise or transposed convolution',
    numeric: false,
    text: ({ layer }) => layer.kind,
    key: ({ layer }) => layer.kind,
  },
  {
    id: 'kernel',
    rank: 1,
    title: 'Kernel',
    help: 'Spatial size of the kernels',
    numeric: true,
    text: ({ layer }) => kernelKey(layer.kernel),
    key: ({ layer }) => layer.taps,
  },
  {
    id: 'channels',
    rank: 3,
    title: 'In → out',
    help: 'Input and output channels',
    numeric: true,
    text: ({ layer }) => channels(layer).map(formatCount).join(' → '),
    key: ({ layer }) => channels(layer)[1],
  },
  {
    id: 'filters',
    rank: 3,
    title: 'Filters',
    help: 'Every (output, input) pair is one filter; those with NaN or Inf are left out',
    numeric: true,
    text: ({ layer, result }) => formatCount(result?.filterCount ?? layer.storedFilterCount),
    key: ({ layer, result }) => result?.filterCount ?? layer.storedFilterCount,
  },
  {
    id: 'depth',
    rank: 4,
    title: 'Depth',
    help: 'Relative depth among the convolutions: 0 first, 1 last; none beside them',
    numeric: true,
    text: ({ layer }) => (layer.depthFraction === null ? '—' : layer.depthFraction.toFixed(2)),
    key: ({ layer }) => layer.depthFraction,
  },
  quality(
    'sparsity',
    'Sparsity',
    0,
    'Share of filters close to zero',
    ({ quality }) => quality.sparsity,
    formatShare,
  ),
  quality(
    'entropy',
    'H',
    0,
    'Variance entropy of the filters: how evenly they spread over all directions',
    spatial(({ quality }) => quality.varianceEntropy),
    formatFigure,
  ),
  quality(
    'ratio',
    'H / T_H',
    2,
    'Variance entropy to what random filters reach; 3x3 kernels only',
    ({ quality }) => quality.varianceEntropyRatio,
    formatFigure,
  ),
  quality(
    'clean',
    'Clean H',
    5,
    'Variance entropy without the sparse filters',
    spatial(({ quality }) => quality.varianceEntropyClean),
    formatFigure,
  ),
  quality(
    'orthogonality',
    'Orthog.',
    4,
    'Orthogonality of the rows of the weight: 1 is orthogonal',
    ({ quality }) => quality.orthogonality,
    formatFigure,
  ),
  quality('l1', 'L1', 5, 'Sum of |w|', ({ quality }) => quality.normL1),
  quality('l2', 'L2', 5, 'Root of the sum of w²', ({ quality }) => quality.normL2),
];

export const NAME_COLUMN: LayerColumn = {
  id: 'name',
  rank: 0,
  title: 'Layer',
  help: 'Name of the node in the file',
  numeric: false,
  text: ({ layer }) => layer.label,
  key: ({ layer }) => layer.label,
};

const collator = new Intl.Collator('en', { numeric: true });

/** Rows that hold every word of `query`, sorted; what is not available comes last either way. Null keeps file order. */
export function arrangeRows(rows: readonly LayerRow[], query: string, sorting: Sorting | null): LayerRow[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const found = rows.filter(({ layer, verdict }) => {
    const text = `${layer.label} ${layer.kind} ${kernelKey(layer.kernel)} ${verdict ? VERDICT_WORDS[verdict.name] : ''}`;
    return words.every((word) => text.toLowerCase().includes(word));
  });
  const column = [NAME_COLUMN, ...LAYER_COLUMNS].find(({ id }) => id === sorting?.column);
  if (!column || !sorting) return found;
  const sign = sorting.descending ? -1 : 1;
  return found
    .map((row) => ({ row, key: missing(column.key(row)) }))
    .sort((a, b) => {
      if (a.key === null || b.key === null) return Number(a.key === null) - Number(b.key === null);
      const order =
        typeof a.key === 'string' ? collator.compare(a.key, String(b.key)) : a.key - Number(b.key);
      return sign * order;
    })
    .map(({ row }) => row);
}

function missing(key: SortKey): SortKey {
  return typeof key === 'number' && Number.isNaN(key) ? null : key;
}

/** What a click on a column's header does: rising, falling, file order. */
export function nextSorting(current: Sorting | null, column: string): Sorting | null {
  if (current?.column !== column) return { column, descending: false };
  return current.descending ? null : { column, descending: true };
}
