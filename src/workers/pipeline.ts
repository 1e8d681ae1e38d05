import { decileOf, driftMatrix } from '../analysis/drift';
import { addHistograms, usableRange } from '../analysis/histogram';
import { mergeMoments } from '../analysis/moments';
import { basisFromMoments } from '../analysis/pca';
import { coarsen } from '../domain/histogram';
import { isPooled, kernelKey, type Layer, type ModelDescription } from '../domain/model';
import {
  BINS,
  FINE_PER_BIN,
  type CoefficientHistogram,
  type KernelSizeResult,
  type LayerResult,
  type Moments,
} from '../domain/results';
import { isOversized } from '../domain/spatial';
import type { AnalysisEvent } from './analysis-api.types';
import type { LayerEngine } from './layer-engine';
import { abortError } from './rpc';
import { balance, costOf } from './schedule';

/** Fine histograms of kernels with many taps would outgrow their use. */
const FINE_TAPS = 128;

export interface PipelineOptions {
  modelId: string;
  description: ModelDescription;
  engines: readonly LayerEngine[];
  sparsityEpsilon: number;
  /** Layers measured in one request to an engine: more than one lets a GPU decompose their matrices together. */
  batch: number;
  signal: AbortSignal;
  emit: (event: AnalysisEvent) => void;
}

export interface PipelineResult {
  layers: LayerResult[];
  kernelSizes: KernelSizeResult[];
  timings: Record<string, number>;
}

interface Measured {
  results: LayerResult[];
  scaled: Moments[];
}

/**
 * Analyses every layer of an open model: quality layer by layer, then one basis a kernel size, its coefficient range and
 * histograms by depth decile, then orthogonality, the costliest figure and the least urgent. A weight shared by several
 * layers is measured once and pooled once, at its first use that is not transposed.
 */
export async function runPipeline(options: PipelineOptions): Promise<PipelineResult> {
  const { description } = options;
  const timings: Record<string, number> = {};
  const timed = async <Value>(stage: string, work: () => Promise<Value>): Promise<Value> => {
    const start = performance.now();
    const value = await work();
    timings[stage] = performance.now() - start;
    return value;
  };
  const uses = usesByWeight(description.layers);
  const plan = balance(
    [...uses.values()].map((own) => own.find(isPooled) ?? own[0]),
    options.engines.length,
  );
  const { results, scaled } = await timed('filters', () => measureAll(options, plan, uses));
  const kernelSizes = await timed('basis', () => analyseKernelSizes(options, plan, scaled));
  await timed('orthogonality', () => measureOrthogonality(options, plan, uses, results));
  return { layers: results, kernelSizes, timings };
}

/** Layers by the weight they share, first use first. */
type Uses = ReadonlyMap<number, Layer[]>;

function usesByWeight(layers: readonly Layer[]): Uses {
  const uses = new Map<number, Layer[]>();
  for (const layer of layers) {
    const others = uses.get(layer.weightId);
    if (others) others.push(layer);
    else uses.set(layer.weightId, [layer]);
  }
  return uses;
}

/**
 * Requests in hand at once on an engine: while one is computed, the next are read. Reading a file has long pauses, which more
 * of them fill where the layers are small enough to lie in memory side by side.
 */
const IN_HAND = { large: 2, small: 4 };
const SMALL_BYTES = 16 * 2 ** 20;

/** Runs `work` once for every layer, each on the engine the plan gives it. */
async function onEngines(
  { engines, signal }: PipelineOptions,
  plan: readonly Layer[][],
  batch: number,
  work: (engine: LayerEngine, layers: Layer[]) => Promise<void>,
): Promise<void> {
  const runners = engines.flatMap((engine, i) => {
    const layers = plan[i];
    let next = 0;
    const run = async () => {
      while (next < layers.length) {
        if (signal.aborted) throw abortError();
        // The very first layer goes alone: it is the first thing on screen.
        const taken = layers.slice(next, next + (i === 0 && next === 0 ? 1 : batch));
        next += taken.length;
        await work(engine, taken);
      }
    };
    const small =
      batch === 1 && layers.every((layer) => 4 * layer.storedFilterCount * layer.taps <= SMALL_BYTES);
    return Array.from({ length: small ? IN_HAND.small : IN_HAND.large }, run);
  });
  await Promise.all(runners);
  if (signal.aborted) throw abortError();
}

async function measureAll(options: PipelineOptions, plan: readonly Layer[][], uses: Uses): Promise<Measured> {
  const { modelId, description, sparsityEpsilon, emit } = options;
  const results = new Array<LayerResult>(description.layers.length);
  const scaled = new Array<Moments>(description.layers.length);
  let done = 0;
  const total = description.layers.length;
  await onEngines(options, plan, options.batch, async (engine, layers) => {
    const indices = layers.map(({ index }) => index);
    const measured = await engine.measure({ modelId, indices, sparsityEpsilon });
    measured.forEach((part, i) => {
      for (const use of uses.get(layers[i].weightId)!) {
        results[use.index] = { ...part.result, index: use.index };
        scaled[use.index] = part.scaled;
        emit({ type: 'layer', result: results[use.index] });
        done++;
      }
    });
    emit({ type: 'progress', stage: 'filters', done, total });
  });
  return { results, scaled };
}

async function analyseKernelSizes(
  options: PipelineOptions,
  plan: readonly Layer[][],
  scaled: readonly Moments[],
): Promise<KernelSizeResult[]> {
  const groups = new Map<string, Layer[]>();
  const planned = plan.flat().sort((a, b) => a.index - b.index);
  for (const layer of planned.filter((own) => isPooled(own) && !isOversized(own.kernel))) {
    const key = kernelKey(layer.kernel);
    const group = groups.get(key);
    if (group) group.push(layer);
    else groups.set(key, [layer]);
  }
  const results: KernelSizeResult[] = [];
  for (const [key, layers] of groups) {
    const result = await analyseKernelSize(options, plan, key, layers, scaled);
    if (!result) continue;
    results.push(result);
    options.emit({ type: 'kernelSize', result });
    options.emit({ type: 'progress', stage: 'basis', done: results.length, total: groups.size });
  }
  return results;
}

async function analyseKernelSize(
  options: PipelineOptions,
  plan: readonly Layer[][],
  key: string,
  layers: readonly Layer[],
  scaled: readonly Moments[],
): Promise<KernelSizeResult | null> {
  const { modelId } = options;
  const basis = basisFromMoments(layers.map(({ index }) => scaled[index]).reduce(mergeMoments));
  if (!basis) return null;
  const members = new Set(layers.map(({ index }) => index));
  const pooled = plan.map((engine) => engine.filter(({ index }) => members.has(index)));

  let low = Infinity;
  let high = -Infinity;
  await onEngines(options, pooled, 1, async (engine, [{ index }]) => {
    const range = await engine.coefficientRange({ modelId, index, basis });
    if (range) {
      low = Math.min(low, range[0]);
      high = Math.max(high, range[1]);
    }
  });
  const range = usableRange([low, high]);
  const bins = BINS * (basis.taps <= FINE_TAPS ? FINE_PER_BIN : 1);
  const byDecile = new Map<number, CoefficientHistogram>();
  const counts = new Map<number, number>();
  await onEngines(options, pooled, 1, async (engine, [{ index, depthFraction }]) => {
    const part = await engine.coefficientHistogram({ modelId, index, basis, range, bins });
    if (scaled[index].count === 0) return;
    const decile = decileOf(depthFraction ?? 0);
    const sum = byDecile.get(decile);
    byDecile.set(decile, sum ? addHistograms(sum, part) : part);
    counts.set(decile, (counts.get(decile) ?? 0) + scaled[index].count);
  });

  const deciles = [...byDecile.keys()].sort((a, b) => a - b);
  const decileHistograms = deciles.map((decile) => byDecile.get(decile)!);
  const coarse = decileHistograms.map((histogram) => coarsen(histogram).counts);
  return {
    key,
    kernel: layers[0].kernel,
    basis,
    layerIndices: [...members],
    coefficientRange: [low, high],
    histogram: decileHistograms.reduce(addHistograms),
    deciles,
    decileFilterCounts: deciles.map((decile) => counts.get(decile)!),
    decileHistograms,
    decileDrift: driftMatrix(coarse, basis.taps, BINS, range, basis.explainedVarianceRatio),
  };
}

async function measureOrthogonality(
  options: PipelineOptions,
  plan: readonly Layer[][],
  uses: Uses,
  results: LayerResult[],
): Promise<void> {
  const { modelId, description, emit } = options;
  let done = 0;
  const heaviestFirst = plan.map((engine) => [...engine].sort((a, b) => costOf(b) - costOf(a)));
  await onEngines(options, heaviestFirst, 1, async (engine, [layer]) => {
    const { value, note } = await engine.orthogonality({ modelId, index: layer.index });
    for (const use of uses.get(layer.weightId)!) {
      const result = results[use.index];
      result.quality = { ...result.quality, orthogonality: value };
      if (note) result.notes = [...result.notes, note];
      emit({ type: 'orthogonality', index: use.index, value });
      done++;
    }
    emit({ type: 'progress', stage: 'orthogonality', done, total: description.layers.length });
  });
}
