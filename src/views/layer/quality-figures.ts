import {
  maximumEntropy,
  RANDOM_THRESHOLD_FORMULA,
  RANDOM_THRESHOLD_SCOPE,
  usualText,
} from '../../analysis/entropy';
import { TAIL } from '../../analysis/quantile';
import { gridText } from '../../analysis/verdict-text';
import type { Judgement } from '../../analysis/verdicts';
import { formatLimit, formatShare, formatValue } from '../../charts/format-number';
import { countOf, formatCount } from '../../domain/format';
import { isPointwise, kernelAdjective, kernelKey, type Layer } from '../../domain/model';
import { isOversized, MAX_SPATIAL_TAPS } from '../../domain/spatial';
import type { LayerQuality, LayerResult } from '../../domain/results';
import type { Thresholds } from '../../domain/thresholds';

export interface Figure {
  name: string;
  value: string;
  /** What it is held against; null where there is nothing. */
  threshold: string | null;
  formula: string;
  /** What the number says, in plain words. */
  reading: string;
  source: string;
}

const ENTROPY_FORMULA =
  'H = −Σ pᵢ log₁₀ pᵢ, pᵢ = share of variance of singular value i of the column-centred layer';
const DB = 'CNN Filter DB, CVPR 2022';
const QUALITY = 'torchconvquality 0.4';
const ROBUST = 'Gavrikov & Keuper on robust models, arXiv 2204.02481';

export interface FigureInput {
  layer: Layer;
  result: LayerResult;
  thresholds: Thresholds;
  judgement: Judgement;
}

/** Every quality figure of a layer with its formula, threshold and reading. */
export function qualityFigures(input: FigureInput): Figure[] {
  return [sparsity(input), ...entropies(input), orthogonality(input), ...norms(input)];
}

/** The same figures with the batch norm folded in, by name, in so far as they are defined. */
export function foldedValues(input: FigureInput, folded: LayerQuality): ReadonlyMap<string, string> {
  const figures = qualityFigures({ ...input, result: { ...input.result, quality: folded } });
  return new Map(figures.filter(({ value }) => value !== '—').map(({ name, value }) => [name, value]));
}

function sparsity({ layer, result, thresholds, judgement }: FigureInput): Figure {
  const { sparsity, peak } = result.quality;
  const isJudged = !isPointwise(layer.kernel) && result.traits?.design === null;
  const count = sparsity === null ? 0 : Math.round(sparsity * result.filterCount);
  const of = countOf(result.filterCount, 'filter');
  const reading =
    sparsity === null
      ? 'The layer has no finite filter.'
      : peak === 0
        ? 'All weights are zero.'
        : judgement.isSparse
          ? `${formatCount(count)} of ${of} do next to nothing: they could be pruned.`
          : `${formatCount(count)} of ${of} ${result.filterCount === 1 ? 'is' : 'are'} close to zero.`;
  return {
    name: 'Sparsity S',
    value: formatShare(sparsity),
    threshold: isJudged ? `sparse from ${formatLimit(thresholds.sparseShare)}` : null,
    formula: `share of filters with max|w| < ${thresholds.sparsityEpsilon} · max|W|`,
    reading: `${reading}${isJudged ? gridText(layer.storedType) : ''}`,
    source: DB,
  };
}

function entropies(input: FigureInput): Figure[] {
  const { layer, result, judgement } = input;
  const { quality, filterCount } = result;
  const entropy = { name: 'Variance entropy H', formula: ENTROPY_FORMULA, source: DB };
  const unmeasured = (reading: string): Figure[] => [{ ...entropy, value: '—', threshold: null, reading }];
  if (isPointwise(layer.kernel)) {
    return unmeasured('Pointwise kernels have a single weight, so there is no spatial structure to measure.');
  }
  if (isOversized(layer.kernel)) {
    return unmeasured(
      `Measured for kernels of up to ${formatCount(MAX_SPATIAL_TAPS)} taps; these have ${formatCount(layer.taps)}.`,
    );
  }
  if (filterCount === 0) return unmeasured('The layer has no finite filter.');
  if (filterCount === 1) return unmeasured('A single filter has no variance: there is nothing to measure.');
  const most = maximumEntropy(filterCount, layer.taps);
  const size = countOf(filterCount, `${kernelAdjective(kernelKey(layer.kernel))} filter`);
  const { lowLimit } = judgement;
  const low =
    lowLimit === null ? 'low diversity not judged' : `low in diversity below ${formatValue(lowLimit)}`;
  return [
    {
      ...entropy,
      value: formatValue(quality.varianceEntropy),
      threshold: `${low}; maximum ${formatValue(most)} for ${size}`,
      reading: readEntropy(quality, judgement),
    },
    randomness(input, most),
    cleanEntropy(quality),
  ];
}

function cleanEntropy(quality: LayerQuality): Figure {
  return {
    name: 'Clean H',
    value: formatValue(quality.varianceEntropyClean),
    threshold:
      quality.varianceEntropyCleanRatio === null
        ? 'no published threshold'
        : `${formatValue(quality.varianceEntropyCleanRatio)} of T_H at the filters left`,
    formula: 'H with the sparse filters left out first',
    reading:
      Math.abs(quality.varianceEntropyClean - quality.varianceEntropy) < 0.005
        ? 'Sparse filters do not change the picture.'
        : 'Sparse filters change the entropy: read the clean figure for the filters in use.',
    source: `${QUALITY}; ${ROBUST}`,
  };
}

function readEntropy({ varianceEntropy: entropy, peak }: LayerQuality, { isLow }: Judgement): string {
  if (!Number.isFinite(entropy)) return 'The weights are too large for their variance to be computed.';
  if (peak === 0) return 'All weights are zero.';
  if (entropy === 0)
    return 'There is no variance beyond one direction: all filters are multiples of one pattern, or equal.';
  if (isLow) return 'The filters are mostly variations of a few patterns.';
  return 'The filters spread over several directions.';
}

/** H against the H that random filters reach: the published T_H, else the simulated one; the verdicts hold it against the same. */
function randomness({ result, judgement }: FigureInput, most: number): Figure {
  const { quality, filterCount, traits } = result;
  const { varianceEntropy: entropy, randomThreshold, varianceEntropyRatio } = quality;
  const reading = readLevel(judgement);
  if (randomThreshold !== null && varianceEntropyRatio !== null) {
    return {
      name: 'H / T_H',
      value: formatValue(varianceEntropyRatio),
      threshold: `as varied as random from 1; T_H = ${formatValue(randomThreshold)} for ${formatCount(filterCount)} filters`,
      formula: RANDOM_THRESHOLD_FORMULA,
      reading,
      source: `${DB}; ${QUALITY}`,
    };
  }
  const simulated = most > 0 ? (traits?.entropyNull ?? null) : null;
  return {
    name: 'H / simulated T_H',
    value: simulated ? formatValue(entropy / simulated.low) : '—',
    threshold: simulated
      ? `as varied as random from 1; simulated T_H = ${formatValue(simulated.low)} ± ${simulated.error.toPrecision(1)}: of ${formatCount(simulated.draws)} simulated layers of this size ${formatLimit(1 - TAIL)} reach it, ${formatLimit(TAIL)} reach ${formatValue(simulated.high)}, the mean is ${formatValue(simulated.mean)}`
      : null,
    formula: `simulated T_H = ${formatLimit(TAIL)} quantile of H over Gaussian layers of as many filters`,
    reading:
      most === 0 ? 'Two filters lie on one line, random or not: there is nothing to compare.' : reading,
    source: `the published threshold holds for ${RANDOM_THRESHOLD_SCOPE}; this null is ours`,
  };
}

function readLevel({ level, isLow, verdicts }: Judgement): string {
  if (verdicts.some(({ name }) => name === 'designed')) return 'A designed bank: not judged.';
  switch (level) {
    case null:
      return 'Random layers of this size have not been simulated yet.';
    case 'reaches':
      return 'The filters are as varied as random ones; the verdict says what else is known.';
    case 'near':
      return 'The filters are nearly as varied as random ones; the verdict says what else is known.';
    case 'below':
      return isLow
        ? 'Far below random: the filters repeat a few patterns.'
        : `Below random, as in trained layers: the filters share structure (${usualText()}).`;
  }
}

function orthogonality({ layer, result }: FigureInput): Figure {
  const { orthogonality } = result.quality;
  return {
    name: 'Orthogonality',
    value: formatValue(orthogonality),
    threshold: 'none published; 1 is orthogonal',
    formula: '1 − Σᵢⱼ |(U Uᵀ − I)ᵢⱼ| / (c (c − 1)), U = normalised rows of the stored weight',
    reading:
      result.filterCount === 0
        ? 'The layer has no finite filter.'
        : result.quality.peak === 0
          ? 'All weights are zero: the figure says nothing.'
          : orthogonality === null
            ? layer.shape[0] === 1
              ? 'A single row has nothing to be orthogonal to.'
              : 'Not available for this layer.'
            : orthogonality > 0.9
              ? 'The channels look at nearly independent things.'
              : orthogonality > 0.6
                ? 'The channels overlap moderately.'
                : 'The channels overlap strongly: many look at the same thing.',
    source: QUALITY,
  };
}

function norms({ result }: FigureInput): Figure[] {
  const { normL1, normL2, peak } = result.quality;
  return [
    {
      name: 'L1 and L2 norm',
      value: `${formatValue(normL1)}, ${formatValue(normL2)}`,
      threshold: null,
      formula: 'Σ|w|, √Σw²',
      reading: `Over all weights of ${countOf(result.filterCount, 'finite filter')}; compare layers of equal size only.`,
      source: QUALITY,
    },
    {
      name: 'Peak',
      value: formatValue(peak),
      threshold: null,
      formula: 'max|w|',
      reading: 'The largest weight; the colour scale of the kernels and the sparsity threshold rest on it.',
      source: DB,
    },
  ];
}
