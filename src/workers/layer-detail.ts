import { covariance } from '../analysis/moments';
import { basisFromMoments } from '../analysis/pca';
import { kernelKey } from '../domain/model';
import type { ModelRecord } from '../domain/record';
import type { LayerDetail } from '../domain/results';
import { hasMoments, unpackHistogram } from '../domain/statistics';
import type { BackendEngine } from './backend-engine';
import { foldedQuality } from './folding';

/**
 * What a layer view needs beyond the layer's figures, from its statistics; the filters are read again only for the moments of
 * large kernels, which are not kept, and for the folded quality.
 */
export async function layerDetail(
  engine: BackendEngine,
  record: ModelRecord,
  request: { handle: string; index: number; sparsityEpsilon: number },
): Promise<LayerDetail> {
  const { handle, index } = request;
  const layer = engine.layer(handle, index);
  const statistics = record.statistics[index];
  const kept = statistics && hasMoments(statistics.moments) ? statistics.moments : null;
  const { raw, scaled } = kept ?? (await engine.moments(handle, index, 0));
  // A transposed layer may share its weight with one that is pooled; itself it lies on no basis.
  const histogram = layer.kind === 'transposed' ? null : (statistics?.histogram ?? null);
  const isKnown = record.kernelSizes.some(({ key }) => key === kernelKey(layer.kernel));
  return {
    index,
    histogram: histogram && isKnown ? unpackHistogram(histogram) : null,
    basis: basisFromMoments(scaled),
    covariance: covariance(raw),
    mean: raw.mean,
    folded: await foldedQuality(engine, request, record.layers[index].quality.orthogonality),
  };
}
