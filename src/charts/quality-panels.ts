import type { LayerResult } from '../domain/results';
import type { Thresholds } from '../domain/thresholds';
import type { DepthPanel } from './depth-profile';
import { formatLimit } from './format-number';

/** Sparsity along depth with its verdict zone. */
export function sparsityPanel(results: readonly LayerResult[], thresholds: Thresholds): DepthPanel {
  return {
    key: 'sparsity',
    label: 'Sparsity S',
    domain: [0, 1],
    share: true,
    values: results.map((result) => result.quality.sparsity),
    zones: [
      {
        from: thresholds.sparseShare,
        to: null,
        label: `sparse ≥ ${formatLimit(thresholds.sparseShare)}`,
        tone: 'warn',
      },
    ],
  };
}

/**
 * H / T_H along depth. Its random zone starts at 1 by definition; the low-diversity border lies on H itself and T_H differs
 * from layer to layer, so it is drawn in `entropyPanel`.
 */
export function entropyRatioPanel(results: readonly LayerResult[]): DepthPanel {
  return {
    key: 'varianceEntropyRatio',
    label: 'Variance entropy ratio H / T_H',
    domain: null,
    values: results.map((result) => result.quality.varianceEntropyRatio),
    zones: [{ from: 1, to: null, label: 'random ≥ 1', tone: 'bad' }],
  };
}

/** H along depth with the low-diversity zone, and T_H as a tick beside each layer. */
export function entropyPanel(results: readonly LayerResult[], thresholds: Thresholds): DepthPanel {
  return {
    key: 'varianceEntropy',
    label: 'Variance entropy H',
    domain: null,
    // H of a pointwise layer or a single filter is 0 by definition and says nothing.
    values: results.map(({ varianceShares, filterCount, quality }) =>
      varianceShares.length === 0 || filterCount < 2 ? null : quality.varianceEntropy,
    ),
    reference: {
      label: 'random threshold T_H',
      values: results.map((result) => result.quality.randomThreshold),
    },
    zones: [
      {
        from: null,
        to: thresholds.lowEntropy,
        label: `low diversity < ${thresholds.lowEntropy}`,
        tone: 'warn',
      },
    ],
  };
}
