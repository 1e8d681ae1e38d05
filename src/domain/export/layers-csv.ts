import { kernelKey, type Layer } from '../model';
import type { ModelRecord } from '../record';
import type { LayerReport, ModelReport } from '../report';
import type { LayerResult } from '../results';
import { csvText, type CsvCell } from './csv';

const COLUMNS: [name: string, cell: (layer: Layer, result: LayerResult, report: LayerReport) => CsvCell][] = [
  ['index', (layer) => layer.index],
  ['name', (layer) => layer.name],
  ['label', (layer) => layer.label],
  ['operator', (layer) => layer.facts.operator],
  ['kind', (layer) => layer.kind],
  ['kernel', (layer) => kernelKey(layer.kernel)],
  ['shape', (layer) => layer.shape.join('x')],
  ['groups', (layer) => layer.groups],
  ['depth', (layer) => layer.facts.depth],
  ['convDepth', (layer) => layer.convDepth],
  ['depthFraction', (layer) => layer.depthFraction],
  ['weightName', (layer) => layer.weightName],
  ['storedType', (layer) => layer.storedType],
  ['batchNorm', (layer) => layer.batchNorm],
  ['filterCount', (_, result) => result.filterCount],
  ['nonFiniteCount', (_, result) => result.nonFiniteCount],
  ['sparsity', (_, { quality }) => quality.sparsity],
  ['varianceEntropy', (_, { quality }) => quality.varianceEntropy],
  ['randomThreshold', (_, { quality }) => quality.randomThreshold],
  ['varianceEntropyRatio', (_, { quality }) => quality.varianceEntropyRatio],
  ['varianceEntropyClean', (_, { quality }) => quality.varianceEntropyClean],
  ['varianceEntropyCleanRatio', (_, { quality }) => quality.varianceEntropyCleanRatio],
  ['orthogonality', (_, { quality }) => quality.orthogonality],
  ['normL1', (_, { quality }) => quality.normL1],
  ['normL2', (_, { quality }) => quality.normL2],
  ['peak', (_, { quality }) => quality.peak],
  ['verdict', (_, __, { verdicts }) => verdicts[0]?.name ?? null],
  ['verdicts', (_, __, { verdicts }) => verdicts.map(({ name }) => name).join(' ')],
  ['explanation', (_, __, { verdicts }) => verdicts.map(({ explanation }) => explanation).join(' ')],
  ['entropyThreshold', (_, __, { entropyThreshold }) => entropyThreshold?.value ?? null],
  ['entropyThresholdSource', (_, __, { entropyThreshold }) => entropyThreshold?.source ?? null],
  ['entropyThresholdError', (_, __, { entropyThreshold }) => entropyThreshold?.error ?? null],
  ['lowDiversityLimit', (_, __, { lowDiversityLimit }) => lowDiversityLimit],
  ['design', (_, __, { design }) => design],
  ['kurtosis', (_, __, { signs }) => signs?.kurtosis.value ?? null],
  ['kurtosisZ', (_, __, { signs }) => signs?.kurtosis.z ?? null],
  ['filterSpread', (_, __, { signs }) => signs?.filterSpread.value ?? null],
  ['filterSpreadZ', (_, __, { signs }) => signs?.filterSpread.z ?? null],
  ['weightDeviation', (_, __, { signs }) => signs?.deviation ?? null],
  ['deadOutputChannels', (_, __, { deadChannels }) => deadChannels?.output.length ?? null],
  ['deadInputChannels', (_, __, { deadChannels }) => deadChannels?.input.length ?? null],
  ['doubleFilters', (_, __, { doubles }) => doubles?.filters?.count ?? null],
  ['doubleFiltersByChance', (_, __, { doubles }) => (doubles?.filters ? doubles.filtersByChance : null)],
  ['doubleOutputChannels', (_, __, { doubles }) => doubles?.outputChannels?.count ?? null],
  ['doubleInputChannels', (_, __, { doubles }) => doubles?.inputChannels?.count ?? null],
];

/** The limits that the verdicts were read with, on every row. */
const LIMITS = ['sparsityEpsilon', 'sparseShare', 'lowEntropy', 'randomMargin'] as const;

/** One row per layer in file order, with a header row; the names are those of the JSON export. */
export function layersCsv({ description, layers }: ModelRecord, report: ModelReport): string {
  const resultOf = new Map(layers.map((layer) => [layer.index, layer]));
  const limits = LIMITS.map((limit) => report.thresholds[limit]);
  return csvText([
    [...COLUMNS.map(([name]) => name), ...LIMITS],
    ...description.layers.flatMap((layer) => {
      const result = resultOf.get(layer.index);
      const said = report.layers[layer.index];
      return result && said ? [[...COLUMNS.map(([, cell]) => cell(layer, result, said)), ...limits]] : [];
    }),
  ]);
}
