import { driftNull } from '../analysis/drift-null';
import { addCounts, coarsen, DENSITY } from '../domain/histogram';
import { kernelKey, type Layer, type ModelDescription } from '../domain/model';
import type { AnalysisEvent, FilterRange } from '../domain/model-data';
import { ALGORITHM_VERSION, type ModelRecord } from '../domain/record';
import { AppError } from '../domain/errors';
import { BINS, type KernelSizeResult } from '../domain/results';
import type { ModelSource } from '../domain/source';
import type { AnalyseRequest, AnalysisApi, Handled } from './analysis-api.types';
import { backedEngine } from './backed-engine';
import { modelGone, type BackendEngine } from './backend-engine';
import { BackendRuntime, type Ready } from './backend-runtime';
import { modelContent } from './content';
import { layerDetail } from './layer-detail';
import type { LayerEngine } from './layer-engine';
import { runPipeline } from './pipeline';
import { transfer } from './rpc';

/** Layers a GPU measures in one request, so that their matrices are decomposed in one dispatch. */
const GPU_BATCH = 16;
const NULL_DRAWS = 200;
const NULL_SEED = 1;
/** Filters of one model kept in memory while it is analysed. */
const CACHE_BYTES = 480 * 2 ** 20;
/** What one request for filters or coefficients may bring back. */
const FILTER_VALUES = 2 ** 26;
/** Weights that take more than this to compute are computed one at a time over all engines. */
const HEAVY_BYTES = 128 * 2 ** 20;

interface Known {
  source: ModelSource;
  /** Null until it is analysed. */
  record: ModelRecord | null;
}

/**
 * The analysis worker's API over `helpers`, engines of other workers that share the CPU backend's work. A plain object of
 * async functions, so that Node calls it without a Worker.
 */
export function createAnalysisApi(
  helpers: readonly LayerEngine[] = [],
  runtime = new BackendRuntime(helpers),
): AnalysisApi {
  const models = new Map<string, Known>();

  function knownOf(handle: string): Known {
    const known = models.get(handle);
    if (!known) throw modelGone();
    return known;
  }

  function recordOf(handle: string): ModelRecord {
    const { record } = knownOf(handle);
    if (!record) throw new AppError('internal', 'The model is not analysed yet.');
    return record;
  }

  function kernelSizeOf(handle: string, key: string): KernelSizeResult {
    const size = recordOf(handle).kernelSizes.find((other) => other.key === key);
    if (!size) throw new AppError('internal', `The model has no basis for ${key} kernels.`);
    return size;
  }

  async function filtersOf(engine: BackendEngine, request: Handled & FilterRange) {
    const { storedFilterCount, taps } = engine.layer(request.handle, request.index);
    const first = Math.min(Math.max(0, request.first), storedFilterCount);
    const count = Math.min(request.count, storedFilterCount - first, Math.floor(FILTER_VALUES / taps));
    const bank = await engine.model(request.handle).readFilters(request.index, { first, count });
    return { first, bank };
  }

  /** The engine itself and, on the CPU, those helpers that can take the model on. */
  async function enginesFor(
    { engine, report }: Ready,
    { handle, source }: AnalyseRequest,
  ): Promise<LayerEngine[]> {
    if (report.name !== 'cpu') return [engine];
    const outline = engine.model(handle).outline();
    const opened = await Promise.allSettled(
      helpers.map(async (helper) => {
        await helper.open({ handle, source, outline });
        return backedEngine(helper, engine);
      }),
    );
    for (const each of opened) {
      if (each.status === 'rejected') console.warn('A helper does not take part.', each.reason);
    }
    return [engine, ...opened.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []))];
  }

  async function analyseWith(
    ready: Ready,
    request: AnalyseRequest,
    { signal, emit }: { signal: AbortSignal; emit: (event: AnalysisEvent) => void },
  ): Promise<ModelRecord> {
    const { engine, report } = ready;
    const { handle, source, sparsityEpsilon } = request;
    const start = performance.now();
    models.set(handle, { source, record: null });
    await engine.open(request, {
      signal,
      onProgress: (done, total) => emit({ type: 'progress', stage: 'reading', done, total }),
    });
    const model = engine.model(handle);
    const { description } = model;
    emit({ type: 'description', description });
    const engines = await enginesFor(ready, request);
    const byteLimit = cacheBytes(description) / engines.length;
    await Promise.all(engines.map((each) => each.cacheFilters({ handle, byteLimit })));
    const reading = performance.now() - start;
    try {
      const { timings, ...found } = await runPipeline({
        handle,
        description,
        engines,
        sparsityEpsilon,
        batch: report.name === 'webgpu' ? GPU_BATCH : 1,
        isHeavy: ({ index }) => model.evaluationBytes(index) > HEAVY_BYTES,
        signal,
        emit,
      });
      const record: ModelRecord = {
        description,
        ...found,
        algorithm: ALGORITHM_VERSION,
        backend: report,
        sparsityEpsilon,
        timings: { reading, ...timings, total: performance.now() - start },
      };
      models.set(handle, { source, record });
      return record;
    } finally {
      await Promise.allSettled(engines.map((each) => each.dropCache({ handle })));
    }
  }

  return {
    prepare: (preference) => runtime.prepare(preference),

    open: ({ handle, source, record }, { signal }) =>
      runtime.run(async ({ engine }) => {
        await engine.open({ handle, source }, { signal });
        models.set(handle, { source, record });
      }),

    analyse: (request, context) => runtime.run((ready) => analyseWith(ready, request, context)),

    filters: (request) =>
      runtime.run(async ({ engine }) => {
        const { first, bank } = await filtersOf(engine, request);
        const values = bank.values.slice();
        const filters = { index: request.index, first, count: bank.count, taps: bank.taps, values };
        return transfer(filters, [values.buffer]);
      }),

    detail: (request) => runtime.run(({ engine }) => layerDetail(engine, recordOf(request.handle), request)),

    coefficients: (request) =>
      runtime.run(async ({ engine }) => {
        const { kernel } = engine.layer(request.handle, request.index);
        const { basis } = kernelSizeOf(request.handle, kernelKey(kernel));
        const { bank } = await filtersOf(engine, request);
        const coefficients = await engine.backend.coefficients(bank, basis);
        return transfer(coefficients, [coefficients.buffer as ArrayBuffer]);
      }),

    density: ({ handle, key, index, components }, { signal }) =>
      runtime.run(async ({ engine }) => {
        const { basis, layerIndices } = kernelSizeOf(handle, key);
        const { size, extent } = DENSITY;
        const counts = new Uint32Array(size * size);
        for (const member of index === null ? layerIndices : [index]) {
          for await (const chunk of engine.chunks(handle, member)) {
            signal.throwIfAborted();
            const part = await engine.backend.coefficientDensity(chunk, basis, components, size, extent);
            addCounts(counts, part);
          }
        }
        return transfer({ size, extent, counts }, [counts.buffer]);
      }),

    requalify: ({ handle, sparsityEpsilon }, { signal }) =>
      runtime.run(async ({ engine }) => {
        const layers = [];
        for (const before of recordOf(handle).layers) {
          signal.throwIfAborted();
          const { index } = before;
          const [measured] = await engine.measure({ handle, indices: [index], sparsityEpsilon });
          if ('failure' in measured) {
            layers.push(before);
            continue;
          }
          const { orthogonality } = before.quality;
          const quality = { ...measured.result.quality, orthogonality };
          layers.push({ ...measured.result, quality, traits: before.traits, notes: before.notes });
        }
        return layers;
      }),

    async driftNull({ handle, key }, { signal }) {
      const { basis, histogram, depthDeciles } = kernelSizeOf(handle, key);
      const groups = depthDeciles.histograms.map((group, i) => ({
        counts: coarsen(group).counts,
        size: depthDeciles.filterCounts[i],
      }));
      const result = await driftNull(groups, {
        taps: basis.taps,
        bins: BINS,
        range: histogram.range,
        weights: basis.explainedVarianceRatio,
        draws: NULL_DRAWS,
        seed: NULL_SEED,
        signal,
      });
      return { key, ...result };
    },

    content: ({ handle }, { signal }) =>
      runtime.run(({ engine }) => {
        const { dataFiles } = engine.model(handle).description;
        return modelContent(knownOf(handle).source, dataFiles, signal);
      }),

    async close({ handle }) {
      models.delete(handle);
      await runtime.run(async ({ engine }) => {
        await Promise.allSettled([engine, ...helpers].map((each) => each.close({ handle })));
      });
    },
  };
}

/**
 * Filters worth keeping between the passes: all of them where they fit. A larger model is read again in each pass, since
 * the part that could stay would save little.
 */
function cacheBytes({ layers }: ModelDescription): number {
  const byWeight = new Map(layers.map((layer) => [layer.weightId, bankBytes(layer)]));
  const total = [...byWeight.values()].reduce((sum, byteLength) => sum + byteLength, 0);
  return total <= CACHE_BYTES ? 2 * total : 0;
}

function bankBytes({ storedFilterCount, taps }: Layer): number {
  return 4 * storedFilterCount * taps;
}
