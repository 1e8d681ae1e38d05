import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { ComputeBackend } from '../../src/compute/backend';
import { createCpuBackend } from '../../src/compute/cpu/create-cpu-backend';
import type { ChosenBackend } from '../../src/compute/choose';
import { AppError } from '../../src/domain/errors';
import type { BackendPreference } from '../../src/domain/results';
import { createAnalysisApi } from '../../src/workers/analysis-api';
import type { AnalysisApi } from '../../src/workers/analysis-api.types';
import { BackendEngine } from '../../src/workers/backend-engine';
import { BackendRuntime } from '../../src/workers/backend-runtime';
import type { LayerEngine } from '../../src/workers/layer-engine';
import { analyseFile } from '../support/analyse';

const PATH = 'public/samples/glyph-net-batchnorm.onnx';
const source = {
  kind: 'files' as const,
  name: 'glyph-net-batchnorm.onnx',
  main: new Blob([readFileSync(PATH)]),
  companions: [],
};
const context = { signal: new AbortController().signal, emit: () => undefined };
const EPSILON = 0.01;

function analyse(api: AnalysisApi, sparsityEpsilon = EPSILON) {
  return api.analyse({ handle: 'm', source, sparsityEpsilon }, context);
}

async function cpuApi(helpers: readonly LayerEngine[] = []): Promise<AnalysisApi> {
  const api = createAnalysisApi(helpers);
  await api.prepare({ backend: 'cpu' });
  return api;
}

/** Everything the views ask of a model. */
async function answers(api: AnalysisApi) {
  return {
    detail: await api.detail({ handle: 'm', index: 1, sparsityEpsilon: EPSILON }),
    filters: await api.filters({ handle: 'm', index: 1, first: 3, count: 5 }),
    coefficients: await api.coefficients({ handle: 'm', index: 1, first: 0, count: 9 }),
    density: await api.density({ handle: 'm', key: '3x3', index: null, components: [0, 1] }, context),
    driftNull: await api.driftNull({ handle: 'm', key: '3x3' }, context),
    content: await api.content({ handle: 'm' }, context),
  };
}

describe('a worker that takes over an analysed model', () => {
  test('answers as the one that analysed it', async () => {
    const first = await cpuApi();
    const record = await analyse(first);
    const second = await cpuApi();
    await second.open({ handle: 'm', source, record: structuredClone(record) }, context);
    expect(await answers(second)).toEqual(await answers(first));
  });
});

describe('requalify', () => {
  test('is an analysis at the other threshold, orthogonality included', async () => {
    const api = await cpuApi();
    await analyse(api);
    const layers = await api.requalify({ handle: 'm', sparsityEpsilon: 0.3 }, context);
    const anew = await analyse(await cpuApi(), 0.3);
    expect(layers).toEqual(anew.layers);
    expect(layers.some(({ quality }) => quality.sparsity! > 0)).toBe(true);
  });
});

describe('a GPU lost for good', () => {
  test('leaves the analysis to the CPU, which stays', async () => {
    const cpu = await createCpuBackend();
    const lost = new Proxy(
      { name: 'webgpu', description: 'lost', dispose: () => undefined } as ComputeBackend,
      {
        get: (target, key) =>
          key in target
            ? target[key as keyof ComputeBackend]
            : () => Promise.reject(new AppError('device-lost', 'The GPU is gone.')),
      },
    );
    const choose = async ({ backend }: BackendPreference): Promise<ChosenBackend> => {
      const chosen = backend === 'cpu' ? cpu : lost;
      const { name, description } = chosen;
      return { backend: chosen, report: { name, description, choice: 'forced', refused: [] } };
    };
    const api = createAnalysisApi([], new BackendRuntime([], choose));
    await api.prepare({ backend: 'webgpu' });
    const record = await analyse(api);
    expect(record.backend).toMatchObject({
      name: 'cpu',
      refused: [{ name: 'webgpu', reason: 'The GPU is gone.' }],
    });
    expect((await analyse(api)).backend.name).toBe('cpu');
    expect(record.layers).toEqual((await analyseFile(PATH)).result.layers);
  });
});

describe('a helper that fails', () => {
  test('to open the model takes no part, and nothing changes', async () => {
    const helper = new BackendEngine(await createCpuBackend());
    helper.open = () => Promise.reject(new Error('out of memory'));
    const { layers } = await analyse(await cpuApi([helper]));
    expect(layers).toEqual((await analyseFile(PATH)).result.layers);
  });

  test('in the middle fails the analysis with its reason', async () => {
    const helper = new BackendEngine(await createCpuBackend());
    const reason = new AppError('worker-crashed', 'A part of the analysis stopped answering.');
    helper.coefficientRange = () => Promise.reject(reason);
    await expect(analyse(await cpuApi([helper]))).rejects.toBe(reason);
  });
});
