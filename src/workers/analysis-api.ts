import { driftNull } from '../analysis/drift-null';
import { covariance } from '../analysis/moments';
import { basisFromMoments } from '../analysis/pca';
import { AppError } from '../domain/errors';
import { coarsen, DENSITY } from '../domain/histogram';
import { isPooled, kernelKey, type ModelDescription } from '../domain/model';
import { BINS, type KernelSizeResult, type ModelResult } from '../domain/results';
import type { AnalyseRequest, AnalysisApi, AnalysisEvent } from './analysis-api.types';
import { BackendRuntime, type Ready } from './backend-runtime';
import { fileSha256 } from './file-hash';
import { foldedQuality } from './folding';
import type { LayerEngine, OpenRequest } from './layer-engine';
import { runPipeline } from './pipeline';
import { transfer } from './rpc';
import { modelGone, type BackendEngine } from './backend-engine';

/** Layers a GPU measures in one request, so that their matrices are decomposed in one dispatch. */
const GPU_BATCH = 16;
const NULL_DRAWS = 200;
const NULL_SEED = 1;
/** Filters of one model kept in memory while it is analysed. */
const KEPT_BYTES = 480 * 2 ** 20;
/** What one request for filters or coefficients may bring back. */
const FILTER_VALUES = 2 ** 26;

interface ModelState {
  file: Blob;
  result: ModelResult;
  kernelSizes: ReadonlyMap<string, KernelSizeResult>;
}

/**
 * The analysis worker's API over `helpers`, engines of other workers that share the CPU backend's work. A plain object of
 * async functions, so that Node tests call it without a Worker.
 */
export function createAnalysisApi(helpers: readonly LayerEngine[] = []): AnalysisApi {
  const models = new Map<string, ModelState>();
  const runtime = new BackendRuntime(helpers);

  function stateOf(modelId: string): ModelState {
    const state = models.get(modelId);
    if (!state) throw modelGone(modelId);
    return state;
  }

  function remember({ modelId, file }: OpenRequest, result: ModelResult): void {
    const kernelSizes = new Map(result.kernelSizes.map((size) => [size.key, size]));
    models.set(modelId, { file, result, kernelSizes });
  }

  function kernelSizeOf(modelId: string, key: string): KernelSizeResult {
    const size = stateOf(modelId).kernelSizes.get(key);
    if (!size) {
      throw new AppError('internal', `The model has no basis for ${key} kernels.`, { modelId, key });
    }
    return size;
  }

  async function filtersOf(
    engine: BackendEngine,
    request: { modelId: string; index: number; first: number; count: number },
  ) {
    const { storedFilterCount, taps } = engine.layer(request.modelId, request.index);
    const first = Math.min(Math.max(0, request.first), storedFilterCount);
    const count = Math.min(request.count, storedFilterCount - first, Math.floor(FILTER_VALUES / taps));
    const bank = await engine.model(request.modelId).readFilters(request.index, { first, count });
    return { first, bank };
  }

  async function analyseWith(
    { engine, report }: Ready,
    request: AnalyseRequest,
    context: { signal: AbortSignal; emit: (event: AnalysisEvent) => void },
  ): Promise<ModelResult> {
    const { modelId, sparsityEpsilon } = request;
    const { signal, emit } = context;
    const start = performance.now();
    const engines: LayerEngine[] = engine.backend.name === 'cpu' ? [engine, ...helpers] : [engine];
    await engine.open(request, {
      signal,
      onProgress: (done, total) => emit({ type: 'progress', stage: 'reading', done, total }),
    });
    const { description, outline } = engine.model(modelId);
    emit({ type: 'description', description });
    const byteLimit = keptBytes(description) / engines.length;
    await engine.cacheFilters({ modelId, byteLimit });
    await Promise.all(
      engines.slice(1).map(async (helper) => {
        await helper.open({ ...request, outline });
        await helper.cacheFilters({ modelId, byteLimit });
      }),
    );
    const reading = performance.now() - start;
    try {
      const batch = engine.backend.name === 'webgpu' ? GPU_BATCH : 1;
      const { layers, kernelSizes, timings } = await runPipeline({
        modelId,
        description,
        engines,
        sparsityEpsilon,
        batch,
        signal,
        emit,
      });
      const result: ModelResult = {
        description,
        layers,
        kernelSizes,
        backend: report,
        sparsityEpsilon,
        timings: { reading, ...timings, total: performance.now() - start },
      };
      remember(request, result);
      return result;
    } finally {
      await Promise.all(engines.map((engine) => engine.dropCache({ modelId })));
    }
  }

  return {
    prepare: (choice) => runtime.prepare(choice),

    analyse: (request, context) => runtime.run((ready) => analyseWith(ready, request, context)),

    async layerFilters(request) {
      const { engine } = await runtime.ready();
      const { first, bank } = await filtersOf(engine, request);
      const values =
        bank.values instanceof Float32Array ? bank.values.slice() : Float32Array.from(bank.values);
      const filters = { index: request.index, first, count: bank.count, taps: bank.taps, values };
      return transfer(filters, [values.buffer]);
    },

    layerDetail: ({ modelId, index, sparsityEpsilon }) =>
      runtime.run(async ({ engine }) => {
        const layer = engine.layer(modelId, index);
        const { kernelSizes, result } = stateOf(modelId);
        const size = kernelSizes.get(kernelKey(layer.kernel));
        const { orthogonality } = result.layers[index].quality;
        const moments = await engine.moments(modelId, index, 0);
        const onBasis = size && isPooled(layer);
        return {
          index,
          histogram: onBasis
            ? await engine.coefficientHistogram({
                modelId,
                index,
                basis: size.basis,
                range: size.histogram.range,
                bins: size.histogram.bins,
              })
            : null,
          basis: basisFromMoments(moments.scaled),
          covariance: covariance(moments.raw),
          mean: moments.raw.mean,
          folded: await foldedQuality(engine, { modelId, index, sparsityEpsilon }, orthogonality),
        };
      }),

    layerCoefficients: (request) =>
      runtime.run(async ({ engine }) => {
        const { basis } = kernelSizeOf(
          request.modelId,
          kernelKey(engine.layer(request.modelId, request.index).kernel),
        );
        const { bank } = await filtersOf(engine, request);
        const coefficients = await engine.backend.coefficients(bank, basis);
        return transfer(coefficients, [coefficients.buffer as ArrayBuffer]);
      }),

    density: ({ modelId, key, index, components }) =>
      runtime.run(async ({ engine }) => {
        const { basis, layerIndices } = kernelSizeOf(modelId, key);
        const { size, extent } = DENSITY;
        const counts = new Uint32Array(size * size);
        for (const member of index === null ? layerIndices : [index]) {
          for await (const chunk of engine.chunks(modelId, member)) {
            const part = await engine.backend.coefficientDensity(chunk, basis, components, size, extent);
            for (let i = 0; i < counts.length; i++) counts[i] += part[i];
          }
        }
        await engine.dropCache({ modelId });
        return transfer({ size, extent, counts }, [counts.buffer]);
      }),

    requalify: ({ modelId, sparsityEpsilon }) =>
      runtime.run(async ({ engine }) => {
        const layers = [];
        for (const before of stateOf(modelId).result.layers) {
          const [{ result: after }] = await engine.measure({
            modelId,
            indices: [before.index],
            sparsityEpsilon,
          });
          const { orthogonality } = before.quality;
          layers.push({ ...after, quality: { ...after.quality, orthogonality }, notes: before.notes });
        }
        await engine.dropCache({ modelId });
        return layers;
      }),

    async driftNull({ modelId, key }, { signal }) {
      const size = kernelSizeOf(modelId, key);
      const groups = size.decileHistograms.map((histogram, i) => ({
        counts: coarsen(histogram).counts,
        size: size.decileFilterCounts[i],
      }));
      const result = await driftNull(groups, {
        taps: size.basis.taps,
        bins: BINS,
        range: size.histogram.range,
        weights: size.basis.explainedVarianceRatio,
        draws: NULL_DRAWS,
        seed: NULL_SEED,
        signal,
      });
      return { key, ...result };
    },

    async restore({ result, ...request }) {
      const { engine } = await runtime.ready();
      await engine.open(request);
      remember(request, result);
    },

    sha256: ({ modelId }, { signal }) => fileSha256(stateOf(modelId).file, signal),

    async close({ modelId }) {
      models.delete(modelId);
      const { engine } = await runtime.ready();
      await Promise.all([engine, ...helpers].map((engine) => engine.close({ modelId })));
    },
  };
}

/**
 * Filters worth keeping between the passes: all of them where they fit. A larger model is read again in each pass, since
 * the part that could stay would save little.
 */
function keptBytes({ layers }: ModelDescription): number {
  const byWeight = new Map(layers.map((layer) => [layer.weightId, 4 * layer.storedFilterCount * layer.taps]));
  const total = [...byWeight.values()].reduce((sum, byteLength) => sum + byteLength, 0);
  return total <= KEPT_BYTES ? 2 * total : 0;
}
