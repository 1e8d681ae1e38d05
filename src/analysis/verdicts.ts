import { countOf, formatCount } from '../domain/format';
import { kernelAdjective, kernelKey, tapCount } from '../domain/model';
import type { LayerQuality } from '../domain/results';
import { isOversized, oversizedNote } from '../domain/spatial';
import type { Thresholds } from '../domain/thresholds';
import { maximumEntropy, RANDOM_THRESHOLD_SCOPE, USUAL_RATIO } from './entropy';

/** From gravest to best, as `readVerdict` chooses among several. */
export const VERDICTS = [
  'random',
  'degenerate',
  'sparse',
  'low-diversity',
  'not-measurable',
  'pointwise',
  'healthy',
] as const;
export type VerdictName = (typeof VERDICTS)[number];

/** Verdicts as they are printed. */
export const VERDICT_WORDS: Record<VerdictName, string> = {
  random: 'random',
  degenerate: 'degenerate',
  sparse: 'sparse',
  'low-diversity': 'low diversity',
  'not-measurable': 'not measurable',
  pointwise: 'pointwise',
  healthy: 'healthy',
};

/** Verdicts that say only that there is nothing to judge. */
export function isUnjudged(name: VerdictName): boolean {
  return name === 'not-measurable' || name === 'pointwise';
}

export interface Verdict {
  name: VerdictName;
  /** One sentence that explains it with its numbers. */
  explanation: string;
}

/** What the verdicts need to know of the layer beside its quality. */
export interface JudgedLayer {
  kernel: readonly number[];
  /** Finite filters. */
  filterCount: number;
  /**
   * For layers without a published threshold: `low` of `simulatedEntropy`, which 97.5 % of random layers of this size
   * reach. (The published T_H lies slightly below that: .950 against .951 for 1,000 filters.)
   */
  simulatedThreshold?: number | null;
}

/**
 * All verdicts that hold for a layer (section 4, thresholds of [DB] on sliders), gravest first; never empty.
 * - random: H >= T_H. degenerate: T_H > H >= T_H - margin, or H low and sparse. sparse: S >= share. low diversity: H <
 *   limit, told only where the filters are enough, and have enough taps, that H could reach the limit at all.
 * - pointwise: kernels of one tap, which have no spatial structure to judge.
 * - not measurable: fewer than two finite filters, kernels of more taps than are measured, or a variance that overflows; and layers without other verdict that have neither a published nor a simulated random threshold.
 * - healthy: no other holds.
 */
export function verdicts(quality: LayerQuality, thresholds: Thresholds, layer: JudgedLayer): Verdict[] {
  const sparsity = quality.sparsity ?? 0;
  const isSparse = sparsity >= thresholds.sparseShare && layer.filterCount > 0;
  const sparse = isSparse ? [sparseVerdict(quality, sparsity, thresholds)] : [];
  // Sparsity needs no spatial pattern.
  const obstacle = obstacleTo(quality, layer);
  if (obstacle) return [...sparse, obstacle];
  const { varianceEntropy: h } = quality;
  const name = quality.randomThreshold === null ? 'simulated T_H' : 'T_H';
  const filters = countOf(layer.filterCount, `random ${kernelAdjective(kernelKey(layer.kernel))} filter`);
  const reach = maximumEntropy(layer.filterCount, tapCount(layer.kernel));
  // Two filters lie on one line, random or not: their H is 0 and tells nothing.
  const threshold = reach > 0 ? (quality.randomThreshold ?? layer.simulatedThreshold ?? null) : null;
  const isLow = h < thresholds.lowEntropy && reach >= thresholds.lowEntropy;
  const found: Verdict[] = [];
  const add = (name: VerdictName, explanation: string): void => void found.push({ name, explanation });

  if (threshold !== null && h >= threshold) {
    add(
      'random',
      `H = ${digits(h)} reaches ${name} = ${digits(threshold)}, the variance entropy of ${filters}: the layer shows no structure that training would leave.`,
    );
  } else if (threshold !== null && h >= threshold - thresholds.randomMargin) {
    add(
      'degenerate',
      `H = ${digits(h)} lies within ${digits(thresholds.randomMargin)} of ${name} = ${digits(threshold)}: the filters are close to ${filters}.`,
    );
  } else if (isLow && isSparse) {
    add(
      'degenerate',
      quality.peak === 0
        ? 'All weights are zero: the layer contributes nothing.'
        : `H = ${digits(h)} is below ${digits(thresholds.lowEntropy)} and ${percent(sparsity)} of the filters are sparse (limit ${percent(thresholds.sparseShare)}): little of the layer is in use.`,
    );
  }
  found.push(...sparse);
  if (isLow) {
    add(
      'low-diversity',
      `H = ${digits(h)} is below ${digits(thresholds.lowEntropy)} of at most ${digits(reach)}: the filters are mostly variations of a few patterns.`,
    );
  }
  if (found.length > 0) return found;
  return [
    threshold === null
      ? unjudged(h, sparsity, layer)
      : healthy(h, `${name} = ${digits(threshold)}`, h / threshold, sparsity),
  ];
}

function sparseVerdict({ peak }: LayerQuality, sparsity: number, thresholds: Thresholds): Verdict {
  const { sparsityEpsilon, sparseShare } = thresholds;
  return {
    name: 'sparse',
    explanation:
      peak === 0
        ? 'All weights are zero.'
        : `${percent(sparsity)} of the filters stay below ${percent(sparsityEpsilon)} of the layer's peak weight; ${percent(sparseShare)} or more counts as sparse.`,
  };
}

/** The gravest of a layer's verdicts. */
export function readVerdict(found: readonly Verdict[]): Verdict {
  return found.reduce((a, b) => (VERDICTS.indexOf(b.name) < VERDICTS.indexOf(a.name) ? b : a));
}

function healthy(h: number, threshold: string, ratio: number, sparsity: number): Verdict {
  return {
    name: 'healthy',
    explanation: `Variance entropy H = ${digits(h)} is ${percent(ratio)} of ${threshold}, which random filters reach (about ${percent(USUAL_RATIO)} is usual in trained layers); ${percent(sparsity)} of the filters are sparse.`,
  };
}

function unjudged(h: number, sparsity: number, { kernel, filterCount }: JudgedLayer): Verdict {
  return {
    name: 'not-measurable',
    explanation: `H = ${digits(h)} with ${percent(sparsity)} sparse filters raises no flag, but ${formatCount(filterCount)} ${kernelAdjective(kernelKey(kernel))} filters have no published random threshold to compare with (it holds for ${RANDOM_THRESHOLD_SCOPE}).`,
  };
}

/** Why nothing can be said about the layer, or null. */
function obstacleTo(quality: LayerQuality, { kernel, filterCount }: JudgedLayer): Verdict | null {
  const unmeasurable = (explanation: string): Verdict => ({ name: 'not-measurable', explanation });
  if (Number.isNaN(quality.peak)) return unmeasurable('The weights of the layer could not be read.');
  if (filterCount === 0) return unmeasurable('The layer has no finite filter.');
  if (tapCount(kernel) === 1) {
    return {
      name: 'pointwise',
      explanation:
        'A kernel of a single weight has no spatial pattern to judge; sparsity, orthogonality and norms are measured.',
    };
  }
  if (filterCount === 1)
    return unmeasurable('The layer has a single filter: there is no variance to speak of.');
  if (isOversized(kernel)) return unmeasurable(oversizedNote(kernel));
  if (!Number.isFinite(quality.varianceEntropy)) {
    return unmeasurable(`Weights as large as ${quality.peak.toPrecision(2)} overflow the variance.`);
  }
  return null;
}

function digits(value: number): string {
  return value === 0 ? '0' : value.toFixed(3).replace(/0{1,2}$/, '');
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(1))} %`;
}
