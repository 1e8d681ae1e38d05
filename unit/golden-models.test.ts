import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { analyseFile } from './support/analyse';
import { CPU, differences, type Golden } from './support/golden';

function read(path: string): Golden {
  return JSON.parse(readFileSync(path, 'utf8'));
}

const SHARED = '../shared/reference/golden';
const shared = existsSync(SHARED) ? readdirSync(SHARED).filter((file) => file.endsWith('.onnx.json')) : [];

describe.skipIf(shared.length === 0)('real models, CPU without a browser', () => {
  test.each(shared)('%s', async (file) => {
    const { document } = await analyseFile(`../shared/models/onnx/${file.replace(/\.json$/, '')}`);
    expect(differences(document, read(`${SHARED}/${file}`), CPU)).toEqual([]);
  });
});

const SAMPLES = 'unit/golden/samples';

describe('bundled samples, CPU without a browser', () => {
  const manifest: { models: { id: string; file: string }[] } = JSON.parse(
    readFileSync('public/samples/manifest.json', 'utf8'),
  );

  test.each(manifest.models)('$id', async ({ id, file }) => {
    const { document } = await analyseFile(`public/samples/${file}`);
    expect(differences(document, read(`${SAMPLES}/${id}.json`), CPU)).toEqual([]);
  });
});
