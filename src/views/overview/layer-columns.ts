import { DOUBLE_COSINE } from '../../analysis/double-chance';
import { severityKey } from '../../analysis/ranking';
import { VERDICT_WORDS } from '../../analysis/verdict-names';
import { formatValue } from '../../charts/format-number';
import { formatCount } from '../../domain/format';
import { channels, kernelKey } from '../../domain/model';
import type { LayerResult } from '../../domain/results';
import { alignedNorm, fixedFigure, fixedShare } from './layer-figures';
import { deadCounts, doubleCounts, type LayerRow } from './layer-rows';

export type SortKey = number | string | null;

export interface LayerColumn {
  id: string;
  title: string;
  /** What the column means, for the header's title. */
  help: string;
  numeric: boolean;
  /** Where the place is narrow, columns give way from the highest rank down. */
  rank: number;
  /** Room for its usual texts in characters, so that columns stay where they are. */
  width: number;
  /** Other names for conditions in the find box. */
  aliases?: readonly string[];
  /** Printed in per cent. */
  share?: boolean;
  /** What a cell adds to its text. */
  note?: (row: LayerRow) => string | undefined;
  text: (row: LayerRow) => string;
  key: (row: LayerRow) => SortKey;
}

type Text = Pick<LayerColumn, 'id' | 'title' | 'rank' | 'width' | 'help' | 'aliases' | 'share'>;

function quality(
  column: Text,
  value: (result: LayerResult) => number | null,
  format: (value: number | null) => string,
): LayerColumn {
  // Without a finite filter there is nothing to have a figure of.
  const key = ({ result }: LayerRow) => (result && result.filterCount > 0 ? value(result) : null);
  return { ...column, numeric: true, key, text: (row) => format(key(row)) };
}

/** H is no figure for kernels of a single tap, nor for a single filter. */
function spatial(value: (result: LayerResult) => number | null) {
  return (result: LayerResult) =>
    result.varianceShares.length === 0 || result.filterCount < 2 ? null : value(result);
}

/** The columns after the layer's name and its kernels. */
export const LAYER_COLUMNS: readonly LayerColumn[] = [
  {
    id: 'verdict',
    rank: 0,
    width: 15,
    title: 'Verdict',
    help: 'The gravest verdict at the thresholds set above; sorted by harm: the verdict, then how far past its threshold, weighted by the layer’s share of the model’s weights',
    numeric: false,
    text: ({ verdict }) => (verdict ? VERDICT_WORDS[verdict.name] : ''),
    note: ({ verdict }) => verdict?.explanation,
    key: ({ verdict, parameterShare }) => (verdict ? severityKey(verdict, parameterShare) : null),
  },
  {
    id: 'kind',
    rank: 5,
    width: 10,
    title: 'Kind',
    help: 'Full, grouped, depthwise or transposed convolution',
    numeric: false,
    text: ({ layer }) => layer.kind,
    key: ({ layer }) => layer.kind,
  },
  {
    id: 'kernel',
    rank: 1,
    width: 6,
    aliases: ['taps'],
    title: 'Kernel',
    help: 'Spatial size of the kernels; sorted by their number of weights',
    numeric: true,
    text: ({ layer }) => kernelKey(layer.kernel),
    key: ({ layer }) => layer.taps,
  },
  {
    id: 'channels',
    rank: 3,
    width: 10,
    aliases: ['out', 'channels'],
    title: 'In → out',
    help: 'Input and output channels; sorted by output channels',
    numeric: true,
    text: ({ layer }) => channels(layer).map(formatCount).join(' → '),
    key: ({ layer }) => channels(layer)[1],
  },
  {
    id: 'filters',
    rank: 3,
    width: 7,
    title: 'Filters',
    help: 'Every pair of an output and an input channel is one filter; those with NaN or Inf are left out',
    numeric: true,
    text: ({ layer, result }) => formatCount(result?.filterCount ?? layer.storedFilterCount),
    key: ({ layer, result }) => result?.filterCount ?? layer.storedFilterCount,
  },
  {
    id: 'depth',
    rank: 5,
    width: 6,
    title: 'Depth',
    help: 'Relative depth among the convolutions: 0 first, 1 last; none beside them',
    numeric: true,
    text: ({ layer }) => (layer.depthFraction === null ? '—' : layer.depthFraction.toFixed(2)),
    key: ({ layer }) => layer.depthFraction,
  },
  quality(
    {
      id: 'sparsity',
      title: 'Sparsity',
      rank: 0,
      width: 8,
      share: true,
      help: 'Share of filters close to zero',
    },
    ({ quality }) => quality.sparsity,
    fixedShare,
  ),
  quality(
    {
      id: 'entropy',
      title: 'H',
      rank: 0,
      width: 5,
      aliases: ['entropy'],
      help: 'Variance entropy of the filters: how evenly they spread over all directions',
    },
    spatial(({ quality }) => quality.varianceEntropy),
    fixedFigure,
  ),
  quality(
    {
      id: 'ratio',
      title: 'H / T_H',
      rank: 2,
      width: 7,
      aliases: ['ratio'],
      help: 'Variance entropy compared with what random filters reach, by the published threshold; 3x3 kernels only',
    },
    ({ quality }) => quality.varianceEntropyRatio,
    fixedFigure,
  ),
  {
    id: 'dead',
    rank: 4,
    width: 7,
    title: 'Dead',
    help: 'Dead output channels | dead input channels: all filters of the channel are sparse',
    numeric: true,
    text: (row) => {
      const counts = deadCounts(row);
      return counts ? `${formatCount(counts.output)} | ${formatCount(counts.input)}` : '—';
    },
    key: (row) => {
      const counts = deadCounts(row);
      return counts && counts.output + counts.input;
    },
  },
  {
    id: 'doubles',
    rank: 4,
    width: 12,
    title: 'Doubles',
    help: `Filters that repeat an earlier one: |cos| > ${DOUBLE_COSINE}; in brackets how many are expected by chance, where not 0`,
    numeric: true,
    text: (row) => {
      const counts = doubleCounts(row);
      return !counts || counts.filters === null
        ? '—'
        : `${formatCount(counts.filters)}${chanceText(counts.byChance, ' (', ')')}`;
    },
    note: (row) => {
      const counts = doubleCounts(row);
      const number = (count: number | null) => (count === null ? 'not compared' : formatCount(count));
      return (
        (counts &&
          `Double filters: ${number(counts.filters)}${chanceText(counts.byChance, ', ', ' expected by chance')}; output channels: ${number(counts.output)}; input channels: ${number(counts.input)}`) ||
        undefined
      );
    },
    key: (row) => doubleCounts(row)?.filters ?? null,
  },
  quality(
    {
      id: 'clean',
      title: 'Clean H',
      rank: 5,
      width: 7,
      help: 'Variance entropy without the sparse filters',
    },
    spatial(({ quality }) => quality.varianceEntropyClean),
    fixedFigure,
  ),
  quality(
    {
      id: 'orthogonality',
      title: 'Orthog.',
      rank: 5,
      width: 7,
      aliases: ['orthogonality', 'orthog'],
      help: 'Orthogonality of the rows of the weight: 1 is orthogonal',
    },
    ({ quality }) => quality.orthogonality,
    fixedFigure,
  ),
  quality(
    { id: 'l1', title: 'L1', rank: 5, width: 8, help: 'Sum of |w|' },
    ({ quality }) => quality.normL1,
    alignedNorm,
  ),
  quality(
    { id: 'l2', title: 'L2', rank: 5, width: 7, help: 'Root of the sum of w²' },
    ({ quality }) => quality.normL2,
    alignedNorm,
  ),
];

/** Fewer than this are not worth a word. */
const LEAST_CHANCE = 0.05;

function chanceText(count: number, before: string, after: string): string {
  return count >= LEAST_CHANCE ? `${before}${formatValue(count, 2)}${after}` : '';
}

export const NAME_COLUMN: LayerColumn = {
  id: 'name',
  rank: 0,
  width: 0,
  title: 'Layer',
  help: 'Name of the node in the file',
  numeric: false,
  text: ({ layer }) => layer.label,
  key: ({ layer }) => layer.label,
};
