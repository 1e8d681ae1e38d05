import { AppError } from '../../domain/errors';
import {
  concatenate,
  dequantise,
  elementwise,
  gatherRows,
  multiply,
  quantise,
  reduceAxes,
  scatter,
  stridedCopy,
  unaryMap,
} from './arrays';
import { valueCount } from './plan';
import type { WeightPlan } from './plan';
import { checkAmount, readTensor } from './read-tensor';
import type { ReadContext } from './read-tensor';
import type { Values } from './tensors/decode';

/**
 * The values of a plan, row-major. Arithmetic follows NumPy on the stored types: float32 stays float32 (each step rounded),
 * casts and quantised values are float64. Steps used twice are computed once.
 */
export async function evaluatePlan(plan: WeightPlan, context: ReadContext): Promise<Values> {
  return new Evaluation(context).values(plan);
}

class Evaluation {
  private readonly done = new Map<number, Values>();
  /** Values of all steps together, since they are in memory at once. */
  private held = 0;

  constructor(private readonly context: ReadContext) {}

  async values(plan: WeightPlan): Promise<Values> {
    const known = this.done.get(plan.id);
    if (known) return known;
    this.context.signal?.throwIfAborted();
    this.held += valueCount(plan.shape);
    checkAmount(this.held, this.context);
    const result = await this.compute(plan);
    this.done.set(plan.id, result);
    return result;
  }

  private async compute(plan: WeightPlan): Promise<Values> {
    switch (plan.step) {
      case 'tensor':
        return readTensor(plan.tensor, valueCount(plan.shape), this.context);
      case 'literal':
        return plan.fitsFloat32 ? Float32Array.from(plan.values) : Float64Array.from(plan.values);
      case 'sparse': {
        const values = await this.values(plan.values);
        const dense = scatter(values, await this.values(plan.indices), plan);
        if (dense) return dense;
        const { file, subject } = this.context;
        throw new AppError(
          'malformed',
          `"${file.name}": ${subject} is sparse and places values outside its shape [${plan.shape}]; export the model again.`,
          { file: file.name, shape: plan.shape.join('x') },
        );
      }
      case 'cast': {
        const input = await this.values(plan.input);
        if (plan.mode === 'keep') return input;
        return input.map(plan.mode === 'truncate' ? Math.trunc : (x) => (x === 0 ? 0 : 1));
      }
      case 'reshape':
        return this.values(plan.input);
      case 'transpose': {
        const input = await this.values(plan.input);
        const strides = rowMajorStrides(plan.input.shape);
        return stridedCopy(
          input,
          0,
          plan.permutation.map((p) => strides[p]),
          plan.shape,
        );
      }
      case 'slice': {
        const input = await this.values(plan.input);
        const strides = rowMajorStrides(plan.input.shape);
        const start = plan.starts.reduce((sum, at, i) => sum + at * strides[i], 0);
        return stridedCopy(
          input,
          start,
          strides.map((s, i) => s * plan.steps[i]),
          plan.shape,
        );
      }
      case 'concat': {
        const parts: { values: Values; shape: number[] }[] = [];
        for (const input of plan.inputs) parts.push({ values: await this.values(input), shape: input.shape });
        return concatenate(parts, plan);
      }
      case 'binary': {
        const left = { values: await this.values(plan.left), shape: plan.left.shape };
        return elementwise(left, { values: await this.values(plan.right), shape: plan.right.shape }, plan);
      }
      case 'gather':
        return gatherRows(await this.values(plan.input), plan);
      case 'matmul':
        return multiply(await this.values(plan.left), await this.values(plan.right), plan);
      case 'unary':
        return unaryMap(await this.values(plan.input), plan);
      case 'reduce':
        return reduceAxes(await this.values(plan.input), plan);
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
}

function rowMajorStrides(shape: readonly number[]): number[] {
  const strides = shape.map(() => 1);
  for (let i = shape.length - 2; i >= 0; i--) strides[i] = strides[i + 1] * shape[i + 1];
  return strides;
}
