import { AppError } from '../../domain/errors';
import {
  convolve,
  elementwise,
  multiply,
  normalise,
  reduceAxes,
  select,
  unaryMap,
} from './arrays/arithmetic';
import { castValues } from './arrays/cast';
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
import { countUses, stepsOf } from './cost';
import { inputsOf, valueCount, type Step, type WeightPlan } from './plan';
import { readTensor, type ReadContext } from './read-tensor';
import { list, quote } from './words';
import { allocate, type Values } from '../elements/decode';

/**
 * The values of a plan, row-major. Arithmetic follows NumPy on the stored types: float32 stays float32 (each step rounded),
 * casts and quantised values are float64. Steps used twice are computed once, and let go after their last use. What it costs
 * is bounded where the plan is made (`Budget`).
 */
export async function evaluatePlan(plan: WeightPlan, context: ReadContext): Promise<Values> {
  const steps = stepsOf(plan)!;
  const uses = countUses(steps);
  const done = new Map<number, Values>();
  for (const step of steps) {
    context.signal?.throwIfAborted();
    done.set(
      step.id,
      step.step === 'tensor'
        ? await readTensor(step.tensor, valueCount(step.shape), context)
        : compute(step, (input) => done.get(input.id)!, context),
    );
    for (const input of inputsOf(step)) {
      const left = uses.get(input.id)! - 1;
      uses.set(input.id, left);
      if (left === 0) done.delete(input.id);
    }
  }
  return done.get(plan.id)!;
}

/** One step's values from those of its inputs. */
function compute(
  plan: Exclude<WeightPlan, { step: 'tensor' }>,
  valuesOf: (input: WeightPlan) => Values,
  context: ReadContext,
): Values {
  const shaped = (input: WeightPlan): Shaped => ({ values: valuesOf(input), shape: input.shape });
  const outside = (what: string, { shape }: WeightPlan, verb = 'places') =>
    new AppError(
      'malformed',
      `${quote(context.file.name)}: ${context.subject} ${what} ${verb} values outside the shape ${list(shape)}; export the model again.`,
      { file: context.file.name, shape: shape.slice(0, 8).join('x') },
    );
  switch (plan.step) {
    case 'literal':
      return plan.fitsFloat32 ? Float32Array.from(plan.values) : Float64Array.from(plan.values);
    case 'fill':
      return allocate(valueCount(plan.shape), plan.fitsFloat32).fill(plan.value);
    case 'sparse': {
      const values = valuesOf(plan.values);
      const dense = densify(values, valuesOf(plan.indices), plan);
      if (!dense) throw outside('is sparse and', plan);
      return dense;
    }
    case 'cast':
      return castValues(valuesOf(plan.input), plan);
    case 'reshape':
      return valuesOf(plan.input);
    case 'transpose': {
      const strides = rowMajorStrides(plan.input.shape);
      const permuted = plan.permutation.map((p) => strides[p]);
      return stridedCopy(valuesOf(plan.input), 0, permuted, plan.shape);
    }
    case 'slice': {
      const strides = rowMajorStrides(plan.input.shape);
      const start = plan.starts.reduce((sum, at, i) => sum + at * strides[i], 0);
      const stepped = strides.map((s, i) => s * plan.steps[i]);
      return stridedCopy(valuesOf(plan.input), start, stepped, plan.shape);
    }
    case 'repeat':
      return stridedCopy(valuesOf(plan.input), 0, plan.strides, plan.sizes);
    case 'pad':
      return pad(valuesOf(plan.input), plan.value, plan);
    case 'concat': {
      return concatenate(plan.inputs.map(shaped), plan);
    }
    case 'binary':
      return elementwise(shaped(plan.left), shaped(plan.right), plan);
    case 'where': {
      const condition = shaped(plan.condition);
      return select(condition, shaped(plan.left), shaped(plan.right), plan);
    }
    case 'gather': {
      const input = valuesOf(plan.input);
      const indices = Array.isArray(plan.indices) ? plan.indices : valuesOf(plan.indices);
      const result = gatherRows(input, indices, plan);
      if (!result) throw outside('is made by Gather, which', plan.input, 'takes');
      return result;
    }
    case 'scatter': {
      const input = valuesOf(plan.input);
      const indices = valuesOf(plan.indices);
      const result = scatterRuns(input, indices, valuesOf(plan.updates), plan);
      if (!result) throw outside('is made by ScatterND, which', plan);
      return result;
    }
    case 'gatherRuns': {
      const input = valuesOf(plan.input);
      const result = gatherRuns(input, valuesOf(plan.indices), plan);
      if (!result) throw outside('is made by GatherND, which', plan.input, 'takes');
      return result;
    }
    case 'gatherElements': {
      const input = valuesOf(plan.input);
      const result = gatherValues(input, valuesOf(plan.indices), plan);
      if (!result) throw outside('is made by GatherElements, which', plan.input, 'takes');
      return result;
    }
    case 'scatterElements': {
      const input = valuesOf(plan.input);
      const indices = valuesOf(plan.indices);
      const result = scatterValues(input, indices, valuesOf(plan.updates), plan);
      if (!result) throw outside('is made by ScatterElements, which', plan);
      return result;
    }
    case 'triangle':
      return triangle(valuesOf(plan.input), plan);
    case 'convolve':
      return convolve(valuesOf(plan.input), valuesOf(plan.kernel), plan);
    case 'matmul':
      return multiply(valuesOf(plan.left), valuesOf(plan.right), plan);
    case 'unary':
      return unaryMap(valuesOf(plan.input), plan);
    case 'reduce':
      return reduceAxes(valuesOf(plan.input), plan);
    case 'normalize':
      return normalised(plan, valuesOf);
    case 'dequantize':
    case 'quantize': {
      const input = valuesOf(plan.input);
      const scale = valuesOf(plan.scale);
      const zero = plan.zero && valuesOf(plan.zero);
      return plan.step === 'dequantize'
        ? dequantise(input, scale, zero, plan)
        : quantise(input, scale, zero, plan);
    }
  }
}

function normalised(plan: Step<'normalize'>, valuesOf: (input: WeightPlan) => Values): Values {
  const input = valuesOf(plan.input);
  const mean = plan.mean && valuesOf(plan.mean);
  const variance = plan.variance && valuesOf(plan.variance);
  const statistics = mean && variance && { mean, variance };
  const scale = plan.scale && valuesOf(plan.scale);
  return normalise(input, statistics, scale, plan.bias && valuesOf(plan.bias), plan);
}
