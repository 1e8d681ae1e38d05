import type { FormatNames } from '../domain/format-names';
import type { FilterBank } from '../domain/filters';
import type { ModelDescription } from '../domain/model';
import type { ByteSource } from './byte-source';

export interface ReadOptions {
  /** Files dropped along with the model, found by name for external data. */
  companions: ReadonlyMap<string, ByteSource>;
  signal?: AbortSignal;
  /** Bytes of the file looked at so far. */
  onProgress?: (bytesRead: number, byteLength: number) => void;
}

/** What another worker needs to read the same file without looking through it again: plain data, to be cloned. */
export interface ModelOutline {
  format: FormatNames['id'];
  content: unknown;
}

/** A model whose structure is known and whose weights are read when asked for. */
export interface OpenModel {
  description: ModelDescription;
  outline(): ModelOutline;
  /**
   * Filters [first, first + count) of a layer in stored order, read by range from the file where the tensor lies
   * contiguous. Without a range: all of them. Throws AppError naming file, layer and tensor.
   */
  readFilters(
    layerIndex: number,
    range?: { first: number; count: number },
    signal?: AbortSignal,
  ): Promise<FilterBank>;
  /** Bytes that computing a layer's weight takes at its height; 0 for one that lies in the file as it is. */
  evaluationBytes(layerIndex: number): number;
  /**
   * What the batch norm right after a layer multiplies each of its output channels by, gamma / sqrt(variance + epsilon), in
   * float64. Null where none follows that can be folded into the layer, where a variance is negative or not finite, or where a
   * factor is not finite.
   */
  readChannelScale(layerIndex: number, signal?: AbortSignal): Promise<Float64Array | null>;
}

export interface ModelFormat {
  names: FormatNames;
  /** Told by content, not by name. */
  matches(head: Uint8Array, source: ByteSource): boolean;
  open(source: ByteSource, options: ReadOptions): Promise<OpenModel>;
  /** The model of an outline's `content`, over the file and companions it was made from. */
  resume(content: unknown, source: ByteSource, companions: ReadonlyMap<string, ByteSource>): OpenModel;
}
