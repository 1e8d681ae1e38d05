import type { Layer } from '../domain/model';
import type { ModelRecord } from '../domain/record';
import type { EntropyThreshold, LayerReport, ModelReport } from '../domain/report';
import type { LayerResult } from '../domain/results';
import type { Thresholds } from '../domain/thresholds';
import { deadChannels, doubleChannelsOf } from './dead-channels';
import { modelSentence, type SummarisedLayer } from './model-sentence';
import { judge, judgedLayer, readVerdict, type Judgement } from './verdicts';

/** Everything the page says of a model in words, for the exports. */
export function modelReport(
  { description, layers, sparsityEpsilon }: Pick<ModelRecord, 'description' | 'layers' | 'sparsityEpsilon'>,
  thresholds: Thresholds,
): ModelReport {
  const used = { ...thresholds, sparsityEpsilon };
  const found = description.layers.map((layer) => {
    const result = layers[layer.index];
    return result
      ? { layer, result, judgement: judge(result.quality, used, judgedLayer(layer, result)) }
      : null;
  });
  const verdictCounts: Record<string, number> = {};
  const summarised: SummarisedLayer[] = [];
  for (const each of found) {
    if (!each) continue;
    const { name } = readVerdict(each.judgement.verdicts);
    verdictCounts[name] = (verdictCounts[name] ?? 0) + 1;
    summarised.push(summarise(each.layer, each.result, each.judgement));
  }
  return {
    summary: modelSentence(summarised),
    verdictCounts,
    thresholds: used,
    layers: found.map(
      (each) => each && layerReport(each.layer, each.result, each.judgement, sparsityEpsilon),
    ),
  };
}

export function summarise(layer: Layer, { quality }: LayerResult, judgement: Judgement): SummarisedLayer {
  return {
    verdict: readVerdict(judgement.verdicts).name,
    depthFraction: layer.depthFraction,
    ratio: judgement.threshold === null ? null : quality.varianceEntropy / judgement.threshold,
  };
}

export function layerReport(
  { kind }: Layer,
  { quality, traits }: LayerResult,
  judgement: Judgement,
  sparsityEpsilon: number,
): LayerReport {
  const { output, input } = doubleChannelsOf(kind, traits);
  return {
    verdicts: judgement.verdicts.map(({ name, explanation }) => ({ name, explanation })),
    entropyThreshold: thresholdOf(judgement, quality.randomThreshold !== null, traits?.entropyNull ?? null),
    lowDiversityLimit: judgement.lowLimit,
    design: traits?.design ?? null,
    signs: traits?.signs ?? null,
    deadChannels: traits && deadChannels(kind, traits.peaks, quality.peak, sparsityEpsilon),
    doubles: traits?.doubles
      ? {
          filters: traits.doubles.filters,
          filtersByChance: traits.doubles.filtersByChance,
          outputChannels: output,
          inputChannels: input,
        }
      : null,
  };
}

function thresholdOf(
  { threshold }: Judgement,
  isPublished: boolean,
  simulated: { error: number; draws: number } | null,
): EntropyThreshold | null {
  if (threshold === null) return null;
  return isPublished
    ? { value: threshold, source: 'published', error: null, draws: null }
    : {
        value: threshold,
        source: 'simulated',
        error: simulated?.error ?? null,
        draws: simulated?.draws ?? null,
      };
}
