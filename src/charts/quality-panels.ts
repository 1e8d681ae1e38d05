import type { Judgement } from '../analysis/verdicts';
import type { LayerResult } from '../domain/results';
import type { Thresholds } from '../domain/thresholds';
import type { DepthPanel } from './depth-profile';
import { formatLimit } from './format-number';

interface WithThreshold {
  result: LayerResult;
  judgement: Pick<Judgement, 'threshold'>;
}

/** What the panels draw of a layer. */
export interface JudgedResult extends WithThreshold {
  judgement: Pick<Judgement, 'threshold' | 'lowLimit'>;
}

/** Whether the layer's threshold is simulated: where none is published. */
export function isSimulated({ result, judgement }: WithThreshold): boolean {
  return judgement.threshold !== null && result.quality.randomThreshold === null;
}

/** H over the layer's random threshold, published or simulated. */
export function thresholdRatio(judged: WithThreshold): number | null {
  return overThreshold(entropyOf(judged.result), judged);
}

/** H; null for a pointwise layer or a single filter, whose 0 is by definition and says nothing. */
export function entropyOf({ varianceShares, filterCount, quality }: LayerResult): number | null {
  return varianceShares.length === 0 || filterCount < 2 ? null : quality.varianceEntropy;
}

/** Sparsity along depth with its verdict zone. */
export function sparsityPanel(layers: readonly JudgedResult[], thresholds: Thresholds): DepthPanel {
  return {
    key: 'sparsity',
    label: 'Sparsity S',
    bounds: [0, 1],
    share: true,
    values: layers.map(({ result }) => result.quality.sparsity),
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
 * from layer to layer, so it is a tick beside each.
 */
export function entropyRatioPanel(layers: readonly JudgedResult[]): DepthPanel {
  return {
    key: 'varianceEntropyRatio',
    label: 'Variance entropy ratio H / T_H',
    bounds: [0, Infinity],
    values: layers.map(thresholdRatio),
    references: [
      {
        label: 'low diversity below',
        values: layers.map((judged) => overThreshold(judged.judgement.lowLimit, judged)),
        line: 'toned',
      },
    ],
    simulated: layers.map(isSimulated),
    zones: [{ from: 1, to: null, label: 'random ≥ 1', tone: 'bad' }],
  };
}

/** H along depth with the low-diversity zone of 3x3 kernels, and T_H and other limits as ticks beside each layer. */
export function entropyPanel(layers: readonly JudgedResult[], { lowEntropy }: Thresholds): DepthPanel {
  const threshold = (judged: JudgedResult, simulated: boolean) =>
    isSimulated(judged) === simulated ? judged.judgement.threshold : null;
  return {
    key: 'varianceEntropy',
    label: 'Variance entropy H',
    bounds: [0, Infinity],
    values: layers.map(({ result }) => entropyOf(result)),
    references: [
      { label: 'T_H', values: layers.map((judged) => threshold(judged, false)), line: 'solid' },
      { label: 'simulated T_H', values: layers.map((judged) => threshold(judged, true)), line: 'dashed' },
      {
        label: 'low diversity below, scaled to the kernel size',
        values: layers.map(({ judgement: { lowLimit } }) => (lowLimit === lowEntropy ? null : lowLimit)),
        line: 'toned',
      },
    ],
    zones: [{ from: null, to: lowEntropy, label: `low < ${lowEntropy} (3x3)`, tone: 'warn' }],
  };
}

function overThreshold(value: number | null, { judgement: { threshold } }: WithThreshold): number | null {
  return value === null || threshold === null || threshold <= 0 ? null : value / threshold;
}
