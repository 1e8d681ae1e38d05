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
import { connect, serve, type Endpoint } from '../../src/workers/rpc';
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

/** Answers as they arrive at the other end of a channel. */
function transferred(all: Awaited<ReturnType<typeof answers>>): unknown {
  return Object.fromEntries(
    Object.entries(all).map(([key, value]) => [key, (value as { value?: unknown }).value ?? value]),
  );
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

  test('does so over a message channel', async () => {
    const first = await cpuApi();
    const record = await analyse(first);
    const { port1, port2 } = new MessageChannel();
    serve(port2 as unknown as Endpoint, await cpuApi());
    const { remote } = connect<AnalysisApi>(port1 as unknown as Endpoint);
    try {
      await remote.open({ handle: 'm', source, record });
      const { signal } = context;
      const over = {
        detail: await remote.detail({ handle: 'm', index: 1, sparsityEpsilon: EPSILON }),
        filters: await remote.filters({ handle: 'm', index: 1, first: 3, count: 5 }),
        coefficients: await remote.coefficients({ handle: 'm', index: 1, first: 0, count: 9 }),
        density: await remote.density(
          { handle: 'm', key: '3x3', index: null, components: [0, 1] },
          { signal },
        ),
        driftNull: await remote.driftNull({ handle: 'm', key: '3x3' }, { signal }),
        content: await remote.content({ handle: 'm' }, { signal }),
      };
      expect(over).toEqual(transferred(await answers(first)));
    } finally {
      port1.close();
    }
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

  test.each([
    'measure',
    'orthogonality',
    'coefficientRange',
    'coefficientHistogram',
    'cacheFilters',
  ] as const)('at %s leaves the rest to the others, and nothing changes', async (verb) => {
    const helper = new BackendEngine(await createCpuBackend());
    let asked = 0;
    const before = helper[verb].bind(helper) as (request: unknown) => Promise<never>;
    Object.assign(helper, {
      [verb]: (request: unknown) =>
        ++asked === 2 || verb === 'cacheFilters'
          ? Promise.reject(new AppError('worker-crashed', 'It stopped answering.'))
          : before(request),
    });
    const { layers, kernelSizes } = await analyse(await cpuApi([helper]));
    const alone = (await analyseFile(PATH)).result;
    expect({ layers, kernelSizes }).toEqual({ layers: alone.layers, kernelSizes: alone.kernelSizes });
    expect(asked).toBeGreaterThan(0);
  });
});
