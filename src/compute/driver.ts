import type { Tensor } from '@tensorflow/tfjs-core';
import { orderAndSign, type Eigen } from '../analysis/eigen';
import { usableRange } from '../analysis/histogram';
import { offsets as offsetsOf } from '../analysis/pca';
import type { FilterBank } from '../domain/filters';
import { addCounts } from '../domain/histogram';
import type { BackendName, Basis, CoefficientHistogram, LayerMoments } from '../domain/results';
import type { ComputeBackend, MomentsOptions } from './backend';
import { Job, type Floats, type ReadTensor } from './job';
import { KERNEL } from './kernels';
import { chunksOf, type Chunk } from './chunks';
import { joinMoments, planMoments, type MomentPlan } from './moment-plan';
import { planRowGram } from './row-gram-plan';
import type { DriverOptions, KernelLimits } from './driver-options';

export type { DriverOptions, KernelLimits } from './driver-options';

const readWithBackend: ReadTensor = async (backend, tensor) => (await backend.read(tensor.dataId)) as Floats;

/** The domain's verbs as one graph of custom kernels, for every tfjs backend that has them registered. */
export class Driver implements ComputeBackend {
  readonly name: BackendName;
  readonly description: string;

  readonly #options: DriverOptions;

  constructor(options: DriverOptions) {
    this.#options = options;
    this.name = options.name;
    this.description = options.description;
  }

  async layerMoments(bank: FilterBank, options: MomentsOptions): Promise<LayerMoments> {
    const { taps } = bank;
    const { float64 } = this.#limits;
    const momentsOf = async (job: Job, x: Tensor, peaks: Tensor, { shifts, threshold }: MomentPlan) => {
      const inputs = { x, peaks, shifts: job.input(this.#fit(shifts), [2, taps]) };
      return job.floats(job.run(KERNEL.moments, inputs, { threshold })[0]);
    };
    const chunks = chunksOf(bank, this.#limits);
    const [first] = chunks;
    if (first && chunks.length === 1) {
      return this.#job(async (job) => {
        const x = this.#filters(job, first, taps);
        const p = peaksOf(job, x);
        const peaks = await job.floats(p);
        const plan = planMoments(bank, peaks, options, float64);
        return joinMoments(plan, [await momentsOf(job, x, p, plan)], taps);
      });
    }
    // Sparse filters show only against the whole layer's peak, so chunks are looked at twice.
    const doubles = float64 && bank.values instanceof Float64Array;
    const peaks = new (doubles ? Float64Array : Float32Array)(bank.count);
    for (const chunk of chunks) {
      peaks.set(
        await this.#job((job) => job.floats(peaksOf(job, this.#filters(job, chunk, taps)))),
        chunk.start,
      );
    }
    const plan = planMoments(bank, peaks, options, float64);
    const partials: Floats[] = [];
    for (const chunk of chunks) {
      const own = peaks.subarray(chunk.start, chunk.start + chunk.count);
      partials.push(
        await this.#job((job) => {
          const x = this.#filters(job, chunk, taps);
          return momentsOf(job, x, job.input(own, [chunk.count]), plan);
        }),
      );
    }
    return joinMoments(plan, partials, taps);
  }

  async orthogonality(bank: FilterBank, rows: number): Promise<number | null> {
    if (bank.count === 0) return null;
    const { rowCount, zeroRows, width, panels } = planRowGram(
      bank,
      rows,
      this.#limits,
      this.#options.rowSquares,
    );
    if (rowCount < 2) return null;
    let sum = 0;
    for (const panel of panels) {
      const { values, scales, split } = panel();
      sum += await this.#job(async (job) => {
        const inputs = {
          rows: job.input(values, [scales.length, width]),
          scales: job.input(scales, [scales.length]),
        };
        const partials = await job.floats(job.run(KERNEL.rowGram, inputs, { split })[0]);
        let total = 0;
        for (const partial of partials) total += partial;
        return total;
      });
    }
    // A zero row is zero against itself too, where the identity has 1.
    return 1 - (2 * sum + zeroRows) / (rowCount * (rowCount - 1));
  }

  async eigen(matrices: readonly Float64Array[], taps: number): Promise<Eigen[]> {
    const { maxElements, maxProducts } = this.#limits;
    const size = taps * taps;
    const perJob = Math.max(
      1,
      Math.floor(Math.min(maxElements / size, maxProducts / (EIGEN_SWEEPS * size * taps))),
    );
    const result: Eigen[] = [];
    for (let start = 0; start < matrices.length; start += perJob) {
      const batch = matrices.slice(start, start + perJob);
      const scales = batch.map(powerOfTwoNear);
      const packed = this.#floats(batch.length * size);
      batch.forEach((matrix, b) => matrix.forEach((value, i) => (packed[b * size + i] = value / scales[b])));
      const [values, vectors] = await this.#job(async (job) => {
        const outputs = job.run(KERNEL.eigen, { matrices: job.input(packed, [batch.length, taps, taps]) });
        return [await job.floats(outputs[0]), await job.floats(outputs[1])] as const;
      });
      batch.forEach((_, b) => {
        const own = Float64Array.from(
          values.subarray(b * taps, (b + 1) * taps),
          (value) => value * scales[b],
        );
        result.push(orderAndSign(own, vectors.subarray(b * size, (b + 1) * size), taps));
      });
    }
    return result;
  }

  async coefficientRange(bank: FilterBank, basis: Basis): Promise<[number, number] | null> {
    let low = Infinity;
    let high = -Infinity;
    await this.#project(bank, basis, async (job, inputs) => {
      const partials = await job.floats(job.run(KERNEL.range, inputs)[0]);
      return () => {
        for (let i = 0; i < partials.length; i += 2) {
          low = Math.min(low, partials[i]);
          high = Math.max(high, partials[i + 1]);
        }
      };
    });
    return low <= high ? [low, high] : null;
  }

  async coefficientHistogram(
    bank: FilterBank,
    basis: Basis,
    range: readonly [number, number],
    bins: number,
  ): Promise<CoefficientHistogram> {
    const [low, high] = usableRange(range);
    const counts = await this.#count(bank, basis, KERNEL.histogram, { low, high, bins }, basis.taps * bins);
    return { range: [range[0], range[1]], bins, counts };
  }

  coefficientDensity(
    bank: FilterBank,
    basis: Basis,
    components: readonly [number, number],
    size: number,
    extent: number,
  ): Promise<Uint32Array> {
    const [first, second] = components;
    return this.#count(bank, basis, KERNEL.density, { first, second, size, extent }, size * size);
  }

  async coefficients(bank: FilterBank, basis: Basis): Promise<Float32Array> {
    const result = new Float32Array(bank.count * bank.taps);
    await this.#project(bank, basis, async (job, inputs, chunk) => {
      const values = await job.floats(job.run(KERNEL.coefficients, inputs)[0]);
      return () => result.set(values, chunk.start * bank.taps);
    });
    return result;
  }

  dispose(): void {
    this.#options.dispose();
  }

  async #count(
    bank: FilterBank,
    basis: Basis,
    kernel: typeof KERNEL.histogram | typeof KERNEL.density,
    attrs: Record<string, number>,
    cells: number,
  ): Promise<Uint32Array> {
    const total = new Uint32Array(cells);
    await this.#project(bank, basis, async (job, inputs) => {
      const counts = await job.counts(job.run(kernel, inputs, attrs)[0]);
      return () => addCounts(total, counts);
    });
    return total;
  }

  /** Runs `work` on each chunk; what it returns is called once the chunk's job has succeeded. */
  async #project(
    bank: FilterBank,
    basis: Basis,
    work: (job: Job, inputs: Record<string, Tensor>, chunk: Chunk) => Promise<() => void>,
  ): Promise<void> {
    const { taps } = bank;
    if (basis.taps !== taps)
      throw new Error(`Filters of ${taps} taps cannot be projected on a basis of ${basis.taps}.`);
    const components = this.#fit(basis.components);
    const offsets = this.#fit(offsetsOf(basis));
    for (const chunk of chunksOf(bank, this.#limits)) {
      const apply = await this.#job(async (job) => {
        const x = this.#filters(job, chunk, taps);
        const inputs = {
          x,
          peaks: peaksOf(job, x),
          components: job.input(components, [taps, taps]),
          offsets: job.input(offsets, [taps]),
        };
        return work(job, inputs, chunk);
      });
      apply();
    }
  }

  #job<T>(work: (job: Job) => Promise<T>): Promise<T> {
    return this.#options.runJob(async (backend) => {
      const job = new Job(this.name, backend, this.#options.readTensor ?? readWithBackend);
      try {
        return await work(job);
      } finally {
        job.dispose();
      }
    });
  }

  get #limits(): KernelLimits {
    return this.#options.limits();
  }

  #filters(job: Job, chunk: Chunk, taps: number): Tensor {
    return job.input(this.#fit(chunk.values), [chunk.count, taps]);
  }

  #floats(length: number): Floats {
    return this.#limits.float64 ? new Float64Array(length) : new Float32Array(length);
  }

  #fit(values: Floats): Floats {
    return this.#limits.float64 || values instanceof Float32Array ? values : Float32Array.from(values);
  }
}

/** Sweeps of Jacobi rotations that symmetric matrices need at most in practice. */
const EIGEN_SWEEPS = 12;

function peaksOf(job: Job, x: Tensor): Tensor {
  return job.run(KERNEL.peaks, { x })[0];
}

/** A power of two near the largest magnitude: dividing by it is exact and keeps squares in range. */
function powerOfTwoNear(matrix: Float64Array): number {
  let peak = 0;
  for (const value of matrix) peak = Math.max(peak, Math.abs(value));
  return peak > 0 && peak < Infinity ? 2 ** Math.max(-1000, Math.min(1000, Math.floor(Math.log2(peak)))) : 1;
}
