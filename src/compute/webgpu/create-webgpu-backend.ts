import { env } from '@tensorflow/tfjs-core';
import type { FilterBank } from '../../domain/filters';
import type { Basis, CoefficientHistogram, LayerMoments } from '../../domain/results';
import type { MomentsOptions } from '../backend';
import { Driver } from '../driver';
import type { KernelLimits } from '../driver-options';
import { Device } from './device';
import { finitePeak, rescaled, rescaling, unscaledMoments } from '../rescale';
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
    const { factor, bank: fitted } = fitFloat32(bank);
    const moments = await this.#momentsTimes(factor, fitted, options);
    const again = factor === 1 ? rescaling(moments.peak) : 1;
    if (again === 1) return moments;
    return this.#momentsTimes(again, rescaled(bank, again), options);
  }

  override coefficientRange(bank: FilterBank, basis: Basis): Promise<[number, number] | null> {
    return super.coefficientRange(fitFloat32(bank).bank, basis);
  }

  override coefficientHistogram(
    bank: FilterBank,
    basis: Basis,
    range: readonly [number, number],
    bins: number,
  ): Promise<CoefficientHistogram> {
    return super.coefficientHistogram(fitFloat32(bank).bank, basis, range, bins);
  }

  override coefficientDensity(
    bank: FilterBank,
    basis: Basis,
    components: readonly [number, number],
    size: number,
    extent: number,
  ): Promise<Uint32Array> {
    return super.coefficientDensity(fitFloat32(bank).bank, basis, components, size, extent);
  }

  override coefficients(bank: FilterBank, basis: Basis): Promise<Float32Array> {
    return super.coefficients(fitFloat32(bank).bank, basis);
  }

  async #momentsTimes(factor: number, bank: FilterBank, options: MomentsOptions): Promise<LayerMoments> {
    const { layerPeak } = options;
    const scaled = layerPeak === undefined ? options : { ...options, layerPeak: layerPeak * factor };
    return unscaledMoments(await super.layerMoments(bank, scaled), factor);
  }
}

/** A float64 bank may hold what float32 cannot: then it goes to the device times a power of two. */
function fitFloat32(bank: FilterBank): { factor: number; bank: FilterBank } {
  if (bank.values instanceof Float32Array) return { factor: 1, bank };
  const factor = rescaling(finitePeak(bank));
  return { factor, bank: rescaled(bank, factor) };
}
