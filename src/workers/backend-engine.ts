import { mergeLayerMoments, tapVariance } from '../analysis/moments';
import { filterPeaks } from '../analysis/filters';
import { varianceFloor, varianceShares } from '../analysis/entropy';
import { layerQuality } from '../analysis/quality';
import type { ComputeBackend } from '../compute/backend';
import { AppError } from '../domain/errors';
import type { FilterBank } from '../domain/filters';
import { isPointwise, type Layer } from '../domain/model';
import { isOversized } from '../domain/spatial';
import type { CoefficientHistogram, LayerMoments, LayerResult } from '../domain/results';
import { blobSource } from '../formats/byte-source';
import type { OpenModel } from '../formats/reader';
import { detectFormat, formatOf } from '../formats/registry';
import { BankCache } from './bank-cache';
import type { LayerEngine, MeasuredLayer, OpenRequest } from './layer-engine';
import { layerEigenvalues } from './layer-eigenvalues';
import { measureOversized } from './oversized';
import { Thumbnail } from './thumbnail';

const CHUNK_BYTES = 64 * 2 ** 20;
/** Orthogonality needs the whole layer at once, and multiply-adds that grow with the square of its channels. */
const ORTHOGONALITY_BYTES = 256 * 2 ** 20;
const ORTHOGONALITY_OPERATIONS = 2e11;

export interface OpenProgress {
  signal?: AbortSignal;
  onProgress?: (bytesRead: number, byteLength: number) => void;
}

/** Reads and measures layers with one backend; the engine of the worker it lives in. */
export class BackendEngine implements LayerEngine {
  readonly #models = new Map<string, OpenModel>();
  readonly #caches = new Map<string, BankCache>();

  backend: ComputeBackend;
  readonly #chunkBytes: number;

  /** @param chunkBytes layers above this are read and measured in runs of filters */
  constructor(backend: ComputeBackend, chunkBytes = CHUNK_BYTES) {
    this.backend = backend;
    this.#chunkBytes = chunkBytes;
  }

  async prepare(): Promise<void> {}

  async open(request: OpenRequest, progress: OpenProgress = {}): Promise<void> {
    const { modelId, outline } = request;
    const source = blobSource(request.fileName, request.file);
    const companions = new Map(request.companions.map(({ name, file }) => [name, blobSource(name, file)]));
    const model = outline
      ? formatOf(outline).resume(outline.content, source, companions)
      : await (await detectFormat(source)).open(source, { companions, ...progress });
    this.#models.set(modelId, model);
  }

  model(modelId: string): OpenModel {
    const model = this.#models.get(modelId);
    if (!model) throw modelGone(modelId);
    return model;
  }

  layer(modelId: string, index: number): Layer {
    return this.model(modelId).description.layers[index];
  }

  async measure({
    modelId,
    indices,
    sparsityEpsilon,
  }: Parameters<LayerEngine['measure']>[0]): Promise<MeasuredLayer[]> {
    const spatial = indices.filter((index) => !isOversized(this.layer(modelId, index).kernel));
    const measured = await this.#measureSpatial(modelId, spatial, sparsityEpsilon);
    const results: MeasuredLayer[] = [];
    for (const index of indices) {
      results.push(
        measured.get(index) ??
          (await measureOversized(this.layer(modelId, index), this.chunks(modelId, index), sparsityEpsilon)),
      );
    }
    return results;
  }

  /** Measures the layers together, so that their matrices are decomposed together; by layer index. */
  async #measureSpatial(
    modelId: string,
    indices: readonly number[],
    sparsityEpsilon: number,
  ): Promise<Map<number, MeasuredLayer>> {
    const moments: LayerMoments[] = [];
    const thumbnails: LayerResult['thumbnail'][] = [];
    for (const index of indices) {
      const thumbnail = new Thumbnail(this.layer(modelId, index));
      moments.push(await this.moments(modelId, index, sparsityEpsilon, (chunk) => thumbnail.take(chunk)));
      thumbnails.push(thumbnail.kernels());
    }
    const eigenvalues = await layerEigenvalues(this.backend, moments);
    const measured = new Map<number, MeasuredLayer>();
    for (const [i, index] of indices.entries()) {
      const layer = this.layer(modelId, index);
      const { raw, clean } = eigenvalues[i];
      const quality = layerQuality({
        moments: moments[i],
        rawEigenvalues: raw,
        cleanEigenvalues: clean,
        orthogonality: null,
        kernel: layer.kernel,
      });
      const result: LayerResult = {
        index,
        filterCount: moments[i].filterCount,
        nonFiniteCount: moments[i].nonFiniteCount,
        quality,
        varianceShares: isPointwise(layer.kernel)
          ? new Float64Array()
          : varianceShares(raw, varianceFloor(quality.peak, layer.taps)),
        tapVariance: tapVariance(moments[i].raw),
        thumbnail: thumbnails[i],
        notes: [],
      };
      measured.set(index, { result, scaled: moments[i].scaled });
    }
    return measured;
  }

  async orthogonality({
    modelId,
    index,
  }: Parameters<LayerEngine['orthogonality']>[0]): ReturnType<LayerEngine['orthogonality']> {
    const layer = this.layer(modelId, index);
    const rows = layer.shape[0];
    const values = layer.storedFilterCount * layer.taps;
    if (values * 4 > ORTHOGONALITY_BYTES || (rows * values) / 2 > ORTHOGONALITY_OPERATIONS) {
      return {
        value: null,
        note: `Orthogonality is not measured: the layer's ${rows} rows hold too many weights.`,
      };
    }
    return { value: await this.backend.orthogonality(await this.#whole(modelId, index), rows), note: null };
  }

  async coefficientRange({ modelId, index, basis }: Parameters<LayerEngine['coefficientRange']>[0]) {
    let range: [number, number] | null = null;
    for await (const chunk of this.chunks(modelId, index)) {
      const part = await this.backend.coefficientRange(chunk, basis);
      if (part) range = range ? [Math.min(range[0], part[0]), Math.max(range[1], part[1])] : part;
    }
    return range;
  }

  async coefficientHistogram(
    request: Parameters<LayerEngine['coefficientHistogram']>[0],
  ): Promise<CoefficientHistogram> {
    const { modelId, index, basis, range, bins } = request;
    const counts = new Uint32Array(basis.taps * bins);
    for await (const chunk of this.chunks(modelId, index)) {
      const part = await this.backend.coefficientHistogram(chunk, basis, range, bins);
      for (let i = 0; i < counts.length; i++) counts[i] += part.counts[i];
    }
    return { range, bins, counts };
  }

  async cacheFilters({ modelId, byteLimit }: { modelId: string; byteLimit: number }): Promise<void> {
    this.#caches.set(modelId, new BankCache(byteLimit));
  }

  async dropCache({ modelId }: { modelId: string }): Promise<void> {
    this.#caches.delete(modelId);
  }

  async close({ modelId }: { modelId: string }): Promise<void> {
    await this.dropCache({ modelId });
    this.#models.delete(modelId);
  }

  /** The layer's filters in stored order, whole where they fit, else run by run. */
  async *chunks(modelId: string, index: number): AsyncGenerator<FilterBank> {
    const layer = this.layer(modelId, index);
    if (this.#isReadWhole(layer)) {
      yield await this.#whole(modelId, index);
      return;
    }
    const { storedFilterCount, taps } = layer;
    const step = Math.max(1, Math.floor(this.#chunkBytes / (4 * taps)));
    for (let first = 0; first < storedFilterCount; first += step) {
      const count = Math.min(step, storedFilterCount - first);
      yield await this.model(modelId).readFilters(index, { first, count });
    }
  }

  async #whole(modelId: string, index: number): Promise<FilterBank> {
    const { weightId } = this.layer(modelId, index);
    const kept = this.#caches.get(modelId);
    const known = kept?.get(weightId);
    if (known) return known;
    const bank = await this.model(modelId).readFilters(index);
    kept?.offer(weightId, bank);
    return bank;
  }

  #isReadWhole({ storedFilterCount, taps }: Layer): boolean {
    return storedFilterCount * taps * 4 <= this.#chunkBytes;
  }

  /** Moments of a layer; `onChunk` sees its filters in stored order on the way. */
  async moments(
    modelId: string,
    index: number,
    sparsityEpsilon: number,
    onChunk?: (chunk: FilterBank) => void,
  ): Promise<LayerMoments> {
    if (this.#isReadWhole(this.layer(modelId, index))) {
      const bank = await this.#whole(modelId, index);
      onChunk?.(bank);
      return this.backend.layerMoments(bank, { sparsityEpsilon });
    }
    let layerPeak = 0;
    for await (const chunk of this.chunks(modelId, index)) {
      onChunk?.(chunk);
      for (const peak of filterPeaks(chunk)) if (peak > layerPeak) layerPeak = peak;
    }
    let merged: LayerMoments | null = null;
    for await (const chunk of this.chunks(modelId, index)) {
      const part = await this.backend.layerMoments(chunk, { sparsityEpsilon, layerPeak });
      merged = merged ? mergeLayerMoments(merged, part) : part;
    }
    return merged!;
  }
}

export function modelGone(modelId: string): AppError {
  return new AppError('internal', 'This model is no longer open; drop its file again.', { modelId });
}
