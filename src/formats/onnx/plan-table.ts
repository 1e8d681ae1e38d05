import { formatCount } from '../../domain/format';
import type { Numeric } from '../elements/element-types';
import {
  inputsOf,
  valueCount,
  type Origin,
  type PlanStep,
  type Step,
  type TensorLocation,
  type WeightPlan,
} from './plan';
import { Unresolved } from './unresolved';
import { quote } from './words';

/** Characters that the steps of a file may take to be told apart: some hundred each, but lists of numbers are among them. */
const MAX_TEXT = 2 ** 25;
/** NumPy's own bound. */
const MAX_RANK = 64;
const FLOAT = 1;
const INT64 = 7;

/** Makes plans so that equal expressions are one object. */
export class PlanTable {
  readonly #plans = new Map<string, WeightPlan>();
  #text = 0;

  /** @throws Unresolved where the shape has more dimensions than any tensor of a network, or the file too much to tell apart */
  make(step: PlanStep, shape: number[], numeric: Numeric, fitsFloat32: boolean): WeightPlan {
    if (shape.length > MAX_RANK) {
      throw new Unresolved(
        'unresolved-weight',
        `its expression has a tensor of ${shape.length} dimensions; Filterscope follows up to ${MAX_RANK}`,
        { advice: null },
      );
    }
    if (step.step === 'tensor') return this.#tensor(step.tensor, shape, numeric, fitsFloat32);
    const main = mainOperand(step);
    const origin = main?.origin ?? originOf(step, numeric);
    if (this.#text > MAX_TEXT) throw tooMuchText(origin);
    const key = JSON.stringify([step, shape, numeric, fitsFloat32], (_, value) => abbreviate(value));
    this.#text += key.length;
    const known = this.#plans.get(key);
    if (known) return known;
    const plan = {
      ...step,
      id: this.#plans.size,
      shape,
      numeric,
      fitsFloat32,
      learned: step.step === 'sparse' || (main?.learned ?? false),
      depth: 1 + inputsOf(step).reduce((most, input) => Math.max(most, input.depth), 0),
      origin,
      runtime: runtimeOf(step, main),
      dequantised: step.step === 'dequantize' || (main?.dequantised ?? false),
    };
    this.#plans.set(key, plan);
    return plan;
  }

  #tensor(tensor: TensorLocation, shape: number[], numeric: Numeric, fitsFloat32: boolean): WeightPlan {
    const { name, dataType, file, field, segments } = tensor;
    // Most plans of a file are its tensors, which JSON takes long for.
    const key = `tensor ${dataType} ${field} ${segments[0]?.offset} [${shape}] ${file ?? ''}`;
    const known = this.#plans.get(key);
    if (known) return known;
    const plan: Step<'tensor'> = {
      step: 'tensor',
      tensor,
      id: this.#plans.size,
      shape,
      numeric,
      fitsFloat32,
      learned: true,
      depth: 1,
      origin: { kind: 'tensor', name, dataType },
      runtime: dataType,
      dequantised: false,
    };
    this.#plans.set(key, plan);
    return plan;
  }
}

function tooMuchText({ name }: Origin): Unresolved {
  return new Unresolved(
    'too-large',
    `it is computed from ${quote(name)}, and the expressions of the file hold longer lists of numbers together than Filterscope keeps (${formatCount(MAX_TEXT)} characters)`,
  );
}

function originOf(step: PlanStep, numeric: Numeric): Origin {
  const name = 'name' in step ? step.name : '';
  return { kind: step.step, name, dataType: numeric === 'integer' ? INT64 : FLOAT };
}

function runtimeOf(step: PlanStep, main: WeightPlan | null): WeightPlan['runtime'] {
  if (step.step === 'cast' || step.step === 'quantize') return step.to;
  return main?.runtime ?? null;
}

/** Operands stand for themselves by number, numbers that JSON has no word for by one. */
function abbreviate(value: unknown): unknown {
  if (typeof value === 'number') {
    if (Object.is(value, -0)) return '-0';
    return Number.isFinite(value) ? value : String(value);
  }
  if (typeof value !== 'object' || value === null) return value;
  if ('id' in value && 'numeric' in value) return `#${(value as WeightPlan).id}`;
  return value;
}

/** Those whose values its own are made from, without what only steers, scales or shifts them. */
function operandsOf(plan: PlanStep): readonly WeightPlan[] {
  switch (plan.step) {
    case 'tensor':
    case 'literal':
    case 'fill':
      return [];
    case 'sparse':
      return [plan.values];
    case 'concat':
      return plan.inputs;
    case 'binary':
    case 'matmul':
    case 'where':
      return [plan.left, plan.right];
    case 'convolve':
      return [plan.input, plan.kernel];
    case 'scatter':
    case 'scatterElements':
      return [plan.input, plan.updates];
    default:
      return [plan.input];
  }
}

/** The operand whose values a plan's are made from: of those from the file the largest, the first on a tie. */
function mainOperand(plan: PlanStep): WeightPlan | null {
  const operands = operandsOf(plan);
  const learned = operands.filter((p) => p.learned);
  if (plan.step === 'concat') return learned[0] ?? operands[0];
  const weight = (p: WeightPlan) => valueCount(p.shape);
  return (learned.length > 0 ? learned : operands).reduce<WeightPlan | null>(
    (main, p) => (main && weight(main) >= weight(p) ? main : p),
    null,
  );
}
