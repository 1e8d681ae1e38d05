import type { Layer } from '../../src/domain/model';
import { ALGORITHM_VERSION, type ModelContent, type ModelRecord } from '../../src/domain/record';
import type { LayerTraits } from '../../src/domain/traits';
import { BINS, FINE_PER_BIN, type BasisHistogram } from '../../src/domain/results';

const TAPS = 9;

export function layer(index: number, changes: Partial<Layer> = {}): Layer {
  return {
    index,
    name: `conv${index}`,
    label: `conv${index}`,
    kind: 'full',
    kernel: [3, 3],
    shape: [4, 2, 3, 3],
    groups: 1,
    convDepth: index,
    depthFraction: 0,
    storedFilterCount: 8,
    taps: TAPS,
    weightId: index,
    weightName: `conv${index}.weight`,
    storedType: 'float32',
    dilations: null,
    strides: null,
    batchNorm: 'none',
    facts: { operator: 'Conv', depth: index * 2 },
    ...changes,
  };
}

function histogram(perFineBin: number): BasisHistogram {
  const bins = BINS * FINE_PER_BIN;
  return { basisId: '0', range: [-1.5, 2], bins, counts: new Uint32Array(TAPS * bins).fill(perFineBin) };
}

/** Of a layer of eight filters, with a dead output channel and a double. */
export function layerTraits(): LayerTraits {
  const sign = { value: 3, z: 9, mean: 0, deviation: 0.3 };
  return {
    signs: {
      weightCount: 72,
      filterCount: 8,
      kurtosis: sign,
      filterSpread: sign,
      rowSpread: sign,
      columnSpread: sign,
      deviation: 0.2,
    },
    design: null,
    peaks: { rows: Float64Array.of(0.7, 0.5, 0.6, 0.001), columns: Float64Array.of(0.7, 0.6) },
    doubles: {
      filters: { count: 1, flipped: 0, pairs: [[5, 2]] },
      filtersByChance: 0,
      rows: { count: 0, flipped: 0, pairs: [] },
      columns: { count: 0, flipped: 0, pairs: [] },
    },
    entropyNull: { mean: 0.8, low: 0.7, high: 0.85, draws: 1000, error: 0.001 },
  };
}

/** A small finished analysis with every kind of value the export has to carry. */
export function modelRecord(layers: Layer[] = [layer(0), layer(1)]): ModelRecord {
  const identity = Float64Array.from({ length: TAPS * TAPS }, (_, i) => (i % (TAPS + 1) === 0 ? 1 : 0));
  return {
    description: {
      name: 'small.onnx',
      byteLength: 1234,
      facts: {
        format: 'onnx',
        producer: 'pytorch 2.1',
        irVersion: 8,
        opsets: { 'ai.onnx': 17 },
        operatorCounts: { Conv: layers.length, Relu: 1 },
      },
      dataFiles: [],
      layers,
      warnings: [{ code: 'unresolved-weight', message: 'Node x: its weight is computed.', node: 'x' }],
    },
    statistics: layers.map(() => null),
    layers: layers.map(({ index, taps }) => ({
      index,
      filterCount: 8,
      nonFiniteCount: 0,
      quality: {
        sparsity: 0.125,
        varianceEntropy: 0.65,
        randomThreshold: null,
        varianceEntropyRatio: null,
        varianceEntropyClean: 0.64,
        varianceEntropyCleanRatio: null,
        orthogonality: 0.9,
        normL1: 12.5,
        normL2: 3.25,
        peak: 0.7,
      },
      varianceShares: new Float64Array(taps).fill(1 / taps),
      tapVariance: new Float64Array(taps).fill(0.1),
      thumbnail: { values: new Float32Array(8 * taps), count: 8 },
      traits: layerTraits(),
      notes: [],
    })),
    kernelSizes: [
      {
        key: '3x3',
        kernel: [3, 3],
        basis: {
          taps: TAPS,
          filterCount: 16,
          mean: new Float64Array(TAPS).fill(0.1),
          components: identity,
          explainedVariance: new Float64Array(TAPS).fill(0.2),
          explainedVarianceRatio: new Float64Array(TAPS).fill(1 / TAPS),
        },
        basisId: '0',
        layerIndices: layers.map(({ index }) => index),
        coefficientRange: [-1.5, 2],
        histogram: histogram(1),
        depthDeciles: {
          keys: [0, 9],
          filterCounts: [8, 8],
          histograms: [histogram(1), histogram(0)],
          drift: Float64Array.of(0, 0.5, 0.5, 0),
        },
      },
    ],
    algorithm: ALGORITHM_VERSION,
    backend: {
      name: 'cpu',
      description: 'CPU',
      choice: 'automatic',
      refused: [{ name: 'webgpu', reason: 'None.' }],
    },
    sparsityEpsilon: 0.01,
    timings: { total: 1 },
  };
}

/** Digests of a model in one file. */
export function modelContent(sha256 = 'ab'.repeat(32)): ModelContent {
  return { id: sha256, files: [{ path: '', byteLength: 1234, sha256 }] };
}
