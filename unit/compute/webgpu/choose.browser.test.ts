import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { ComputeBackend } from '../../../src/compute/backend';
import { chooseBackend } from '../../../src/compute/choose';
import type { BackendPreference } from '../../../src/domain/results';
import { createCpuBackend } from '../../../src/compute/cpu/create-cpu-backend';
import { selfTest } from '../../../src/compute/self-test';
import { adapterFacts, requestAdapter } from '../../../src/compute/webgpu/adapter';

/** Of the adapter the tests run on. */
let software: string;
beforeAll(async () => {
  software = adapterFacts((await requestAdapter())!).software!;
  expect(software).toMatch(/^(SwiftShader|llvmpipe)$/);
});

let chosen: ComputeBackend | undefined;
afterEach(() => {
  chosen?.dispose();
  vi.restoreAllMocks();
});

async function report(backend: BackendPreference['backend']) {
  const choice = await chooseBackend({ backend });
  chosen = choice.backend;
  expect(choice.report.name).toBe(choice.backend.name);
  return choice.report;
}

describe('the choice of a backend', () => {
  test('passes over a software adapter and says so', async () => {
    expect(await report('automatic')).toMatchObject({
      name: 'cpu',
      choice: 'automatic',
      refused: [
        {
          name: 'webgpu',
          reason: `The only WebGPU adapter is ${software}, a software renderer slower than the CPU path.`,
        },
      ],
    });
  });

  test('takes a software adapter that is asked for', async () => {
    expect(await report('webgpu')).toEqual({
      name: 'webgpu',
      description: `${software} (WebGPU)`,
      choice: 'forced',
      refused: [],
    });
  });

  test('takes hardware by itself', async () => {
    const info = {
      vendor: 'nvidia',
      architecture: 'ampere',
      device: '',
      description: '',
      isFallbackAdapter: false,
    };
    vi.spyOn(navigator.gpu, 'requestAdapter').mockImplementation(async () => {
      const real = (await GPU.prototype.requestAdapter.call(navigator.gpu))!;
      Object.defineProperty(real, 'info', { value: info });
      return real;
    });
    expect(await report('automatic')).toMatchObject({
      name: 'webgpu',
      description: 'NVIDIA Ampere (WebGPU)',
    });
  });

  test('does as told with the CPU', async () => {
    expect(await report('cpu')).toMatchObject({ name: 'cpu', choice: 'forced', refused: [] });
  });

  test('falls to the CPU where there is no adapter', async () => {
    vi.spyOn(navigator.gpu, 'requestAdapter').mockResolvedValue(null);
    expect(await report('webgpu')).toMatchObject({
      name: 'cpu',
      choice: 'forced',
      refused: [{ name: 'webgpu', reason: 'This browser found no WebGPU adapter.' }],
    });
  });

  test('falls to the CPU where the adapter gives no device', async () => {
    vi.spyOn(GPUAdapter.prototype, 'requestDevice').mockRejectedValue(new Error('no'));
    expect((await report('webgpu')).refused).toEqual([
      { name: 'webgpu', reason: `The WebGPU adapter ${software} gave no device.` },
    ]);
  });

  test('steps down where the adapter refuses its own limits', async () => {
    const asked: (number | undefined)[] = [];
    const real = GPUAdapter.prototype.requestDevice;
    vi.spyOn(GPUAdapter.prototype, 'requestDevice').mockImplementation(function (
      this: GPUAdapter,
      descriptor,
    ) {
      asked.push(descriptor?.requiredLimits?.maxBufferSize);
      return asked.length < 3 ? Promise.reject(new Error('too much')) : real.call(this, descriptor);
    });
    expect((await report('webgpu')).name).toBe('webgpu');
    expect(asked.length).toBe(3);
    expect(asked[2]!).toBeLessThanOrEqual(asked[0]!);
  });
});

describe('the self-test', () => {
  test('passes the CPU backend', async () => {
    expect(await selfTest(await createCpuBackend())).toBeNull();
  });

  test.each<[string, keyof ComputeBackend, (result: never) => unknown]>([
    [
      'the count of sparse filters',
      'layerMoments',
      (m: { sparseCount: number }) => ({ ...m, sparseCount: m.sparseCount + 1 }),
    ],
    ['the norms', 'layerMoments', (m: { normL1: number }) => ({ ...m, normL1: m.normL1 * 1.00001 })],
    [
      'the eigenvalues',
      'eigen',
      (pairs: { values: Float64Array }[]) =>
        pairs.map((p) => ({ ...p, values: p.values.map((v) => v * 1.001) })),
    ],
    ['the orthogonality', 'orthogonality', (value: number) => value + 1e-4],
    [
      'the coefficients',
      'coefficients',
      (values: Float32Array) => values.map((v) => (Number.isNaN(v) ? 0 : v)),
    ],
    ['the range of coefficients', 'coefficientRange', () => null],
    [
      'the histogram',
      'coefficientHistogram',
      (h: { counts: Uint32Array }) => ({ ...h, counts: h.counts.map((c) => c + 1) }),
    ],
    ['the density', 'coefficientDensity', (counts: Uint32Array) => counts.map(() => 0)],
  ])('finds fault with %s', async (fault, verb, spoil) => {
    const cpu = await createCpuBackend();
    const spoilt = new Proxy(cpu, {
      get: (target, key) =>
        key === verb
          ? async (...args: unknown[]) =>
              spoil((await (target[verb] as (...a: unknown[]) => unknown)(...args)) as never)
          : (target[key as keyof ComputeBackend] as (...a: unknown[]) => unknown).bind(target),
    });
    expect(await selfTest(spoilt)).toMatch(new RegExp(`^${fault} of filters with 9 taps$`));
  });
});
