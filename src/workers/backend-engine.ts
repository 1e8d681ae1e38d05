import { mergeLayerMoments, tapVariance } from '../analysis/moments';
import { filterPeaks, layerPeak } from '../analysis/filters';
import { varianceFloor, varianceShares } from '../analysis/entropy';
import { layerQuality } from '../analysis/quality';
import type { ComputeBackend } from '../compute/backend';
import { finitePeak, FLOAT64_RANGE, rescaling, unscaledMoments } from '../compute/rescale';
import { AppError, isAllocationFailure, toPlainError, type ErrorCode } from '../domain/errors';
import type { FilterBank } from '../domain/filters';
import { formatBytes } from '../domain/format';
import { addCounts } from '../domain/histogram';
import type { LateFigures } from '../domain/late-figures';
import { isPointwise, type Layer } from '../domain/model';
import { isOversized } from '../domain/spatial';
import type { LayerMoments, LayerResult } from '../domain/results';
import type { ModelSource } from '../domain/source';
import type { Doubles, LayerTraits } from '../domain/traits';
import { packHistogram, type PackedHistogram } from '../domain/statistics';
import { quoted } from '../domain/text';
import { blobSource } from '../formats/byte-source';
import type { OpenModel } from '../formats/reader';
import { detectFormat, formatOf } from '../formats/registry';
import { BankCache } from './bank-cache';
import type { LayerEngine, MeasuredLayer, MeasuredSize, OpenRequest, UnreadableLayer } from './layer-engine';
import { layerEigenvalues } from './layer-eigenvalues';
import { isIntact, momentsTimes, outOfRangeNote } from './extreme-weights';
import { doublesOf, entropyNullOf, TraitsLook } from './layer-traits';
import { measureOversized } from './oversized';
import { Thumbnail } from './thumbnail';

const CHUNK_BYTES = 64 * 2 ** 20;
/** What rests on pairs of filters or channels needs the whole layer at once. */
const WHOLE_BYTES = 256 * 2 ** 20;
/** Multiply-adds of orthogonality grow with the square of the channels. */
const ORTHOGONALITY_OPERATIONS = 2e11;

/** Moments are kept for kernels up to this many taps. */
export const KEPT_MOMENTS_TAPS = 256;

export interface OpenProgress {
  signal?: AbortSignal;
  onProgress?: (bytesRead: number, byteLength: number) => void;
}

/** Faults of one layer's weights; the rest of the model is sound. */
const LAYER_FAULTS: ReadonlySet<ErrorCode> = new Set(['malformed', 'no-memory', 'too-large', 'truncated']);

/** Models an engine holds open, by handle: their structure, not their weights. */
export type OpenModels = Map<string, OpenModel>;

/** Reads and measures layers with one backend. */
export class BackendEngine implements LayerEngine {
  readonly backend: ComputeBackend;
  readonly #models: OpenModels;
  readonly #caches = new Map<string, BankCache>();
  readonly #chunkBytes: number;

  /**
   * @param models shared by engines that follow each other
   * @param chunkBytes layers above this are read and measured in runs of filters
   */
  constructor(backend: ComputeBackend, models: OpenModels = new Map(), chunkBytes = CHUNK_BYTES) {
    this.backend = backend;
    this.#models = models;
    this.#chunkBytes = chunkBytes;
  }

  async prepare(): Promise<void> {}

  async open({ handle, source, outline }: OpenRequest, progress: OpenProgress = {}): Promise<void> {
    const { main, companions } = byteSources(source);
    const model = outline
      ? formatOf(outline).resume(outline.content, main, companions)
      : await (await detectFormat(main)).open(main, { companions, ...progress });
    this.#models.set(handle, model);
  }

  isOpen(handle: string): boolean {
    return this.#models.has(handle);
  }

  model(handle: string): OpenModel {
    const model = this.#models.get(handle);
    if (!model) throw modelGone();
    return model;
  }

  layer(handle: string, index: number): Layer {
    const layer = this.model(handle).description.layers[index];
    if (!layer) throw new AppError('internal', `The model has no layer ${index}.`);
    return layer;
  }

  async measure({
    handle,
    indices,
    sparsityEpsilon,
  }: Parameters<LayerEngine['measure']>[0]): Promise<(MeasuredLayer | UnreadableLayer)[]> {
    const unreadable = new Map<number, UnreadableLayer>();
    const oversized = new Map<number, MeasuredLayer>();
    const looks: SpatialLook[] = [];
    for (const index of indices) {
      const layer = this.layer(handle, index);
      try {
        if (isOversized(layer.kernel)) {
          oversized.set(index, await measureOversized(layer, this.#runs(handle, index), sparsityEpsilon));
        } else looks.push(await this.#look(handle, index, sparsityEpsilon));
      } catch (error) {
        const fault = isAllocationFailure(error) ? noMemory(layer, error) : error;
        if (!(fault instanceof AppError) || !LAYER_FAULTS.has(fault.code)) throw error;
        unreadable.set(index, { failure: toPlainError(fault) });
      }
    }
    const spatial = await this.#decompose(looks);
    return indices.map((index) => (spatial.get(index) ?? oversized.get(index) ?? unreadable.get(index))!);
  }

  async #look(handle: string, index: number, sparsityEpsilon: number): Promise<SpatialLook> {
    const layer = this.layer(handle, index);
    const thumbnail = new Thumbnail(layer);
    const look = new TraitsLook(layer);
    const measured = await this.#moments(handle, index, sparsityEpsilon, (chunk, factor) => {
      thumbnail.take(chunk);
      look.take(chunk, factor);
    });
    return { layer, ...measured, thumbnail: thumbnail.kernels(), traits: look.traits(measured.factor) };
  }

  /** Quality of layers whose matrices are decomposed together; by layer index. */
  async #decompose(looks: readonly SpatialLook[]): Promise<Map<number, MeasuredLayer>> {
    const eigenvalues = await layerEigenvalues(
      this.backend,
      looks.map(({ moments }) => moments),
    );
    const measured = new Map<number, MeasuredLayer>();
    for (const [i, { layer, moments, factor, thumbnail, traits }] of looks.entries()) {
      const { raw, clean } = eigenvalues[i];
      const quality = layerQuality({
        moments,
        rawEigenvalues: raw,
        cleanEigenvalues: clean,
        orthogonality: null,
        kernel: layer.kernel,
      });
      const stored = unscaledMoments(moments, factor);
      const { normL1, normL2, peak } = stored;
      const isHeld =
        factor === 1 || (isIntact(moments.raw, stored.raw) && isIntact(moments.clean, stored.clean));
      const result: LayerResult = {
        index: layer.index,
        filterCount: moments.filterCount,
        nonFiniteCount: moments.nonFiniteCount,
        quality: { ...quality, normL1, normL2, peak },
        varianceShares: isPointwise(layer.kernel)
          ? new Float64Array()
          : varianceShares(raw, varianceFloor(quality.peak, layer.taps)),
        tapVariance: tapVariance(stored.raw),
        thumbnail,
        traits,
        notes: factor === 1 ? [] : [outOfRangeNote(stored, isHeld)],
      };
      const kept = worthKeeping(stored, isHeld);
      measured.set(layer.index, { result, moments: kept, scaled: moments.scaled });
    }
    return measured;
  }

  async lateFigures({
    handle,
    index,
    measured,
  }: Parameters<LayerEngine['lateFigures']>[0]): Promise<LateFigures> {
    const layer = this.layer(handle, index);
    const { value, note } = await this.orthogonality(handle, index);
    return {
      orthogonality: value,
      doubles: await this.#doubles(handle, layer, measured),
      entropyNull: entropyNullOf(layer, measured.filterCount),
      notes: note === null ? [] : [note],
    };
  }

  async orthogonality(handle: string, index: number): Promise<{ value: number | null; note: string | null }> {
    const layer = this.layer(handle, index);
    const rows = layer.shape[0];
    const values = layer.storedFilterCount * layer.taps;
    if (!isHeldWhole(layer) || (rows * values) / 2 > ORTHOGONALITY_OPERATIONS) {
      return {
        value: null,
        note: `Orthogonality is not measured: the layer's ${rows} rows hold too many weights.`,
      };
    }
    try {
      return { value: await this.backend.orthogonality(await this.#whole(handle, index), rows), note: null };
    } catch (error) {
      if (!isAllocationFailure(error)) throw error;
      return { value: null, note: `Orthogonality is not measured. ${noMemory(layer, error).message}` };
    }
  }

  /** Null where the layer's weights cannot be held at once. */
  async #doubles(handle: string, layer: Layer, measured: MeasuredSize): Promise<Doubles | null> {
    if (!isHeldWhole(layer)) return null;
    try {
      return doublesOf(layer, await this.#whole(handle, layer.index), measured);
    } catch (error) {
      if (isAllocationFailure(error)) return null;
      throw error;
    }
  }

  async coefficientRange({ handle, index, basis }: Parameters<LayerEngine['coefficientRange']>[0]) {
    let range: [number, number] | null = null;
    for await (const chunk of this.chunks(handle, index)) {
      const part = await this.backend.coefficientRange(chunk, basis);
      if (part) range = range ? [Math.min(range[0], part[0]), Math.max(range[1], part[1])] : part;
    }
    return range;
  }

  async coefficientHistogram(
    request: Parameters<LayerEngine['coefficientHistogram']>[0],
  ): Promise<PackedHistogram> {
    const { handle, index, basis, basisId, range, bins } = request;
    const counts = new Uint32Array(basis.taps * bins);
    for await (const chunk of this.chunks(handle, index)) {
      const part = await this.backend.coefficientHistogram(chunk, basis, range, bins);
      addCounts(counts, part.counts);
    }
    return packHistogram({ basisId, range, bins, counts });
  }

  async cacheFilters({ handle, byteLimit }: { handle: string; byteLimit: number }): Promise<void> {
    this.#caches.set(handle, new BankCache(byteLimit));
  }

  async dropCache({ handle }: { handle: string }): Promise<void> {
    this.#caches.delete(handle);
  }

  async close({ handle }: { handle: string }): Promise<void> {
    await this.dropCache({ handle });
    this.#models.delete(handle);
  }

  /** The layer's filters as stored, whole where they fit, else run by run. */
  async *chunks(handle: string, index: number): AsyncGenerator<FilterBank> {
    if (this.#isReadWhole(this.layer(handle, index))) yield await this.#whole(handle, index);
    else yield* this.#runs(handle, index);
  }

  async *#runs(handle: string, index: number): AsyncGenerator<FilterBank> {
    const { storedFilterCount, taps } = this.layer(handle, index);
    const step = Math.max(1, Math.floor(this.#chunkBytes / (4 * taps)));
    for (let first = 0; first < storedFilterCount; first += step) {
      const count = Math.min(step, storedFilterCount - first);
      yield await this.model(handle).readFilters(index, { first, count });
    }
  }

  async #whole(handle: string, index: number): Promise<FilterBank> {
    const { weightId } = this.layer(handle, index);
    const kept = this.#caches.get(handle);
    const known = kept?.get(weightId);
    if (known) return known;
    const bank = await this.model(handle).readFilters(index);
    kept?.offer(weightId, bank);
    return bank;
  }

  #isReadWhole({ storedFilterCount, taps }: Layer): boolean {
    return storedFilterCount * taps * 4 <= this.#chunkBytes;
  }

  /** Moments of a layer. */
  async moments(handle: string, index: number, sparsityEpsilon: number): Promise<LayerMoments> {
    const { moments, factor } = await this.#moments(handle, index, sparsityEpsilon);
    return unscaledMoments(moments, factor);
  }

  /**
   * Moments of the layer times `factor`, a power of two where the squares of float64 weights would leave float64; `onChunk`
   * sees its filters in stored order on the way.
   */
  async #moments(
    handle: string,
    index: number,
    sparsityEpsilon: number,
    onChunk?: (chunk: FilterBank, factor: number) => void,
  ): Promise<{ moments: LayerMoments; factor: number }> {
    if (this.#isReadWhole(this.layer(handle, index))) {
      const bank = await this.#whole(handle, index);
      const factor = bank.values instanceof Float32Array ? 1 : rescaling(finitePeak(bank), FLOAT64_RANGE);
      onChunk?.(bank, factor);
      return { moments: await momentsTimes(factor, this.backend, bank, { sparsityEpsilon }), factor };
    }
    let peak = 0;
    for await (const chunk of this.chunks(handle, index)) {
      peak = Math.max(peak, layerPeak(filterPeaks(chunk)));
    }
    const factor = rescaling(peak, FLOAT64_RANGE);
    let merged: LayerMoments | null = null;
    for await (const chunk of this.chunks(handle, index)) {
      onChunk?.(chunk, factor);
      const part = await momentsTimes(factor, this.backend, chunk, {
        sparsityEpsilon,
        layerPeak: peak * factor,
      });
      merged = merged ? mergeLayerMoments(merged, part) : part;
    }
    return { moments: merged!, factor };
  }
}

interface SpatialLook {
  layer: Layer;
  /** Of the filters times `factor`. */
  moments: LayerMoments;
  factor: number;
  thumbnail: LayerResult['thumbnail'];
  traits: LayerTraits;
}

/** Without the moments where they would take more memory than they are worth, three matrices of taps x taps, or are not held. */
function worthKeeping(moments: LayerMoments, isHeld: boolean): MeasuredLayer['moments'] {
  const { raw, clean, scaled, ...counts } = moments;
  if (raw.mean.length > KEPT_MOMENTS_TAPS || !isHeld) return counts;
  // No filter is sparse: one object, which a message then holds once.
  return { ...counts, raw, clean: moments.sparseCount === 0 ? raw : clean, scaled };
}

function isHeldWhole({ storedFilterCount, taps }: Layer): boolean {
  return 4 * storedFilterCount * taps <= WHOLE_BYTES;
}

function byteSources(source: ModelSource) {
  return {
    main: blobSource(source.name, source.main),
    companions: new Map(source.companions.map(({ path, file }) => [path, blobSource(path, file)])),
  };
}

/** A refused allocation while a layer was measured. */
function noMemory({ label, storedFilterCount, taps }: Layer, cause: Error): AppError {
  const bytes = 4 * storedFilterCount * taps;
  return new AppError(
    'no-memory',
    `The browser refused the memory to measure layer ${quoted(label)}, whose weights take ${formatBytes(bytes)}; close other tabs and try again.`,
    { layer: label.slice(0, 120), bytes },
    cause,
  );
}

export function modelGone(): AppError {
  return new AppError('internal', 'This model is no longer open; drop its file again.');
}
