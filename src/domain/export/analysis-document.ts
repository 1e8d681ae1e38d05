import { coarsen } from '../histogram';
import type { Layer, ModelWarning } from '../model';
import type { ContentFile, ModelContent, ModelRecord } from '../record';
import type { LayerReport, ModelReport } from '../report';
import {
  BINS,
  type BackendName,
  type BackendReport,
  type KernelSizeResult,
  type LayerQuality,
  type LayerResult,
} from '../results';
import type { Thresholds } from '../thresholds';

/** The exported file; public/schema/filterscope.analysis.v2.json describes every field. */
export interface AnalysisDocument {
  $schema: string;
  format: 'filterscope.analysis';
  version: 2;
  app: { name: 'Filterscope'; version: string };
  /** Version of the algorithms: results are byte-equal for one of these, one app version and one backend description. */
  algorithm: number;
  backend: BackendName;
  backendReport: Omit<BackendReport, 'name'>;
  settings: Thresholds & { bins: number };
  model: {
    name: string;
    format: string;
    byteLength: number;
    /** Of all files the weights lie in; equal to `sha256` where that is one. */
    id: string;
    sha256: string;
    /** Files beside the model that hold its weights. */
    dataFiles: ContentFile[];
    producer: string;
    irVersion: number | null;
    opsets: Record<string, number>;
    operatorCounts: Record<string, number>;
    warnings: ModelWarning[];
  };
  summary: { sentence: string; verdictCounts: Record<string, number> };
  layers: ExportedLayer[];
  bases: Record<string, ExportedBasis>;
}

export type ExportedQuality = { [Key in keyof LayerQuality]: number | null };

export interface ExportedLayer
  extends
    Pick<
      Layer,
      | 'name'
      | 'label'
      | 'kind'
      | 'kernel'
      | 'shape'
      | 'groups'
      | 'convDepth'
      | 'depthFraction'
      | 'weightName'
      | 'storedType'
      | 'batchNorm'
    >,
    LayerReport {
  operator: Layer['facts']['operator'];
  depth: Layer['facts']['depth'];
  filterCount: number;
  nonFiniteCount: number;
  quality: ExportedQuality;
  notes: string[];
}

export interface ExportedBasis {
  filterCount: number;
  mean: (number | null)[];
  /** Row i is component i. */
  components: (number | null)[][];
  explainedVariance: (number | null)[];
  explainedVarianceRatio: (number | null)[];
  coefficientRange: [number | null, number | null];
  /** components x bins */
  histogram: number[][];
  deciles: number[];
  decileFilterCounts: number[];
  decileDrift: (number | null)[][];
}

const SCHEMA_ID = 'filterscope.analysis.v2.json';

/**
 * The versioned export of one analysed model. Names and meanings follow the reference results; numbers that JSON
 * cannot hold (NaN, infinities) become null.
 */
export function analysisDocument(
  record: ModelRecord,
  content: ModelContent,
  report: ModelReport,
  appVersion: string,
): AnalysisDocument {
  const { description, backend } = record;
  const { facts } = description;
  const [main, ...dataFiles] = content.files;
  const resultOf = new Map(record.layers.map((layer) => [layer.index, layer]));
  return {
    $schema: SCHEMA_ID,
    format: 'filterscope.analysis',
    version: 2,
    app: { name: 'Filterscope', version: appVersion },
    algorithm: record.algorithm,
    backend: backend.name,
    backendReport: {
      description: backend.description,
      choice: backend.choice,
      refused: backend.refused.map(({ name, reason }) => ({ name, reason })),
    },
    settings: { ...report.thresholds, bins: BINS },
    model: {
      name: description.name,
      format: facts.format,
      byteLength: description.byteLength,
      id: content.id,
      sha256: main.sha256,
      dataFiles: dataFiles.map((file) => ({ ...file })),
      producer: facts.producer,
      irVersion: facts.irVersion,
      opsets: { ...facts.opsets },
      operatorCounts: { ...facts.operatorCounts },
      warnings: description.warnings.map((warning) => ({ ...warning })),
    },
    summary: { sentence: report.summary, verdictCounts: { ...report.verdictCounts } },
    layers: description.layers.flatMap((layer) => {
      const layerResult = resultOf.get(layer.index);
      const said = report.layers[layer.index];
      return layerResult && said ? [exportedLayer(layer, layerResult, said)] : [];
    }),
    bases: Object.fromEntries(
      record.kernelSizes
        .filter((size) => size.basis.filterCount >= 2)
        .map((size) => [size.key, exportedBasis(size)]),
    ),
  };
}

/** Text of the export file. */
export function analysisJson(document: AnalysisDocument): string {
  return `${JSON.stringify(document, null, 1)}\n`;
}

function exportedLayer(layer: Layer, result: LayerResult, report: LayerReport): ExportedLayer {
  return {
    name: layer.name,
    label: layer.label,
    operator: layer.facts.operator,
    kind: layer.kind,
    kernel: [...layer.kernel],
    shape: [...layer.shape],
    groups: layer.groups,
    depth: layer.facts.depth,
    convDepth: layer.convDepth,
    depthFraction: finite(layer.depthFraction),
    weightName: layer.weightName,
    storedType: layer.storedType,
    batchNorm: layer.batchNorm,
    filterCount: result.filterCount,
    nonFiniteCount: result.nonFiniteCount,
    quality: exportedQuality(result.quality),
    ...report,
    notes: [...result.notes],
  };
}

function exportedQuality(quality: LayerQuality): ExportedQuality {
  return {
    sparsity: finite(quality.sparsity),
    varianceEntropy: finite(quality.varianceEntropy),
    randomThreshold: finite(quality.randomThreshold),
    varianceEntropyRatio: finite(quality.varianceEntropyRatio),
    varianceEntropyClean: finite(quality.varianceEntropyClean),
    varianceEntropyCleanRatio: finite(quality.varianceEntropyCleanRatio),
    orthogonality: finite(quality.orthogonality),
    normL1: finite(quality.normL1),
    normL2: finite(quality.normL2),
    peak: finite(quality.peak),
  };
}

function exportedBasis({ basis, histogram, depthDeciles, ...size }: KernelSizeResult): ExportedBasis {
  return {
    filterCount: basis.filterCount,
    mean: numbers(basis.mean),
    components: rows(numbers(basis.components), basis.taps),
    explainedVariance: numbers(basis.explainedVariance),
    explainedVarianceRatio: numbers(basis.explainedVarianceRatio),
    coefficientRange: [finite(size.coefficientRange[0]), finite(size.coefficientRange[1])],
    histogram: rows(Array.from(coarsen(histogram).counts), BINS),
    deciles: [...depthDeciles.keys],
    decileFilterCounts: [...depthDeciles.filterCounts],
    decileDrift: rows(numbers(depthDeciles.drift), depthDeciles.keys.length),
  };
}

function finite(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? value : null;
}

function numbers(values: Float64Array): (number | null)[] {
  return Array.from(values, finite);
}

function rows<Value>(values: Value[], width: number): Value[][] {
  const result: Value[][] = [];
  for (let first = 0; width > 0 && first < values.length; first += width) {
    result.push(values.slice(first, first + width));
  }
  return result;
}
