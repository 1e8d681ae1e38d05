import { engine } from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { layerMomentsReference } from '../../../src/analysis/filters';
import type { ComputeBackend } from '../../../src/compute/backend';
import type { WebGpuBackend } from '../../../src/compute/webgpu/create-webgpu-backend';
import { Device } from '../../../src/compute/webgpu/device';
import { JobRunner } from '../../../src/compute/webgpu/job-runner';
import { randomBank } from '../banks';
import { basisFor, expectMoments, openBackend, OPTIONS } from './support';

let opened: { dispose?: () => void; close?: () => void }[] = [];
afterEach(() => {
  for (const one of opened) (one.dispose ?? one.close)!.call(one);
  opened = [];
});

async function open(): Promise<WebGpuBackend> {
  const backend = await openBackend();
  opened.push(backend);
  return backend;
}

async function openRunner(reopen = () => Device.open()): Promise<JobRunner> {
  const runner = new JobRunner((await Device.open())!, reopen);
  opened.push(runner);
  return runner;
}

const bank = randomBank(5000, 9);

async function everyVerb(backend: ComputeBackend): Promise<unknown[]> {
  const basis = basisFor(bank);
  return [
    await backend.layerMoments(bank, OPTIONS),
    await backend.orthogonality(bank, 50),
    await backend.eigen([layerMomentsReference(bank, OPTIONS).scaled.scatter], 9),
    await backend.coefficientRange(bank, basis),
    await backend.coefficientHistogram(bank, basis, [-1, 1], 70),
    await backend.coefficientDensity(bank, basis, [0, 1], 64, 3.3),
    await backend.coefficients(bank, basis),
  ];
}

describe('the WebGPU backend', () => {
  test('gives the same bytes twice and leaves no tensor', async () => {
    const backend = await open();
    const before = engine().state.numTensors;
    const first = await everyVerb(backend);
    expect(await everyVerb(backend)).toEqual(first);
    expect(engine().state.numTensors).toBe(before);
    expect(backend.tensorCount).toBe(0);
  });

  test('gives the same bytes after its device was lost', async () => {
    const backend = await open();
    const expected = await everyVerb(backend);
    backend.loseDevice();
    expect(await everyVerb(backend)).toEqual(expected);
  });

  test('repeats the job that was at work when the device was lost', async () => {
    const backend = await open();
    const large = randomBank(100_000, 9);
    const expected = layerMomentsReference(large, OPTIONS);
    const before = engine().state.numTensors;
    for (const delayMs of [0, 1, 5, 20, 60]) {
      const job = backend.layerMoments(large, OPTIONS);
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      backend.loseDevice();
      expectMoments(await job, expected);
    }
    expect(engine().state.numTensors).toBe(before);
  });

  test('serves verbs asked for at once', async () => {
    const backend = await open();
    const banks = [1, 2, 3].map((seed) => randomBank(500, 9, 32, seed));
    const all = await Promise.all(banks.map((one) => backend.layerMoments(one, OPTIONS)));
    all.forEach((moments, i) => expectMoments(moments, layerMomentsReference(banks[i]!, OPTIONS)));
  });
});

describe('a job', () => {
  test('is discarded where the device reports an error, and the next one runs', async () => {
    const runner = await openRunner();
    const invalid = runner.run(async ({ device }) => {
      device.createBuffer({ size: 16, usage: 0xffff });
      return 'a wrong number';
    });
    await expect(invalid).rejects.toMatchObject({
      code: 'backend-failed',
      message: expect.stringContaining(runner.device.facts.label),
    });
    await expect(runner.run(async () => 'right')).resolves.toBe('right');
  });

  test('that memory does not suffice for says so', async () => {
    const runner = await openRunner();
    const { gpu } = runner.device;
    vi.spyOn(gpu, 'popErrorScope').mockResolvedValueOnce(new GPUOutOfMemoryError('no room'));
    await expect(runner.run(async () => 'a wrong number')).rejects.toMatchObject({
      code: 'backend-failed',
      message: expect.stringMatching(/ran out of memory; switch to the CPU backend\.$/),
      details: { report: 'no room' },
    });
  });

  test('is discarded where a tensor exceeds what the device holds', async () => {
    const runner = await openRunner();
    const job = runner.run(async (backend) => {
      const size = backend.device.limits.maxBufferSize + 4;
      backend.device.createBuffer({ size, usage: GPUBufferUsage.STORAGE });
      return 0;
    });
    await expect(job).rejects.toMatchObject({ code: 'backend-failed' });
  });

  test('that throws fails with its cause', async () => {
    const runner = await openRunner();
    const cause = new Error('broken');
    await expect(runner.run(() => Promise.reject(cause))).rejects.toMatchObject({
      code: 'backend-failed',
      cause,
    });
  });

  test('is given up after three losses', async () => {
    const runner = await openRunner();
    let attempts = 0;
    const job = runner.run(async ({ device }) => {
      attempts++;
      device.destroy();
      await device.lost;
      return 0;
    });
    await expect(job).rejects.toMatchObject({ code: 'device-lost' });
    expect(attempts).toBe(3);
    await expect(runner.run(async () => 'alive again')).resolves.toBe('alive again');
  });

  test('fails where no new device can be had', async () => {
    const runner = await openRunner(() => Promise.resolve(null));
    runner.device.gpu.destroy();
    await runner.device.gpu.lost;
    await expect(runner.run(async () => 0)).rejects.toMatchObject({ code: 'device-lost' });
  });

  test('does not wait for ever for work that a loss has left hanging', async () => {
    const runner = await openRunner();
    let attempts = 0;
    const job = runner.run(({ device }) => {
      if (++attempts > 1) return Promise.resolve('done');
      device.destroy();
      return new Promise<string>(() => undefined);
    });
    await expect(job).resolves.toBe('done');
  });
});

test('empties the pool of buffers once it is large', async () => {
  const runner = await openRunner();
  const allocated = () => runner.device.backend.memory().numBytesAllocatedInGPU;
  for (let size = 1; size <= 7; size++) {
    await runner.run(async (backend) => {
      const tensor = backend.makeTensorInfo([size * 4_000_000], 'float32');
      backend.uploadToGPU(tensor.dataId);
      backend.disposeData(tensor.dataId);
    });
    expect(allocated()).toBeLessThanOrEqual(256 * 2 ** 20);
  }
  expect(allocated()).toBeGreaterThan(0);
});
