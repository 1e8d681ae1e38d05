import { env } from '@tensorflow/tfjs-core';
import type { FilterBank } from '../../domain/filters';
import type { Basis, CoefficientHistogram, LayerMoments } from '../../domain/results';
import type { MomentsOptions } from '../backend';
import { Driver } from '../driver';
import type { KernelLimits } from '../driver-options';
import { Device } from './device';
import { finitePeak, rescaled, rescaledByFilter, rescaling, unscaledMoments } from '../rescale';
import { JobRunner } from './job-runner';
import { registerWebGpuKernels } from './register';

/**
 * The verbs on a WebGPU device of our own; null where no adapter gives one. Everything on the device is float32,
 * partial sums are joined in float64; so float64 weights are measured to float32. `bounds` replace the device's own limits
 * on one job.
 */
export async function createWebGpuBackend(bounds?: Partial<KernelLimits>): Promise<WebGpuBackend | null> {
  env().set('WEBGPU_CPU_FORWARD', false);
  registerWebGpuKernels();
  const open = () => Device.open(bounds);
  const device = await open();
  return device && new WebGpuBackend(new JobRunner(device, open));
}

export class WebGpuBackend extends Driver {
  readonly #runner: JobRunner;

  constructor(runner: JobRunner) {
    super({
      name: 'webgpu',
      description: `${runner.device.facts.label} (WebGPU)`,
      limits: () => runner.device.limits,
      runJob: (work) => runner.run(work),
      dispose: () => runner.close(),
    });
    this.#runner = runner;
  }

  /** Tensors on the device: none between two verbs. */
  get tensorCount(): number {
    return this.#runner.device.backend.numDataIds();
  }

  /** Destroys the device as a driver reset would; the job at work, or the next one, starts over on a new device. */
  loseDevice(): void {
    this.#runner.device.gpu.destroy();
  }

  override async layerMoments(bank: FilterBank, options: MomentsOptions): Promise<LayerMoments> {
    const isFloat32 = bank.values instanceof Float32Array;
    const moments = await super.layerMoments(fitFloat32(bank), options);
    const factor = rescaling(isFloat32 ? moments.peak : finitePeak(bank));
    if (isFloat32 && factor === 1) return moments;
    // A factor of the whole layer may take its weakest filters out of float32; scaled filters need none.
    const ranged = await this.#momentsTimes(factor, rescaled(bank, factor), options);
    return { ...ranged, scaled: moments.scaled };
  }

  override coefficientRange(bank: FilterBank, basis: Basis): Promise<[number, number] | null> {
    return super.coefficientRange(fitFloat32(bank), basis);
  }

  override coefficientHistogram(
    bank: FilterBank,
    basis: Basis,
    range: readonly [number, number],
    bins: number,
  ): Promise<CoefficientHistogram> {
    return super.coefficientHistogram(fitFloat32(bank), basis, range, bins);
  }

  override coefficientDensity(
    bank: FilterBank,
    basis: Basis,
    components: readonly [number, number],
    size: number,
    extent: number,
  ): Promise<Uint32Array> {
    return super.coefficientDensity(fitFloat32(bank), basis, components, size, extent);
  }

  override coefficients(bank: FilterBank, basis: Basis): Promise<Float32Array> {
    return super.coefficients(fitFloat32(bank), basis);
  }

  async #momentsTimes(factor: number, bank: FilterBank, options: MomentsOptions): Promise<LayerMoments> {
    const { layerPeak } = options;
    const scaled = layerPeak === undefined ? options : { ...options, layerPeak: layerPeak * factor };
    return unscaledMoments(await super.layerMoments(bank, scaled), factor);
  }
}

/** Filters that have, in float32, the scaled filters of `bank`: float64 weights may lie outside its range. */
function fitFloat32(bank: FilterBank): FilterBank {
  return bank.values instanceof Float32Array ? bank : rescaledByFilter(bank);
}
