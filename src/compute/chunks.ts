import type { FilterBank } from '../domain/filters';
import type { Floats } from './job';
import type { KernelLimits } from './driver-options';

/** A run of a bank's filters: a view, not a copy. */
export interface Chunk {
  /** First filter. */
  start: number;
  count: number;
  values: Floats;
}

/** The bank in runs of nearly equal length whose tensors and products stay below the limits; none for an empty bank. */
export function chunksOf({ values, count, taps }: FilterBank, limits: KernelLimits): Chunk[] {
  const products = taps * (taps + 1);
  const most = Math.max(1, Math.floor(Math.min(limits.maxElements / taps, limits.maxProducts / products)));
  const size = Math.ceil(count / Math.ceil(count / most));
  const chunks: Chunk[] = [];
  for (let start = 0; start < count; start += size) {
    const end = Math.min(start + size, count);
    chunks.push({ start, count: end - start, values: values.subarray(start * taps, end * taps) });
  }
  return chunks;
}
