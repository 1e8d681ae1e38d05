import { formatCount } from '../domain/format';
import { kernelAdjective, kernelKey, tapCount, type Layer } from '../domain/model';
import type { LayerQuality, LayerResult } from '../domain/results';
import { isOversized, oversizedNote } from '../domain/spatial';
import type { Thresholds } from '../domain/thresholds';
import type { LayerTraits } from '../domain/traits';
import { lowDiversityLimit, maximumEntropy, RANDOM_THRESHOLD_SCOPE, usualText } from './entropy';
import { NORMAL_TAIL, TAIL } from './quantile';
import { readSigns, SIGN_LIMIT, type StartReading } from './start';
import {
  designText,
  digits,
  filtersOf,
  gridText,
  limit as limitText,
  percent,
  signed,
  startText,
  trainedText,
} from './verdict-text';
import { VERDICTS, type VerdictName } from './verdict-names';

export interface Verdict {
  name: VerdictName;
  /** What was measured, and what it may mean. */
  explanation: string;
  /** How far past its threshold, 0 to 1: orders layers of one verdict. */
  excess: number;
}

/** What the verdicts need to know of the layer beside its quality. */
export interface JudgedLayer {
  kernel: readonly number[];
  shape: readonly number[];
  storedType: string;
  /** Finite filters. */
  filterCount: number;
  traits: LayerTraits | null;
}

export function judgedLayer(
  { kernel, shape, storedType }: Layer,
  { filterCount, traits }: LayerResult,
): JudgedLayer {
  return { kernel, shape, storedType, filterCount, traits };
}

/** How a layer's variance entropy lies to the random threshold. */
export type EntropyLevel = 'reaches' | 'near' | 'below';

/** Everything said of a layer, on every page, rests on this. */
export interface Judgement {
  /** All that hold, gravest first; never empty. */
  verdicts: Verdict[];
  isSparse: boolean;
  isLow: boolean;
  /** Null where there is no threshold to hold H against. */
  level: EntropyLevel | null;
  /** What the signs of initial weights say; null where H is below the margin, and for designed banks. */
  start: StartReading | null;
  /** Published, else `low` of the simulated null; null where there is none. */
  threshold: number | null;
  /** Largest H that so many filters can have. */
  reach: number;
  /** H below this is low in diversity; null where it cannot be told. */
  lowLimit: number | null;
}

/**
 * What can be said of a layer (section 4, thresholds of [DB] on sliders; the readings of initial weights and designs are ours).
 * - all zero: every weight is 0. sparse: S >= share. low in diversity: H < limit, told only where the filters are enough, and have
 *   enough taps, that random ones would reach it. Both at once are one verdict.
 * - where H >= T_H: looks untrained, if the weights are spread as those of a usual start; as varied as random, but trained, if they
 *   are spread wider; as varied as random, if narrower; too few filters to tell, if trained and initial ones would look alike. Where
 *   H >= T_H - margin the same, nearly random instead of untrained, unless H is lower than random layers ever have it: then trained.
 * - designed: the filters are written down; nothing else is said of them. pointwise: kernels of one tap, for which no threshold was made.
 * - not measurable: fewer than two finite filters, kernels of more taps than are measured, or a variance that overflows; and layers
 *   without other verdict that have neither a published nor a simulated threshold.
 * - healthy: no other holds.
 */
export function judge(quality: LayerQuality, thresholds: Thresholds, layer: JudgedLayer): Judgement {
  const { varianceEntropy: h, peak } = quality;
  const { kernel, filterCount, traits } = layer;
  const taps = tapCount(kernel);
  const reach = maximumEntropy(filterCount, taps);
  const nothing = {
    isSparse: false,
    isLow: false,
    level: null,
    start: null,
    threshold: null,
    reach,
    lowLimit: null,
  };
  const only = (name: VerdictName, explanation: string): Judgement => ({
    ...nothing,
    verdicts: [{ name, explanation, excess: 0 }],
  });
  if (Number.isNaN(peak)) return only('not-measurable', 'The weights of the layer could not be read.');
  if (filterCount === 0) return only('not-measurable', 'The layer has no finite filter.');
  if (peak === 0) return only('all-zero', 'All weights are zero: the layer contributes nothing.');
  if (taps === 1) return only('pointwise', pointwiseText(quality));
  if (traits?.design) return only('designed', designText(traits.design));
  const sparsity = quality.sparsity ?? 0;
  const isSparse = sparsity >= thresholds.sparseShare;
  const obstacle = obstacleTo(quality, layer);
  // Sparsity needs no variance.
  if (obstacle !== null) {
    const verdicts = [
      ...(isSparse ? [sparseVerdict(quality, thresholds, layer)] : []),
      ...only('not-measurable', obstacle).verdicts,
    ];
    return { ...nothing, isSparse, verdicts };
  }
  // Two filters lie on one line, random or not: their H is 0 and tells nothing.
  const threshold = reach > 0 ? (quality.randomThreshold ?? traits?.entropyNull?.low ?? null) : null;
  const level = threshold === null ? null : levelOf(h, threshold, thresholds.randomMargin);
  const limit = lowDiversityLimit(thresholds.lowEntropy, filterCount, kernel);
  const lowLimit = lowLimitOf(limit, threshold, thresholds.randomMargin, quality.randomThreshold !== null);
  const found: Judgement = {
    ...nothing,
    isSparse,
    isLow: lowLimit !== null && h < lowLimit,
    level,
    start: level === null || level === 'below' ? null : readSigns(traits?.signs ?? null),
    threshold,
    lowLimit,
    verdicts: [],
  };
  found.verdicts = verdictsOf(found, quality, thresholds, layer);
  return found;
}

/** Few random filters may lie below the limit: where no published threshold vouches for it, it ends where near-random begins. */
function lowLimitOf(limit: number | null, threshold: number | null, margin: number, isPublished: boolean) {
  if (limit === null || threshold === null) return null;
  if (isPublished) return limit;
  const least = Math.min(limit, threshold - margin);
  return least > 0 ? least : null;
}

/** The gravest of a layer's verdicts. */
export function readVerdict(found: readonly Verdict[]): Verdict {
  return found.reduce((a, b) => (VERDICTS.indexOf(b.name) < VERDICTS.indexOf(a.name) ? b : a));
}

function verdictsOf(
  judgement: Judgement,
  quality: LayerQuality,
  thresholds: Thresholds,
  layer: JudgedLayer,
): Verdict[] {
  const { isSparse, isLow, start } = judgement;
  const sparse = isSparse ? sparseVerdict(quality, thresholds, layer) : null;
  const low = isLow ? lowVerdict(quality, judgement, layer) : null;
  if (sparse && low) {
    const explanation = `${sparse.explanation} ${low.explanation}`;
    return [{ name: 'sparse-low-diversity', explanation, excess: Math.max(sparse.excess, low.excess) }];
  }
  const found = [...(sparse ? [sparse] : []), ...(low ? [low] : [])];
  if (start) {
    const verdict = varietyVerdict(quality, judgement, start, thresholds, layer);
    const isGraver = found.every(({ name }) => VERDICTS.indexOf(verdict.name) < VERDICTS.indexOf(name));
    return isGraver ? [verdict, ...found] : [...found, verdict];
  }
  if (found.length > 0) return found;
  return [restVerdict(quality, judgement, layer)];
}

function levelOf(h: number, threshold: number, margin: number): EntropyLevel {
  return h >= threshold ? 'reaches' : h >= threshold - margin ? 'near' : 'below';
}

function sparseVerdict(
  { sparsity }: LayerQuality,
  { sparsityEpsilon, sparseShare }: Thresholds,
  { storedType }: JudgedLayer,
): Verdict {
  const share = sparsity ?? 0;
  return {
    name: 'sparse',
    explanation: `${percent(share)} of the filters stay below ${percent(sparsityEpsilon)} of the layer’s largest weight; ${percent(sparseShare)} or more counts as sparse.${gridText(storedType)}`,
    excess: sparseShare < 1 ? (share - sparseShare) / (1 - sparseShare) : 1,
  };
}

function lowVerdict(
  { varianceEntropy: h }: LayerQuality,
  { lowLimit, reach }: Judgement,
  { kernel }: JudgedLayer,
): Verdict {
  const limit = lowLimit!;
  const scaled = kernelKey(kernel) === '3x3' ? '' : ', scaled from 3x3 to this kernel size';
  return {
    name: 'low-diversity',
    explanation: `H = ${digits(h)}, below the threshold ${limitText(limit)}${scaled} (maximum ${digits(reach)}): the filters are mostly variations of a few patterns.`,
    excess: limit > 0 ? (limit - h) / limit : 1,
  };
}

/** Of a layer whose variance entropy reaches that of random filters, or lies within the margin. */
function varietyVerdict(
  quality: LayerQuality,
  { level, threshold, reach }: Judgement,
  start: StartReading,
  thresholds: Thresholds,
  layer: JudgedLayer,
): Verdict {
  const { varianceEntropy: h } = quality;
  const { kernel, shape, filterCount, traits } = layer;
  const signs = traits?.signs ?? null;
  const isNear = level === 'near';
  const margin = thresholds.randomMargin;
  const name = quality.randomThreshold === null ? 'simulated T_H' : 'T_H';
  const random = filtersOf(filterCount, kernel, 'random ');
  const measured = isNear
    ? `H = ${digits(h)} lies within ${limitText(margin)} of ${name} = ${digits(threshold!)}, that of ${random}`
    : `H = ${digits(h)} reaches ${name} = ${digits(threshold!)}, that of ${random}`;
  const room = isNear ? margin : reach - threshold!;
  const past = isNear ? h - (threshold! - margin) : h - threshold!;
  const excess = room > 0 ? Math.min(1, past / room) : 1;
  if (start === 'trained') {
    return {
      name: 'random-but-trained',
      explanation: `${measured}: the filters are ${isNear ? 'nearly ' : ''}as varied as random ones. But ${trainedText(signs!)}, so that they are trained.`,
      excess,
    };
  }
  if (start === 'unusual') {
    return {
      name: 'varied',
      explanation: `${measured}. The weights are spread more narrowly than any usual start (excess kurtosis ${signed(signs!.kurtosis.value)}), as weights of two values are: nothing more can be told.`,
      excess,
    };
  }
  if (start === 'too-few') {
    return {
      name: 'too-few',
      explanation: `${measured}, but so few filters do whether trained or not: nothing can be told.`,
      excess,
    };
  }
  if (isNear && isBelowRandom(h, traits)) {
    return {
      name: 'random-but-trained',
      explanation: `${measured}: the filters are nearly as varied as random ones. But random layers of this size do not have so low an H (${digits(traits!.entropyNull!.low)} or more in ${percent(1 - TAIL)}), so that they are trained, though their weights are spread like initial ones.`,
      excess,
    };
  }
  const looks = `${measured}, and ${startText(signs!, shape, tapCount(kernel))}:`;
  return isNear
    ? {
        name: 'near-random',
        explanation: `${looks} the layer may be untrained, or hardly moved by training.`,
        excess,
      }
    : {
        name: 'looks-untrained',
        explanation: `${looks} the layer was never trained, or training hardly moved it.`,
        excess,
      };
}

/** Whether H lies further below its simulated mean than the signs of initial weights may; false where there is no null. */
function isBelowRandom(h: number, traits: LayerTraits | null): boolean {
  const simulated = traits?.entropyNull ?? null;
  if (simulated === null) return false;
  const deviation = (simulated.mean - simulated.low) / NORMAL_TAIL;
  return h < simulated.mean - SIGN_LIMIT * deviation;
}

function restVerdict(quality: LayerQuality, judgement: Judgement, layer: JudgedLayer): Verdict {
  const { varianceEntropy: h } = quality;
  const sparsity = percent(quality.sparsity ?? 0);
  const { threshold } = judgement;
  if (threshold === null) {
    const { kernel, filterCount } = layer;
    return {
      name: 'not-measurable',
      explanation: `H = ${digits(h)} with ${sparsity} sparse filters raises no flag, but ${formatCount(filterCount)} ${kernelAdjective(kernelKey(kernel))} filters have no random threshold to compare with (the published one holds for ${RANDOM_THRESHOLD_SCOPE}).`,
      excess: 0,
    };
  }
  const name = quality.randomThreshold === null ? 'simulated T_H' : 'T_H';
  return {
    name: 'healthy',
    explanation: `No flag: H = ${digits(h)} is ${percent(h / threshold)} of ${name} = ${digits(threshold)}, which random filters reach (${usualText()}); ${sparsity} of the filters are sparse.`,
    excess: 0,
  };
}

function pointwiseText({ sparsity }: LayerQuality): string {
  return `A kernel of a single weight has no spatial pattern, and the thresholds were made for 3x3 kernels: its figures are given, not judged (${percent(sparsity ?? 0)} of the weights are close to zero).`;
}

/** Why variance says nothing of the layer, or null. */
function obstacleTo(quality: LayerQuality, { kernel, filterCount }: JudgedLayer): string | null {
  if (filterCount === 1) return 'The layer has a single filter: there is no variance to speak of.';
  if (isOversized(kernel)) return oversizedNote(kernel);
  if (!Number.isFinite(quality.varianceEntropy)) {
    return `Weights as large as ${quality.peak.toPrecision(2)} overflow the variance.`;
  }
  return null;
}
