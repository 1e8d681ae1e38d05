import { basisId } from '../analysis/basis-id';
import { usableRange } from '../analysis/histogram';
import { deriveKernelSize } from '../analysis/kernel-size';
import { mergeMoments } from '../analysis/moments';
import { basisFromMoments } from '../analysis/pca';
import { fromPlainError, type PlainError } from '../domain/errors';
import { withLateFigures, type LateFigures } from '../domain/late-figures';
import { isPooled, kernelKey, type Layer, type ModelDescription } from '../domain/model';
import type { AnalysisEvent } from '../domain/model-data';
import type { ModelRecord } from '../domain/record';
import {
  BINS,
  FINE_PER_BIN,
  UNMEASURED_QUALITY,
  type KernelSizeResult,
  type LayerResult,
  type Moments,
} from '../domain/results';
import { isOversized } from '../domain/spatial';
import type { LayerStatistics } from '../domain/statistics';
import { EngineQueue } from './engine-queue';
import type { LayerEngine } from './layer-engine';
import { abortError } from './rpc';
import { balance, costOf } from './schedule';

/** Fine histograms of kernels with many taps would outgrow their use. */
const FINE_TAPS = 128;

export interface PipelineOptions {
  handle: string;
  description: ModelDescription;
  engines: readonly LayerEngine[];
  sparsityEpsilon: number;
  /** Layers measured in one request to an engine: more than one lets a GPU decompose their matrices together. */
  batch: number;
  /** Layers whose weights are computed at a great expense of memory: measured on the first engine, one by one. */
  isHeavy: (layer: Layer) => boolean;
  signal: AbortSignal;
  emit: (event: AnalysisEvent) => void;
}

export type PipelineResult = Pick<ModelRecord, 'statistics' | 'layers' | 'kernelSizes' | 'timings'>;

/**
 * Analyses every layer of an open model: quality layer by layer, then one basis per kernel size, its coefficient range and
 * histograms. Late figures, the costliest and the least urgent, fill the pauses of the engines and come last. A
 * weight shared by several layers is measured once and pooled once, at its first use that is not transposed. A layer that
 * cannot be read is noted and left out.
 * @throws the reason of the first layer where none can be read
 */
export async function runPipeline(options: PipelineOptions): Promise<PipelineResult> {
  const run = new PipelineRun(options);
  const timings: Record<string, number> = {};
  const timed = async (stage: string, work: () => Promise<void>): Promise<void> => {
    const start = performance.now();
    await work();
    timings[stage] = performance.now() - start;
  };
  try {
    await timed('filters', () => run.measureLayers());
    await timed('basis', () => run.measureKernelSizes());
    await timed('late', () => run.allLate());
  } finally {
    run.stop();
  }
  return { statistics: run.statistics, layers: run.results, kernelSizes: run.kernelSizes, timings };
}

/**
 * Requests in hand at once on an engine: while one is computed, the next are read. Reading a file has long pauses, which more
 * of them fill where the layers are small enough to lie in memory side by side.
 */
const IN_HAND = { large: 2, small: 4 };
const SMALL_BYTES = 16 * 2 ** 20;

class PipelineRun {
  readonly statistics: (LayerStatistics | null)[];
  readonly results: LayerResult[];
  readonly kernelSizes: KernelSizeResult[] = [];
  readonly #options: PipelineOptions;
  /** Layers by the weight they share, first use first. */
  readonly #uses = new Map<number, Layer[]>();
  /** By engine: layers it measures, in file order. */
  readonly #plan: readonly Layer[][];
  readonly #queues: EngineQueue[];
  /** By layer index, until the bases are known. */
  readonly #scaled: Moments[];
  readonly #failures: PlainError[] = [];
  /** Never resolves; rejects with the first error of any engine, or when cancelled. */
  readonly #trouble: Promise<never>;
  #fail!: (error: unknown) => void;
  readonly #late: Promise<void>[] = [];
  #lateCount = 0;
  #isLastStage = false;

  constructor(options: PipelineOptions) {
    const { engines, description, signal } = options;
    const { layers } = description;
    this.#options = options;
    this.statistics = new Array<LayerStatistics | null>(layers.length).fill(null);
    this.results = new Array<LayerResult>(layers.length);
    this.#scaled = new Array<Moments>(layers.length);
    for (const layer of layers) {
      const others = this.#uses.get(layer.weightId);
      if (others) others.push(layer);
      else this.#uses.set(layer.weightId, [layer]);
    }
    const measured = [...this.#uses.values()].map((uses) => uses.find(isPooled) ?? uses[0]);
    this.#plan = balance(measured, engines.length, options.isHeavy);
    this.#trouble = new Promise((_, reject) => (this.#fail = reject));
    // Whoever waits for work hears of it; nobody may be waiting any more.
    this.#trouble.catch(() => this.stop());
    signal.addEventListener('abort', () => this.#fail(abortError()), { once: true });
    if (signal.aborted) this.#fail(abortError());
    this.#queues = this.#plan.map((own) => {
      const isSmall = options.batch === 1 && own.every((layer) => bankBytes(layer) <= SMALL_BYTES);
      return new EngineQueue(isSmall ? IN_HAND.small : IN_HAND.large, this.#fail);
    });
  }

  /** Begins nothing more. */
  stop(): void {
    for (const queue of this.#queues) queue.stop();
  }

  async measureLayers(): Promise<void> {
    const { batch } = this.#options;
    let done = 0;
    await this.#onEngines(this.#plan, batch, async (engine, layers, queue) => {
      done += await this.#measure(engine, layers, queue);
      const total = this.results.length;
      this.#options.emit({ type: 'progress', stage: 'filters', done, total });
    });
    const isNoneRead = this.statistics.every((layer) => layer === null);
    if (this.#failures.length > 0 && isNoneRead) throw fromPlainError(this.#failures[0]);
  }

  /** Returns how many layers have their figures. */
  async #measure(engine: LayerEngine, layers: readonly Layer[], queue: EngineQueue): Promise<number> {
    const { handle, sparsityEpsilon } = this.#options;
    const indices = layers.map(({ index }) => index);
    const measured = await engine.measure({ handle, indices, sparsityEpsilon });
    let done = 0;
    measured.forEach((part, i) => {
      const uses = this.#uses.get(layers[i].weightId)!;
      done += uses.length;
      if ('failure' in part) {
        this.#failures.push(part.failure);
        for (const { index } of uses) this.#settle(index, unreadable(index, part.failure));
        return;
      }
      const { moments, scaled, result } = part;
      const statistics: LayerStatistics = { moments, histogram: null, orthogonality: null };
      for (const { index } of uses) {
        this.statistics[index] = statistics;
        this.#scaled[index] = scaled;
        this.#settle(index, { ...result, index });
      }
      this.#queueLate(engine, layers[i], queue);
    });
    return done;
  }

  async measureKernelSizes(): Promise<void> {
    const groups = new Map<string, Layer[]>();
    const planned = this.#plan.flat().sort((a, b) => a.index - b.index);
    for (const layer of planned) {
      if (!isPooled(layer) || isOversized(layer.kernel) || !this.statistics[layer.index]) continue;
      const key = kernelKey(layer.kernel);
      const group = groups.get(key);
      if (group) group.push(layer);
      else groups.set(key, [layer]);
    }
    for (const [key, layers] of groups) {
      const result = await this.#measureKernelSize(key, layers);
      if (!result) continue;
      const done = this.kernelSizes.push(result);
      this.#options.emit({ type: 'kernelSize', result });
      this.#options.emit({ type: 'progress', stage: 'basis', done, total: groups.size });
    }
    this.#scaled.length = 0;
  }

  async #measureKernelSize(key: string, layers: readonly Layer[]): Promise<KernelSizeResult | null> {
    const { handle } = this.#options;
    const basis = basisFromMoments(layers.map(({ index }) => this.#scaled[index]).reduce(mergeMoments));
    if (!basis) return null;
    const id = basisId(basis);
    const members = new Set(layers.map(({ index }) => index));
    const plan = this.#plan.map((own) => own.filter(({ index }) => members.has(index)));

    let low = Infinity;
    let high = -Infinity;
    await this.#onEngines(plan, 1, async (engine, [{ index }]) => {
      const range = await engine.coefficientRange({ handle, index, basis });
      if (range) {
        low = Math.min(low, range[0]);
        high = Math.max(high, range[1]);
      }
    });
    const range = usableRange([low, high]);
    const bins = BINS * (basis.taps <= FINE_TAPS ? FINE_PER_BIN : 1);
    await this.#onEngines(plan, 1, async (engine, [{ index }]) => {
      const request = { handle, index, basis, basisId: id, range, bins };
      this.statistics[index]!.histogram = await engine.coefficientHistogram(request);
    });
    return deriveKernelSize({
      key,
      layers,
      statistics: layers.map(({ index }) => this.statistics[index]!),
      basis,
      basisId: id,
      coefficientRange: [low, high],
    });
  }

  /** Resolves once every measured layer has its late figures. */
  async allLate(): Promise<void> {
    this.#isLastStage = true;
    this.#reportLate();
    await Promise.race([Promise.all(this.#late), this.#trouble]);
  }

  #reportLate(): void {
    if (!this.#isLastStage) return;
    const progress = { done: this.#lateCount, total: this.results.length };
    this.#options.emit({ type: 'progress', stage: 'late', ...progress });
  }

  #queueLate(engine: LayerEngine, layer: Layer, queue: EngineQueue): void {
    const { handle } = this.#options;
    const { filterCount, quality } = this.results[layer.index];
    const measured = { filterCount, peak: quality.peak };
    const measure = async () => {
      const figures = await engine.lateFigures({ handle, index: layer.index, measured });
      this.statistics[layer.index]!.orthogonality = figures.orthogonality;
      for (const { index } of this.#uses.get(layer.weightId)!) this.#settleLate(index, figures);
      this.#reportLate();
    };
    this.#late.push(
      new Promise((resolve) => {
        const run = () => measure().then(resolve);
        queue.add([{ cost: costOf(layer), run }], 'can wait');
      }),
    );
  }

  #settleLate(index: number, figures: LateFigures): void {
    this.results[index] = withLateFigures(this.results[index], figures);
    this.#lateCount++;
    this.#options.emit({ type: 'late', index, figures });
  }

  #settle(index: number, result: LayerResult): void {
    this.results[index] = result;
    this.#options.emit({ type: 'layer', result });
  }

  /** Runs `work` once for every layer, each on the engine the plan gives it. */
  async #onEngines(
    plan: readonly Layer[][],
    batch: number,
    work: (engine: LayerEngine, layers: Layer[], queue: EngineQueue) => Promise<void>,
  ): Promise<void> {
    const ended: Promise<void>[] = [];
    plan.forEach((layers, i) => {
      const engine = this.#options.engines[i];
      const queue = this.#queues[i];
      // The very first layer goes alone: it is the first thing on screen.
      for (const taken of inBatches(layers, batch, i === 0 ? 1 : batch)) {
        ended.push(
          new Promise((resolve) => {
            const run = () => work(engine, taken, queue).then(resolve);
            queue.add([{ cost: 0, run }], 'urgent');
          }),
        );
      }
    });
    await Promise.race([Promise.all(ended), this.#trouble]);
  }
}

function inBatches(layers: readonly Layer[], size: number, first: number): Layer[][] {
  const batches: Layer[][] = [];
  for (let at = 0; at < layers.length; at += batches.length === 1 ? first : size) {
    batches.push(layers.slice(at, at + (batches.length === 0 ? first : size)));
  }
  return batches;
}

function unreadable(index: number, { message }: PlainError): LayerResult {
  return {
    index,
    filterCount: 0,
    nonFiniteCount: 0,
    quality: UNMEASURED_QUALITY,
    varianceShares: new Float64Array(),
    tapVariance: new Float64Array(),
    thumbnail: { values: new Float32Array(), count: 0 },
    traits: null,
    notes: [message],
  };
}

function bankBytes({ storedFilterCount, taps }: Layer): number {
  return 4 * storedFilterCount * taps;
}
