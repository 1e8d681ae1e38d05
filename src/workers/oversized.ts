import { filterPeaks } from '../analysis/filters';
import type { FilterBank } from '../domain/filters';
import type { Layer } from '../domain/model';
import { UNMEASURED_QUALITY } from '../domain/results';
import { oversizedNote } from '../domain/spatial';
import type { MeasuredLayer } from './layer-engine';
import { TraitsLook } from './layer-traits';
import { Thumbnail } from './thumbnail';

/** Sparsity and norms of a layer whose kernels are too large for moments; what rests on variance is NaN. */
export async function measureOversized(
  layer: Layer,
  chunks: AsyncIterable<FilterBank>,
  sparsityEpsilon: number,
): Promise<MeasuredLayer> {
  const thumbnail = new Thumbnail(layer);
  const traits = new TraitsLook(layer);
  const peaks = new Float64Array(layer.storedFilterCount);
  let passed = 0;
  let filterCount = 0;
  let peak = 0;
  let normL1 = 0;
  let normL2 = 0;
  for await (const chunk of chunks) {
    thumbnail.take(chunk);
    traits.take(chunk, 1);
    const { values, taps } = chunk;
    const own = filterPeaks(chunk);
    peaks.set(own, passed);
    passed += chunk.count;
    for (const [i, top] of own.entries()) {
      if (Number.isNaN(top)) continue;
      filterCount++;
      peak = Math.max(peak, top);
      let absolute = 0;
      let squares = 0;
      for (let at = i * taps; at < (i + 1) * taps; at++) {
        absolute += Math.abs(values[at]);
        squares += (values[at] / top) ** 2;
      }
      normL1 += absolute;
      if (top > 0) normL2 = Math.hypot(normL2, top * Math.sqrt(squares));
    }
  }
  const limit = peak === 0 ? Infinity : sparsityEpsilon * peak;
  const sparseCount = peaks.filter((own) => own < limit).length;
  const nonFiniteCount = layer.storedFilterCount - filterCount;
  return {
    result: {
      index: layer.index,
      filterCount,
      nonFiniteCount,
      quality: {
        ...UNMEASURED_QUALITY,
        sparsity: filterCount === 0 ? null : sparseCount / filterCount,
        normL1,
        normL2,
        peak,
      },
      varianceShares: new Float64Array(),
      tapVariance: new Float64Array(),
      thumbnail: thumbnail.kernels(),
      traits: traits.traits(1),
      notes: [oversizedNote(layer.kernel)],
    },
    moments: { filterCount, nonFiniteCount, peak, normL1, normL2, sparseCount, sparsityEpsilon },
    scaled: { count: 0, mean: new Float64Array(), scatter: new Float64Array() },
  };
}
