import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { ComputeBackend } from '../../src/compute/backend';
import { createCpuBackend } from '../../src/compute/cpu/create-cpu-backend';
import { createAnalysisApi } from '../../src/workers/analysis-api';
import { BackendRuntime } from '../../src/workers/backend-runtime';
import { model, node, tensor, type Field } from '../formats/support/onnx-writer';
import { analyseBytes } from '../support/analyse';

function good(name: string): Uint8Array {
  return tensor(
    name,
    [4, 2, 3, 3],
    Array.from({ length: 72 }, (_, i) => Math.sin(i * i)),
  );
}

/** Promises eight integers in a packed field, whose number shows only when they are read. */
function bad(name: string): Uint8Array {
  const values: Field[] = [[5, Uint8Array.of(1, 2, 3, 4, 5, 0x81, 0x82, 0x01)]];
  return tensor(name, [2, 1, 2, 2], values, 10);
}

async function analyse(...weights: [name: string, tensor: Uint8Array][]) {
  const nodes = weights.map(([name], i) => node('Conv', [`x${i}`, name], [`x${i + 1}`], {}, { name }));
  const bytes = model({ nodes, initializers: weights.map(([, each]) => each), inputs: ['x0'] });
  return analyseBytes('m.onnx', Uint8Array.from(bytes));
}

describe('a layer whose weights cannot be read', () => {
  test('is noted, and the others are as without it', async () => {
    const { document, result } = await analyse(['a', good('a')], ['broken', bad('broken')], ['b', good('b')]);
    const alone = (await analyse(['a', good('a')], ['b', good('b')])).document;
    expect(document.layers.map(({ filterCount }) => filterCount)).toEqual([8, 0, 8]);
    expect(result.layers[1].notes).toEqual([
      expect.stringMatching(/^"m\.onnx": the weight "broken" of layer "broken" needs 8 values/),
    ]);
    expect(document.layers[1].quality).toMatchObject({ sparsity: null, varianceEntropy: null, peak: null });
    expect([document.layers[0].quality, document.layers[2].quality]).toEqual(
      alone.layers.map(({ quality }) => quality),
    );
    expect(document.bases).toEqual(alone.bases);
  });

  test('stays as it is when the others are measured at another threshold', async () => {
    const weights: [string, Uint8Array][] = [
      ['a', good('a')],
      ['broken', bad('broken')],
    ];
    const { api, result } = await analyse(...weights);
    const { signal } = new AbortController();
    const layers = await api.requalify({ handle: 'model', sparsityEpsilon: 0.9999 }, { signal });
    expect(layers[1]).toEqual(result.layers[1]);
    expect(layers[0].quality.sparsity).toBeGreaterThan(result.layers[0].quality.sparsity!);
    expect(layers[0].quality.orthogonality).toBe(result.layers[0].quality.orthogonality);
  });

  test('where none can, the model fails with the first reason', async () => {
    await expect(analyse(['broken', bad('broken')], ['worse', bad('worse')])).rejects.toThrow(
      /the weight "broken" of layer "broken" needs 8 values/,
    );
  });
});

describe('a layer that memory does not suffice for', () => {
  const path = 'public/samples/glyph-net.onnx';

  async function analysed(verb: 'layerMoments' | 'orthogonality') {
    const backend = await createCpuBackend();
    let asked = 0;
    const small = new Proxy(backend, {
      get: (target, key) =>
        key === verb && ++asked === 2
          ? async () => new Float64Array(2 ** 50)
          : (target[key as keyof ComputeBackend] as (...a: unknown[]) => unknown).bind?.(target),
    });
    const report = { name: 'cpu', description: 'small', choice: 'forced', refused: [] } as const;
    const choose = async () => ({ backend: small, report: { ...report, refused: [] } });
    const api = createAnalysisApi([], new BackendRuntime([], choose));
    const source = {
      kind: 'files' as const,
      name: 'm.onnx',
      main: new Blob([readFileSync(path)]),
      companions: [],
    };
    const context = { signal: new AbortController().signal, emit: () => undefined };
    return api.analyse({ handle: 'm', source, sparsityEpsilon: 0.01 }, context);
  }

  test('is noted with its size, and the others are measured', async () => {
    const { layers } = await analysed('layerMoments');
    const notes = layers.flatMap((layer) => layer.notes);
    expect(notes).toEqual([
      expect.stringMatching(
        /^The browser refused the memory to measure layer .*, whose weights take [\d.]+ (kB|bytes);/,
      ),
    ]);
    expect(layers.filter(({ quality }) => quality.peak > 0)).toHaveLength(layers.length - 1);
  });

  test('for its orthogonality is measured but for that', async () => {
    const { layers } = await analysed('orthogonality');
    const without = layers.filter(({ quality }) => quality.orthogonality === null);
    expect(without).toHaveLength(1);
    expect(without[0].quality.peak).toBeGreaterThan(0);
    expect(without[0].notes).toEqual([
      expect.stringMatching(/^Orthogonality is not measured. The browser refused/),
    ]);
  });
});
