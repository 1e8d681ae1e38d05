import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { decodePicture } from '../../src/client/sample-picture';
import { isPointwise } from '../../src/domain/model';
import { SAMPLE_GROUPS, type SampleGroup } from '../../src/domain/sample';
import { bytesSource } from '../../src/formats/byte-source';
import { detectFormat } from '../../src/formats/registry';

const SAMPLES = new URL('../../public/samples/', import.meta.url);
const GOLDEN = new URL('../golden/samples/', import.meta.url);
const BYTES_AT_MOST = 4_000_000;

interface Metric {
  name: string;
  value: number;
  chance: number;
}

interface Entry {
  id: string;
  file: string;
  title: string;
  byteLength: number;
  sha256: string;
  group: SampleGroup;
  teaches: string;
  picture: { kernel: number[]; count: number; values: string };
  task: string;
  visualCategory: string;
  trainingData: string;
  trainingDataSize: number;
  architecture: string;
  batchNorm: string;
  training: string;
  metric: Metric & { floor: number | null };
  otherMetrics: Metric[];
  epochs: number;
  seed: number;
  license: string;
  description: string;
}

interface GoldenLayer {
  name: string;
  operator: string;
  kernel: number[];
  shape: number[];
  groups: number;
  filterCount: number;
  quality: { sparsity: number; varianceEntropyRatio: number | null };
}

interface Golden {
  file: string;
  layers: GoldenLayer[];
  bases: Record<
    string,
    {
      filterCount: number;
      components: number[][];
      explainedVarianceRatio: number[];
      histogram: number[][];
      decileFilterCounts: number[];
      decileDrift: number[][];
    }
  >;
}

function json(url: URL): unknown {
  return JSON.parse(readFileSync(url, 'utf8'));
}

const manifest = json(new URL('manifest.json', SAMPLES)) as { version: number; models: Entry[] };
function entry(id: string): Entry {
  const found = manifest.models.find((model) => model.id === id);
  if (!found) throw new Error(`The manifest lists no ${id}.`);
  return found;
}

function golden(id: string): Golden {
  return json(new URL(`${id}.json`, GOLDEN)) as Golden;
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Layers of 3x3 kernels without the first one, whose few filters make its entropy uncertain. */
function deep3x3(id: string): GoldenLayer[] {
  return golden(id)
    .layers.filter((layer) => layer.operator === 'Conv' && layer.kernel.join('x') === '3x3')
    .slice(1);
}

function entropyRatios(id: string): number[] {
  return deep3x3(id).map((layer) => layer.quality.varianceEntropyRatio ?? NaN);
}

function mean(values: number[]): number {
  return sum(values) / values.length;
}

describe('sample manifest', () => {
  test('lists at least ten models under unique names', () => {
    expect(manifest.version).toBe(1);
    expect(manifest.models.length).toBeGreaterThanOrEqual(10);
    for (const key of ['id', 'file', 'title', 'sha256'] as const) {
      expect(new Set(manifest.models.map((model) => model[key])).size, key).toBe(manifest.models.length);
    }
  });

  test('lists exactly the files of its folder', () => {
    const files = readdirSync(SAMPLES).filter((name) => name !== 'manifest.json');
    expect(files.sort()).toEqual(manifest.models.map((model) => model.file).sort());
  });

  test.each(manifest.models)('$id: size and digest are those of the file', ({ file, byteLength, sha256 }) => {
    const bytes = readFileSync(new URL(file, SAMPLES));
    expect(bytes.byteLength).toBe(byteLength);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
  });

  test('stays under 4 MB in all', () => {
    expect(sum(manifest.models.map((model) => model.byteLength))).toBeLessThan(BYTES_AT_MOST);
  });

  test.each(manifest.models)('$id: every field says something', (model) => {
    for (const key of [
      'title',
      'teaches',
      'task',
      'visualCategory',
      'trainingData',
      'architecture',
      'training',
      'description',
    ] as const) {
      expect(model[key].trim().length, key).toBeGreaterThan(3);
    }
    expect(['folded', 'unfolded', 'none']).toContain(model.batchNorm);
    expect(model.license).toBe('MIT');
    expect(Number.isInteger(model.seed)).toBe(true);
  });

  test.each(manifest.models)(
    '$id: reached its floor, which lies above chance',
    ({ metric, training, epochs }) => {
      if (training === 'untrained') {
        expect(epochs).toBe(0);
        expect(metric.floor).toBeNull();
        expect(metric.value).toBeLessThan(2 * metric.chance);
        return;
      }
      expect(epochs).toBeGreaterThan(0);
      expect(metric.floor).toBeGreaterThan(metric.chance);
      expect(metric.value).toBeGreaterThanOrEqual(metric.floor!);
    },
  );
});

describe('what the first screen draws', () => {
  test('every group has a sample, and what each teaches is one short sentence', () => {
    expect(new Set(manifest.models.map(({ group }) => group))).toEqual(new Set(SAMPLE_GROUPS));
    for (const { id, teaches } of manifest.models) {
      expect(teaches, id).toMatch(/^[A-Z][^.]{8,90}\.$/);
    }
  });

  test.each(manifest.models)(
    '$id: kernels of its first spatial layer, rounded',
    async ({ file, picture }) => {
      expect(picture.values.length).toBeLessThanOrEqual(1500);
      const source = bytesSource(file, readFileSync(new URL(file, SAMPLES)));
      const model = await (await detectFormat(source)).open(source, { companions: new Map() });
      const layer = model.description.layers.find(({ kernel }) => !isPointwise(kernel))!;
      const { values, count: filters, taps } = await model.readFilters(layer.index);
      const peak = Math.max(...values.map(Math.abs));
      const drawn = decodePicture(picture)!;
      expect(drawn.kernel).toEqual(layer.kernel);
      for (const [i, value] of drawn.values.entries()) {
        const filter = Math.floor((Math.floor(i / taps) * filters) / drawn.count);
        expect(Math.abs(value - values[filter * taps + (i % taps)]! / peak)).toBeLessThanOrEqual(
          0.5 / 127 + 1e-6,
        );
      }
    },
  );
});

describe('what the samples differ in', () => {
  test('spans tasks, categories and treatments of batch norm', () => {
    const distinct = (key: 'task' | 'visualCategory' | 'batchNorm') =>
      new Set(manifest.models.map((model) => model[key])).size;
    expect(distinct('task')).toBeGreaterThanOrEqual(4);
    expect(distinct('visualCategory')).toBeGreaterThanOrEqual(4);
    expect(distinct('batchNorm')).toBe(3);
  });

  test('twins have layers of the same shapes as the fractal ResNet', () => {
    const shapes = (id: string) => golden(id).layers.map((layer) => layer.shape);
    for (const twin of ['robust', 'small-data', 'random-labels', 'untrained']) {
      expect(shapes(`fractal-resnet-${twin}`), twin).toEqual(shapes('fractal-resnet'));
    }
    expect(shapes('glyph-net-batchnorm')).toEqual(shapes('glyph-net'));
  });

  test('untrained 3x3 layers lie at the random threshold, trained ones below', () => {
    for (const value of entropyRatios('fractal-resnet-untrained'))
      expect(Math.abs(value - 1)).toBeLessThan(0.02);
    expect(mean(entropyRatios('fractal-resnet'))).toBeLessThan(0.93);
    expect(mean(entropyRatios('fractal-resnet-random-labels'))).toBeGreaterThan(
      mean(entropyRatios('fractal-resnet')),
    );
  });

  test('the over-parameterised network has sparse layers of low diversity', () => {
    const degenerate = deep3x3('fractal-wide-degenerate').filter(
      ({ quality }) => quality.sparsity >= 0.14 && (quality.varianceEntropyRatio ?? 1) < 0.6,
    );
    expect(degenerate.length).toBeGreaterThanOrEqual(1);
    expect(deep3x3('fractal-resnet').filter(({ quality }) => quality.sparsity >= 0.14)).toEqual([]);
  });

  test('the robust twin withstands the attack that breaks the normal one', () => {
    const attacked = (id: string) =>
      entry(id).otherMetrics.find(({ name }) => name.includes('attack'))!.value;
    expect(attacked('fractal-resnet')).toBeLessThan(0.2);
    expect(attacked('fractal-resnet-robust')).toBeGreaterThan(attacked('fractal-resnet') + 0.2);
  });

  test('one network has depthwise kernels of 3x3, 5x5 and 7x7', () => {
    const depthwise = golden('depthwise-net').layers.filter(
      (layer) => layer.groups > 1 && layer.shape[1] === 1,
    );
    expect(new Set(depthwise.map((layer) => layer.kernel.join('x')))).toEqual(new Set(['3x3', '5x5', '7x7']));
  });

  test('the first sample begins with colour filters of at least 5x5', () => {
    const [first] = golden(manifest.models[0]!.id).layers;
    expect(first!.shape[1]).toBe(3);
    expect(Math.min(...first!.kernel)).toBeGreaterThanOrEqual(5);
  });
});

describe('golden values of the samples', () => {
  test('exist for every sample and for nothing else', () => {
    expect(existsSync(GOLDEN)).toBe(true);
    expect(readdirSync(GOLDEN).sort()).toEqual(manifest.models.map((model) => `${model.id}.json`).sort());
  });

  test.each(manifest.models)('$id: counts, shares and components are consistent', ({ id, file }) => {
    const { file: named, layers, bases } = golden(id);
    expect(named).toBe(file);
    for (const [size, basis] of Object.entries(bases)) {
      const pooled = layers.filter((layer) => layer.operator === 'Conv' && layer.kernel.join('x') === size);
      expect(basis.filterCount, size).toBe(sum(pooled.map((layer) => layer.filterCount)));
      expect(sum(basis.decileFilterCounts), size).toBe(basis.filterCount);
      expect(sum(basis.explainedVarianceRatio), size).toBeCloseTo(1, 9);
      for (const counts of basis.histogram) {
        expect(counts.length).toBe(70);
        expect(sum(counts), size).toBe(basis.filterCount);
      }
      basis.components.forEach((row, i) => {
        expect(sum(row.map((value) => value * value)), `${size} component ${i}`).toBeCloseTo(1, 9);
      });
      basis.decileDrift.forEach((row, i) => expect(row[i], size).toBe(0));
    }
  });
});
