import { AppError } from '../../domain/errors';
import { elementwise, multiply, normalise, reduceAxes, select, unaryMap } from './arrays/arithmetic';
import { concatenate, gatherRows, pad, rowMajorStrides, stridedCopy } from './arrays/layout';
import type { Shaped } from './arrays/layout';
import { densify, scatterRuns } from './arrays/places';
import { dequantise, quantise } from './arrays/quantisation';
import { valueCount } from './plan';
import type { Step, WeightPlan } from './plan';
import { checkAmount, readTensor } from './read-tensor';
import type { ReadContext } from './read-tensor';
import { allocate } from './tensors/decode';
import type { Values } from './tensors/decode';

/**
 * The values of a plan, row-major. Arithmetic follows NumPy on the stored types: float32 stays float32 (each step rounded),
 * casts and quantised values are float64. Steps used twice are computed once.
 */
export async function evaluatePlan(plan: WeightPlan, context: ReadContext, budget?: Budget): Promise<Values> {
  return new Evaluation(context, budget).values(plan);
}

/** What evaluations together may still cost, in values made; `over` says what to throw beyond that. */
export interface Budget {
  left: number;
  over: () => Error;
}

/** A multiplication costs about this part of a value written to memory. */
const COST_OF_MULTIPLICATION = 1 / 64;

class Evaluation {
  private readonly done = new Map<number, Values>();
  /** Values of all steps together, since they are in memory at once, and what it takes to make them. */
  private spent = 0;

  constructor(
    private readonly context: ReadContext,
    private readonly budget?: Budget,
  ) {}

  async values(plan: WeightPlan): Promise<Values> {
    const known = this.done.get(plan.id);
    if (known) return known;
    this.context.signal?.throwIfAborted();
    this.charge(plan);
    const result = await this.compute(plan);
    this.done.set(plan.id, result);
    return result;
  }

  private charge(plan: WeightPlan): void {
    const products = plan.step === 'matmul' ? valueCount(plan.shape) * plan.inner : 0;
    const cost = valueCount(plan.shape) + Math.ceil(products * COST_OF_MULTIPLICATION);
    this.spent += cost;
    checkAmount(this.spent, this.context);
    if (!this.budget) return;
    this.budget.left -= cost;
    if (this.budget.left < 0) throw this.budget.over();
  }

  private async shaped(plan: WeightPlan): Promise<Shaped> {
    return { values: await this.values(plan), shape: plan.shape };
  }

  private async compute(plan: WeightPlan): Promise<Values> {
    switch (plan.step) {
      case 'tensor':
        return readTensor(plan.tensor, valueCount(plan.shape), this.context);
      case 'literal':
        return plan.fitsFloat32 ? Float32Array.from(plan.values) : Float64Array.from(plan.values);
      case 'fill':
        return allocate(valueCount(plan.shape), plan.fitsFloat32).fill(plan.value);
      case 'sparse': {
        const values = await this.values(plan.values);
        const dense = densify(values, await this.values(plan.indices), plan);
        if (!dense) throw this.outside('is sparse and', plan);
        return dense;
      }
      case 'cast': {
        const input = await this.values(plan.input);
        if (plan.mode === 'keep') return input;
        return input.map(plan.mode === 'truncate' ? Math.trunc : (x) => (x === 0 ? 0 : 1));
      }
      case 'reshape':
        return this.values(plan.input);
      case 'transpose': {
        const strides = rowMajorStrides(plan.input.shape);
        const permuted = plan.permutation.map((p) => strides[p]);
        return stridedCopy(await this.values(plan.input), 0, permuted, plan.shape);
      }
      case 'slice': {
        const strides = rowMajorStrides(plan.input.shape);
        const start = plan.starts.reduce((sum, at, i) => sum + at * strides[i], 0);
        const stepped = strides.map((s, i) => s * plan.steps[i]);
        return stridedCopy(await this.values(plan.input), start, stepped, plan.shape);
      }
      case 'repeat':
        return stridedCopy(await this.values(plan.input), 0, plan.strides, plan.sizes);
      case 'pad':
        return pad(await this.values(plan.input), plan.value, plan);
      case 'concat': {
        const parts: Shaped[] = [];
        for (const input of plan.inputs) parts.push(await this.shaped(input));
        return concatenate(parts, plan);
      }
      case 'binary':
        return elementwise(await this.shaped(plan.left), await this.shaped(plan.right), plan);
      case 'where': {
        const condition = await this.shaped(plan.condition);
        return select(condition, await this.shaped(plan.left), await this.shaped(plan.right), plan);
      }
      case 'gather':
        return gatherRows(await this.values(plan.input), plan);
      case 'scatter': {
        const input = await this.values(plan.input);
        const indices = await this.values(plan.indices);
        const result = scatterRuns(input, indices, await this.values(plan.updates), plan);
        if (!result) throw this.outside('is made by ScatterND, which', plan);
        return result;
      }
      case 'matmul':
        return multiply(await this.values(plan.left), await this.values(plan.right), plan);
      case 'unary':
        return unaryMap(await this.values(plan.input), plan);
      case 'reduce':
        return reduceAxes(await this.values(plan.input), plan);
      case 'normalize':
        return this.normalised(plan);
      case 'dequantize':
      case 'quantize': {
        const input = await this.values(plan.input);
        const scale = await this.values(plan.scale);
        const zero = plan.zero && (await this.values(plan.zero));
        return plan.step === 'dequantize'
          ? dequantise(input, scale, zero, plan)
          : quantise(input, scale, zero, plan);
      }
    }
  }

  private async normalised(plan: Step<'normalize'>): Promise<Values> {
    const input = await this.values(plan.input);
    const statistics = plan.statistics && {
      mean: await this.values(plan.statistics.mean),
      variance: await this.values(plan.statistics.variance),
    };
    const scale = plan.scale && (await this.values(plan.scale));
    return normalise(input, statistics, scale, plan.bias && (await this.values(plan.bias)), plan);
  }

  private outside(what: string, { shape }: WeightPlan): AppError {
    const { file, subject } = this.context;
    return new AppError(
      'malformed',
      `"${file.name}": ${subject} ${what} places values outside its shape [${shape}]; export the model again.`,
      { file: file.name, shape: shape.join('x') },
    );
  }
}
