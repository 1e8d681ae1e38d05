import { kernelKey, type Layer } from '../model';
import type { ModelRecord } from '../record';
import type { LayerResult } from '../results';
import { csvText, type CsvCell } from './csv';

const COLUMNS: [name: string, cell: (layer: Layer, result: LayerResult) => CsvCell][] = [
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
  ['weight', (layer) => layer.weightName],
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
];

/** One row per layer in file order, with a header row; the names are those of the JSON export. */
export function layersCsv(result: ModelRecord): string {
  const resultOf = new Map(result.layers.map((layer) => [layer.index, layer]));
  return csvText([
    COLUMNS.map(([name]) => name),
    ...result.description.layers.flatMap((layer) => {
      const layerResult = resultOf.get(layer.index);
      return layerResult ? [COLUMNS.map(([, cell]) => cell(layer, layerResult))] : [];
    }),
  ]);
}
