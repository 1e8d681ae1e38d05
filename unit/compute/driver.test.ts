import '@tensorflow/tfjs-backend-cpu';
// eslint-disable-next-line no-duplicate-imports -- the first registers the backend, this is erased
import type { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import { engine, findBackend } from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { layerMomentsReference } from '../../src/analysis/filters';
import { basisFromMoments } from '../../src/analysis/pca';
import type { ComputeBackend } from '../../src/compute/backend';
import { createCpuBackend } from '../../src/compute/cpu/create-cpu-backend';
import { storedValues } from '../../src/compute/cpu/register';
import { Driver, type DriverOptions } from '../../src/compute/driver';
import { randomBank } from './banks';

const options = { sparsityEpsilon: 0.01 };
const limits = { maxElements: 500, maxProducts: 1e5, float64: true };
const bank = randomBank(120, 9);
const basis = basisFromMoments(layerMomentsReference(bank, options).scaled)!;

beforeAll(async () => {
  await createCpuBackend(); // registers the kernels
});

function driver(runJob: DriverOptions['runJob'], float64 = true): ComputeBackend {
  return new Driver({
    name: 'cpu',
    description: 'test',
    limits: () => ({ ...limits, float64 }),
    runJob,
    readTensor: async (backend, tensor) => storedValues(backend as MathBackendCPU, tensor),
    dispose: () => undefined,
  });
}

const plainly: DriverOptions['runJob'] = (work) => work(findBackend('cpu'));

async function everything(compute: ComputeBackend) {
  return [
    await compute.layerMoments(bank, options),
    await compute.orthogonality(bank, 40),
    await compute.eigen([layerMomentsReference(bank, options).raw.scatter], 9),
    await compute.coefficientRange(bank, basis),
    await compute.coefficientHistogram(bank, basis, [-2, 2], 70),
    await compute.coefficientDensity(bank, basis, [0, 1], 16, 3.3),
    await compute.coefficients(bank, basis),
  ];
}

test('gives the same results where each job is run, lost and run again', async () => {
  const expected = await everything(driver(plainly));
  const repeated = driver(async (work) => {
    await work(findBackend('cpu'));
    return work(findBackend('cpu'));
  });
  expect(await everything(repeated)).toEqual(expected);
});

test('leaves no tensor behind where a kernel fails', async () => {
  const before = engine().memory().numTensors;
  const compute = driver(async (work) => {
    await work(findBackend('cpu'));
    throw new Error('lost');
  });
  await expect(compute.layerMoments(bank, options)).rejects.toThrow('lost');
  await expect(compute.orthogonality(bank, 40)).rejects.toThrow('lost');
  expect(engine().memory().numTensors).toBe(before);
});

test('hands float32 to a backend without float64', async () => {
  const doubles = randomBank(120, 9, 64);
  const { peak, raw } = await driver(plainly, false).layerMoments(doubles, options);
  expect(peak).toBe(Math.fround(layerMomentsReference(doubles, options).peak));
  expect(raw.mean[0]).toBeCloseTo(layerMomentsReference(doubles, options).raw.mean[0]!, 6);
});

test('refuses a basis of another kernel size', async () => {
  await expect(driver(plainly).coefficients(randomBank(3, 4), basis)).rejects.toThrow('4 taps');
});

test('bins a range of one value as the reference does', async () => {
  const { range, counts } = await driver(plainly).coefficientHistogram(
    randomBank(4, 9),
    basis,
    [0.5, 0.5],
    70,
  );
  expect(range).toEqual([0.5, 0.5]);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(0);
});
