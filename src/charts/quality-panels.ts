import type { Judgement } from '../analysis/verdicts';
import type { LayerResult } from '../domain/results';
import type { Thresholds } from '../domain/thresholds';
import type { DepthPanel } from './depth-profile';
import { formatLimit, formatLimits } from './format-number';

/** What the panels draw of a layer. */
export interface JudgedResult {
  result: LayerResult;
  judgement: Pick<Judgement, 'threshold' | 'lowLimit' | 'reach'>;
}

/** Whether the layer's threshold is simulated: where none is published. */
export function isSimulated({ result, judgement }: JudgedResult): boolean {
  return judgement.threshold !== null && result.quality.randomThreshold === null;
}

/** H over the layer's random threshold, published or simulated. */
export function thresholdRatio(judged: JudgedResult): number | null {
  return overThreshold(entropyOf(judged), judged);
}

/** H; null where so few filters or taps can have no other than 0, which says nothing. */
export function entropyOf({ result, judgement: { reach } }: JudgedResult): number | null {
  return reach > 0 ? result.quality.varianceEntropy : null;
}

/** Sparsity along depth with its verdict zone. */
export function sparsityPanel(layers: readonly JudgedResult[], thresholds: Thresholds): DepthPanel {
  return {
    key: 'sparsity',
    label: 'Sparsity S',
    symbol: 'S',
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
 * H / T_H along depth. Its zone starts at 1 by definition; the limit of low diversity lies on H itself and T_H differs from
 * layer to layer, so it is a tick for each.
 */
export function entropyRatioPanel(layers: readonly JudgedResult[]): DepthPanel {
  return {
    key: 'varianceEntropyRatio',
    label: 'Variance entropy ratio H / T_H',
    symbol: 'H / T_H',
    bounds: [0, Infinity],
    values: layers.map(thresholdRatio),
    references: [
      {
        label: 'low in diversity below',
        values: layers.map((judged) => overThreshold(judged.judgement.lowLimit, judged)),
        line: 'limit',
      },
    ],
    simulated: layers.map(isSimulated),
    zones: [{ from: 1, to: null, label: 'as varied as random ≥ 1', tone: 'neutral' }],
  };
}

/**
 * H along depth, T_H as a tick for each layer, and where low diversity begins: a zone where all layers share one limit, else a tick
 * for each. Designed layers, of which nothing is judged, are left out.
 */
export function entropyPanel(layers: readonly JudgedResult[]): DepthPanel {
  const threshold = (judged: JudgedResult, simulated: boolean) =>
    isSimulated(judged) === simulated ? judged.judgement.threshold : null;
  const limits = layers.map(({ judgement }) => judgement.lowLimit);
  const distinct = [...new Set(limits.filter((limit) => limit !== null))];
  const shared = distinct.length === 1 ? distinct[0]! : null;
  return {
    key: 'varianceEntropy',
    label: 'Variance entropy H',
    symbol: 'H',
    bounds: [0, Infinity],
    values: layers.map((judged) => (judged.result.traits?.design ? null : entropyOf(judged))),
    references: [
      { label: 'T_H', values: layers.map((judged) => threshold(judged, false)), line: 'solid' },
      { label: 'simulated T_H', values: layers.map((judged) => threshold(judged, true)), line: 'dashed' },
      ...(shared === null
        ? [{ label: 'low in diversity below', values: limits, line: 'limit' as const }]
        : []),
    ],
    zones:
      shared === null
        ? []
        : [
            {
              from: null,
              to: shared,
              label: `low in diversity < ${formatLimits(shared, shared)}`,
              tone: 'warn',
            },
          ],
  };
}

function overThreshold(value: number | null, { judgement: { threshold } }: JudgedResult): number | null {
  return value === null || threshold === null || threshold <= 0 ? null : value / threshold;
}
