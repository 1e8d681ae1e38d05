import { readFileSync } from 'node:fs';
import Ajv from 'ajv';
import { describe, expect, test } from 'vitest';
import { analysisDocument, analysisJson } from '../../../src/domain/export/analysis-document';
import { modelReport } from '../../../src/analysis/report';
import { FINE_PER_BIN } from '../../../src/domain/results';
import { DEFAULT_THRESHOLDS } from '../../../src/domain/thresholds';
import { layer, modelContent, modelRecord } from '../../support/model-record';

const schema = JSON.parse(
  readFileSync(new URL('../../../public/schema/filterscope.analysis.v2.json', import.meta.url), 'utf8'),
) as object;
const validate = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(schema);
const CONTENT = modelContent();

function documentOf(result = modelRecord(), content = CONTENT, thresholds = DEFAULT_THRESHOLDS) {
  return analysisDocument(result, content, modelReport(result, thresholds), '0.1.0');
}

function roundTrip(result = modelRecord()) {
  return JSON.parse(analysisJson(documentOf(result))) as ReturnType<typeof analysisDocument>;
}

describe('analysisDocument', () => {
  test('satisfies the published schema', () => {
    expect(validate(roundTrip()), JSON.stringify(validate.errors)).toBe(true);
  });

  test('the schema refuses a document without a required field, and one with a wrong digest', () => {
    const { layers: _, ...rest } = roundTrip();
    expect(validate(rest)).toBe(false);
    expect(validate({ ...roundTrip(), model: { ...roundTrip().model, sha256: 'ABC' } })).toBe(false);
  });

  test('the schema knows every field: one more anywhere, or one less, is refused', () => {
    const refused: string[] = [];
    const objects = (value: unknown, path: string): [string, Record<string, unknown>][] => {
      if (typeof value !== 'object' || value === null) return [];
      const own = Array.isArray(value) ? [] : [[path, value] as [string, Record<string, unknown>]];
      return [...own, ...Object.entries(value).flatMap(([key, child]) => objects(child, `${path}/${key}`))];
    };
    const open = ['/model/opsets', '/model/operatorCounts', '/summary/verdictCounts', '/bases'];
    const document = roundTrip();
    for (const [path, object] of objects(document, '')) {
      if (open.includes(path)) continue;
      object.stray = 1;
      if (!validate(document)) refused.push(path);
      else expect.fail(`${path} takes a stray field`);
      delete object.stray;
      for (const [key, value] of Object.entries(object)) {
        if (/\/warnings\//.test(path) && key === 'node') continue;
        delete object[key];
        if (validate(document)) expect.fail(`${path} does without ${key}`);
        object[key] = value;
      }
    }
    expect(refused.length).toBeGreaterThan(10);
    expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
  });

  test.each<[string, (document: ReturnType<typeof roundTrip>) => void]>([
    ['a share above 1', ({ layers }) => (layers[0].quality.sparsity = 1.5)],
    ['a negative norm', ({ layers }) => (layers[0].quality.normL1 = -1)],
    ['a negative entropy', ({ layers }) => (layers[0].quality.varianceEntropy = -0.1)],
    ['an orthogonality above 1', ({ layers }) => (layers[0].quality.orthogonality = 1.1)],
    ['a depth fraction above 1', ({ layers }) => (layers[0].depthFraction = 2)],
    ['half a filter', ({ layers }) => (layers[0].filterCount = 0.5)],
    ['an empty label', ({ layers }) => (layers[0].label = '')],
    ['a negative variance', ({ bases }) => (bases['3x3'].explainedVariance[0] = -1)],
    ['an eleventh decile', ({ bases }) => (bases['3x3'].deciles = [0, 10])],
    ['a decile named twice', ({ bases }) => (bases['3x3'].deciles = [0, 0])],
    ['a basis of something', ({ bases }) => (bases.something = bases['3x3'])],
    ['numbers as text', ({ bases }) => ((bases['3x3'].mean as unknown[])[0] = '0.1')],
  ])('the schema refuses %s', (_, spoil) => {
    const document = roundTrip();
    spoil(document);
    expect(validate(document)).toBe(false);
  });

  test('names every property of the document in the schema, with title and description', () => {
    const problems: string[] = [];
    visit(roundTrip(), schema as Schema, '');
    expect(problems).toEqual([]);

    function visit(value: unknown, node: Schema, path: string) {
      if (path !== '' && !path.endsWith(']') && (!node.title || !node.description))
        problems.push(`${path} lacks words`);
      if (Array.isArray(value) && node.items && 'title' in node.items)
        visit(value[0], node.items, `${path}.items`);
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
      for (const [key, child] of Object.entries(value)) {
        const described = node.properties?.[key] ?? node.additionalProperties;
        if (!described) problems.push(`${path}.${key} is not in the schema`);
        else if (described.title) visit(child, described, `${path}.${key}`);
      }
    }
  });

  test('carries the verdicts with their reasons and limits, so that the headline can be read from it', () => {
    const result = modelRecord([layer(0), layer(1), layer(2)]);
    result.layers[1].quality.sparsity = 0.5;
    const document = roundTrip(result);
    expect(document.version).toBe(2);
    expect(document.settings).toMatchObject(DEFAULT_THRESHOLDS);
    const names = document.layers.map(({ verdicts: [gravest] }) => gravest.name);
    expect(names).toEqual(['healthy', 'sparse', 'healthy']);
    expect(document.summary.verdictCounts).toEqual({ healthy: 2, sparse: 1 });
    expect(document.summary.sentence).toContain('1 of 3 layers with spatial kernels is sparse');
    expect(document.layers[1].verdicts[0].explanation).toContain('50 % of the filters');
    expect(document.layers[0].entropyThreshold).toEqual({
      value: 0.7,
      source: 'simulated',
      error: 0.001,
      draws: 1000,
    });
    expect(document.layers[0]).toMatchObject({
      weightName: 'conv0.weight',
      deadChannels: { output: [3], input: [] },
      doubles: { filters: { count: 1, pairs: [[5, 2]] }, outputChannels: { count: 0 } },
    });
  });

  test('the verdicts are those at the thresholds in force', () => {
    const strict = { ...DEFAULT_THRESHOLDS, sparseShare: 0.1 };
    const document = documentOf(modelRecord(), CONTENT, strict);
    expect(document.settings.sparseShare).toBe(0.1);
    expect(document.layers[0].verdicts[0].name).toBe('sparse');
  });

  test('sums the fine histogram to 70 bins a component and writes matrices as rows', () => {
    const basis = roundTrip().bases['3x3'];
    expect(basis.histogram).toHaveLength(9);
    expect(basis.histogram[0]).toEqual(new Array(70).fill(FINE_PER_BIN));
    expect(basis.components[1]).toEqual([0, 1, 0, 0, 0, 0, 0, 0, 0]);
    expect(basis.decileDrift).toEqual([
      [0, 0.5],
      [0.5, 0],
    ]);
    expect(basis.coefficientRange).toEqual([-1.5, 2]);
  });

  test('gives the range of the coefficients themselves where all are equal and the histograms widen it', () => {
    const result = modelRecord();
    result.kernelSizes[0].coefficientRange = [0.5, 0.5];
    result.kernelSizes[0].histogram.range = [0, 1];
    expect(roundTrip(result).bases['3x3'].coefficientRange).toEqual([0.5, 0.5]);
  });

  test('NaN and infinities become null and still satisfy the schema', () => {
    const result = modelRecord();
    result.layers[0].quality.varianceEntropy = NaN;
    result.layers[0].quality.normL2 = Infinity;
    result.kernelSizes[0].depthDeciles.drift[1] = -Infinity;
    result.kernelSizes[0].basis.mean[0] = NaN;
    result.kernelSizes[0].coefficientRange = [NaN, Infinity];
    const document = documentOf(result);
    expect(document.layers[0].quality.varianceEntropy).toBeNull();
    expect(document.layers[0].quality.normL2).toBeNull();
    expect(document.bases['3x3'].decileDrift[0]).toEqual([0, null]);
    expect(document.bases['3x3'].mean[0]).toBeNull();
    expect(document.bases['3x3'].coefficientRange).toEqual([null, null]);
    expect(validate(JSON.parse(analysisJson(document)))).toBe(true);
  });

  test('keeps the raw name beside the label, and leaves out a size with fewer than two filters', () => {
    const result = modelRecord([layer(0, { name: '', label: 'Conv 1' })]);
    result.kernelSizes[0].basis.filterCount = 1;
    const document = documentOf(result);
    expect(document.layers[0]).toMatchObject({ name: '', label: 'Conv 1' });
    expect(document.bases).toEqual({});
  });

  test('data files are listed beside the file, and the id stands for all of them', () => {
    const digest = 'cd'.repeat(32);
    const dataFile = { path: 'weights/a.bin', byteLength: 7, sha256: digest };
    const content = { id: 'ef'.repeat(32), files: [...CONTENT.files, dataFile] };
    const document = documentOf(modelRecord(), content);
    expect(document.model).toMatchObject({ id: content.id, dataFiles: [dataFile] });
    expect(document.model.sha256).toBe(CONTENT.files[0].sha256);
    expect(validate(JSON.parse(analysisJson(document))), JSON.stringify(validate.errors)).toBe(true);
  });

  test('a model without any layer is a valid document', () => {
    const result = { ...modelRecord([]), kernelSizes: [] };
    expect(validate(roundTrip(result)), JSON.stringify(validate.errors)).toBe(true);
  });
});

interface Schema {
  title?: string;
  description?: string;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema;
  items?: Schema;
}
