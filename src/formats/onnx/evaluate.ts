import { AppError } from '../../domain/errors';
import { formatCount } from '../../domain/format';
import {
  convolve,
  elementwise,
  multiply,
  normalise,
  reduceAxes,
  select,
  unaryMap,
} from './arrays/arithmetic';
import {
  concatenate,
  gatherRows,
  pad,
  rowMajorStrides,
  stridedCopy,
  triangle,
  type Shaped,
} from './arrays/layout';
import { densify, gatherRuns, gatherValues, scatterRuns, scatterValues } from './arrays/places';
import { dequantise, quantise } from './arrays/quantisation';
import { inputsOf, valueCount, type Step, type WeightPlan } from './plan';
import { checkAmount, readTensor, type ReadContext } from './read-tensor';
import { allocate, type Values } from '../elements/decode';

/**
 * The values of a plan, row-major. Arithmetic follows NumPy on the stored types: float32 stays float32 (each step rounded),
 * casts and quantised values are float64. Steps used twice are computed once, and let go after their last use.
 */
export async function evaluatePlan(plan: WeightPlan, context: ReadContext, budget?: Budget): Promise<Values> {
  return new Evaluation(context, budget).run(plan);
}

/** What evaluations together may still cost, in values made; `over` says what to throw beyond that. */
export interface Budget {
  left: number;
  over: () => Error;
}

/** A multiplication costs about this part of a value written to memory. */
const COST_OF_MULTIPLICATION = 1 / 64;

/** Values made on the way to one weight: some ten seconds of work. */
const MAX_WORK = 2 ** 30;

class Evaluation {
  readonly #done = new Map<number, Values>();
  /** How many steps still need the values of a plan, by its id. */
  readonly #uses = new Map<number, number>();
  /** Values in memory at once. */
  #held = 0;
  #work = 0;

  readonly #context: ReadContext;
  readonly #budget: Budget | undefined;

  constructor(context: ReadContext, budget?: Budget) {
    this.#context = context;
    this.#budget = budget;
  }

  async run(plan: WeightPlan): Promise<Values> {
    const seen = new Set([plan.id]);
    for (const waiting = [plan]; waiting.length > 0;) {
      for (const input of inputsOf(waiting.pop()!)) {
        this.#uses.set(input.id, (this.#uses.get(input.id) ?? 0) + 1);
        if (seen.has(input.id)) continue;
        seen.add(input.id);
        waiting.push(input);
      }
    }
    return this.#values(plan);
  }

  async #values(plan: WeightPlan): Promise<Values> {
    const known = this.#done.get(plan.id);
    if (known) return known;
    this.#context.signal?.throwIfAborted();
    this.#charge(plan);
    const result = await this.#compute(plan);
    this.#done.set(plan.id, result);
    for (const input of inputsOf(plan)) this.#release(input);
    return result;
  }

  /** Lets go of values that no further step needs. */
  #release(plan: WeightPlan): void {
    const left = (this.#uses.get(plan.id) ?? 0) - 1;
    this.#uses.set(plan.id, left);
    if (left === 0 && this.#done.delete(plan.id)) this.#held -= valueCount(plan.shape);
  }

  #charge(plan: WeightPlan): void {
    const count = valueCount(plan.shape);
    const products = 'inner' in plan ? count * plan.inner : 0;
    const work = count + Math.ceil(products * COST_OF_MULTIPLICATION);
    this.#held += count;
    checkAmount(this.#held, this.#context);
    this.#work += work;
    if (this.#work > MAX_WORK) throw this.#tooMuchWork();
    if (!this.#budget) return;
    this.#budget.left -= work;
    if (this.#budget.left < 0) throw this.#budget.over();
  }

  async #shaped(plan: WeightPlan): Promise<Shaped> {
    return { values: await this.#values(plan), shape: plan.shape };
  }

  async #compute(plan: WeightPlan): Promise<Values> {
    switch (plan.step) {
      case 'tensor':
        return readTensor(plan.tensor, valueCount(plan.shape), this.#context);
      case 'literal':
        return plan.fitsFloat32 ? Float32Array.from(plan.values) : Float64Array.from(plan.values);
      case 'fill':
        return allocate(valueCount(plan.shape), plan.fitsFloat32).fill(plan.value);
      case 'sparse': {
        const values = await this.#values(plan.values);
        const dense = densify(values, await this.#values(plan.indices), plan);
        if (!dense) throw this.#outside('is sparse and', plan);
        return dense;
      }
      case 'cast': {
        const input = await this.#values(plan.input);
        if (plan.mode === 'keep') return input;
        return input.map(plan.mode === 'truncate' ? Math.trunc : (x) => (x === 0 ? 0 : 1));
      }
      case 'reshape':
        return this.#values(plan.input);
      case 'transpose': {
        const strides = rowMajorStrides(plan.input.shape);
        const permuted = plan.permutation.map((p) => strides[p]);
        return stridedCopy(await this.#values(plan.input), 0, permuted, plan.shape);
      }
      case 'slice': {
        const strides = rowMajorStrides(plan.input.shape);
        const start = plan.starts.reduce((sum, at, i) => sum + at * strides[i], 0);
        const stepped = strides.map((s, i) => s * plan.steps[i]);
        return stridedCopy(await this.#values(plan.input), start, stepped, plan.shape);
      }
      case 'repeat':
        return stridedCopy(await this.#values(plan.input), 0, plan.strides, plan.sizes);
      case 'pad':
        return pad(await this.#values(plan.input), plan.value, plan);
      case 'concat': {
        const parts: Shaped[] = [];
        for (const input of plan.inputs) parts.push(await this.#shaped(input));
        return concatenate(parts, plan);
      }
      case 'binary':
        return elementwise(await this.#shaped(plan.left), await this.#shaped(plan.right), plan);
      case 'where': {
        const condition = await this.#shaped(plan.condition);
        return select(condition, await this.#shaped(plan.left), await this.#shaped(plan.right), plan);
      }
      case 'gather': {
        const input = await this.#values(plan.input);
        const indices = Array.isArray(plan.indices) ? plan.indices : await this.#values(plan.indices);
        const result = gatherRows(input, indices, plan);
        if (!result) throw this.#outside('is made by Gather, which', plan.input, 'takes');
        return result;
      }
      case 'scatter': {
        const input = await this.#values(plan.input);
        const indices = await this.#values(plan.indices);
        const result = scatterRuns(input, indices, await this.#values(plan.updates), plan);
        if (!result) throw this.#outside('is made by ScatterND, which', plan);
        return result;
      }
      case 'gatherRuns': {
        const input = await this.#values(plan.input);
        const result = gatherRuns(input, await this.#values(plan.indices), plan);
        if (!result) throw this.#outside('is made by GatherND, which', plan.input, 'takes');
        return result;
      }
      case 'gatherElements': {
        const input = await this.#values(plan.input);
        const result = gatherValues(input, await this.#values(plan.indices), plan);
        if (!result) throw this.#outside('is made by GatherElements, which', plan.input, 'takes');
        return result;
      }
      case 'scatterElements': {
        const input = await this.#values(plan.input);
        const indices = await this.#values(plan.indices);
        const result = scatterValues(input, indices, await this.#values(plan.updates), plan);
        if (!result) throw this.#outside('is made by ScatterElements, which', plan);
        return result;
      }
      case 'triangle':
        return triangle(await this.#values(plan.input), plan);
      case 'convolve':
        return convolve(await this.#values(plan.input), await this.#values(plan.kernel), plan);
      case 'matmul':
        return multiply(await this.#values(plan.left), await this.#values(plan.right), plan);
      case 'unary':
        return unaryMap(await this.#values(plan.input), plan);
      case 'reduce':
        return reduceAxes(await this.#values(plan.input), plan);
      case 'normalize':
        return this.#normalised(plan);
      case 'dequantize':
      case 'quantize': {
        const input = await this.#values(plan.input);
        const scale = await this.#values(plan.scale);
        const zero = plan.zero && (await this.#values(plan.zero));
        return plan.step === 'dequantize'
          ? dequantise(input, scale, zero, plan)
          : quantise(input, scale, zero, plan);
      }
    }
  }

  async #normalised(plan: Step<'normalize'>): Promise<Values> {
    const input = await this.#values(plan.input);
    const mean = plan.mean && (await this.#values(plan.mean));
    const variance = plan.variance && (await this.#values(plan.variance));
    const statistics = mean && variance && { mean, variance };
    const scale = plan.scale && (await this.#values(plan.scale));
    return normalise(input, statistics, scale, plan.bias && (await this.#values(plan.bias)), plan);
  }

  #tooMuchWork(): AppError {
    const { file, subject } = this.#context;
    return new AppError(
      'too-large',
      `"${file.name}": ${subject} takes more than ${formatCount(MAX_WORK)} values on the way to it; export the model with constant folding, so that it is stored as a tensor.`,
      { file: file.name },
    );
  }

  #outside(what: string, { shape }: WeightPlan, verb = 'places'): AppError {
    const { file, subject } = this.#context;
    return new AppError(
      'malformed',
      `"${file.name}": ${subject} ${what} ${verb} values outside the shape [${shape}]; export the model again.`,
      { file: file.name, shape: shape.join('x') },
    );
  }
}
