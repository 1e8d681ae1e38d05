import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { DEFAULT_THRESHOLDS } from '../../src/domain/thresholds';
import type { FileAnalysis as FileAnalysisClass } from '../../src/node/file-analysis';
import { external, model, node } from '../formats/support/onnx-writer';
import { analyseFile } from '../support/analyse';

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'filterscope-'));
const out = join(folder, 'build');
const SAMPLE = 'public/samples/texture-resnet.onnx';

beforeAll(async () => {
  await build({
    configFile: 'vite.node.config.ts',
    logLevel: 'silent',
    build: {
      outDir: out,
      rolldownOptions: {
        input: {
          analyse: 'src/node/analyse.ts',
          'file-analysis': 'src/node/file-analysis.ts',
          'engine.thread': 'src/node/engine.thread.ts',
        },
      },
    },
  });
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function analyse(...args: string[]) {
  return run(process.execPath, ['--disable-warning=ExperimentalWarning', join(out, 'analyse.js'), ...args], {
    maxBuffer: 2 ** 28,
  });
}

interface Written {
  app: unknown;
  model: { sha256: string; dataFiles: unknown[] };
}

async function written(path: string): Promise<Written> {
  return JSON.parse((await analyse(path)).stdout) as Written;
}

describe('the analysis in Node, as built', () => {
  test('writes what the page exports', async () => {
    const { app: _, ...document } = await written(SAMPLE);
    const { app: __, ...expected } = (await analyseFile(SAMPLE)).document as unknown as Written;
    expect(document).toEqual(expected);
  });

  test('with any number of threads', async () => {
    const { FileAnalysis } = (await import(/* @vite-ignore */ join(out, 'file-analysis.js'))) as {
      FileAnalysis: typeof FileAnalysisClass;
    };
    const warn = vi.spyOn(console, 'warn');
    const records = [];
    for (const threads of [0, 1, 3]) {
      const analysis = new FileAnalysis(threads, pathToFileURL(join(out, 'engine.thread.js')));
      const { record } = await analysis.analyse(SAMPLE, {
        sparsityEpsilon: DEFAULT_THRESHOLDS.sparsityEpsilon,
      });
      await analysis.end();
      records.push({ ...record, timings: null });
    }
    expect(warn).not.toHaveBeenCalled();
    expect(records[1]).toEqual(records[0]);
    expect(records[2]).toEqual(records[0]);
  });

  test('finds the weights that lie beside the model, and counts them to its content', async () => {
    const path = join(folder, 'external.onnx');
    const weight = external('w', [4, 2, 3, 3], { location: 'w.bin' });
    writeFileSync(
      path,
      model({ nodes: [node('Conv', ['x', 'w'], ['y'])], initializers: [weight], inputs: ['x'] }),
    );
    writeFileSync(join(folder, 'w.bin'), new Uint8Array(Float32Array.from({ length: 72 }, Math.sin).buffer));
    const { model: facts } = await written(path);
    expect(facts.dataFiles).toMatchObject([{ path: 'w.bin', byteLength: 288 }]);
  });

  test.each([
    ['README.md', /"README.md" is a text file/],
    [join(folder, 'absent.onnx'), /absent\.onnx" cannot be read/],
  ])('says in one sentence what is wrong with %s', async (path, sentence) => {
    await expect(analyse(path)).rejects.toMatchObject({ code: 1, stdout: '', stderr: sentence });
  });
});
