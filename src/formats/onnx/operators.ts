import type { BinaryOperator, PlanStep, ReduceOperator, UnaryOperator, WeightPlan } from './plan';
import { valueCount } from './plan';
import type { StepContext } from './resolve';
import { dequantise, quantise } from './quantised';
import { axisOf, shown } from './shapes';
import type { Numeric } from './tensors/dtypes';
import { DATA_TYPES } from './tensors/dtypes';
import { Unresolved } from './unresolved';

type Rule = (context: StepContext) => Promise<WeightPlan>;

const binary =
  (operator: BinaryOperator): Rule =>
  async (c) =>
    makeBinary(c.make, operator, await c.input(0), await c.input(1));

const unary =
  (operator: UnaryOperator): Rule =>
  async (c) => {
    const input = await c.input(0);
    return c.make(
      { step: 'unary', operator, input },
      input.shape,
      input.numeric,
      input.numeric !== 'float64',
    );
  };

const reduce =
  (operator: ReduceOperator): Rule =>
  async (c) => {
    const input = await c.input(0);
    const rank = input.shape.length;
    const given = (await c.integers(1, 'axes')) ?? [];
    if (given.length === 0 && c.attribute('noop_with_empty_axes')?.integer === 1) return input;
    const axes =
      given.length === 0 ? input.shape.map((_, i) => i) : given.map((a) => axisOf(a, rank, operator));
    const keep = c.attribute('keepdims')?.integer !== 0;
    const shape = input.shape.map((d, i) => (axes.includes(i) ? 1 : d));
    const reduced: PlanStep = { step: 'reduce', operator, input, axes };
    const plan = c.make(reduced, shape, input.numeric, input.numeric !== 'float64');
    return keep
      ? plan
      : reshaped(
          c,
          plan,
          shape.filter((_, i) => !axes.includes(i)),
        );
  };

/**
 * Operators that are followed from a weight to the tensors behind it, with their shape rules (ONNX operator documentation;
 * older opsets give as attributes what newer ones give as inputs).
 */
export const OPERATORS: Readonly<Record<string, Rule>> = {
  Identity: (c) => c.input(0),
  Cast: async (c) => {
    const input = await c.input(0);
    const to = c.attribute('to')?.integer ?? 1;
    const mode = to === 9 ? 'nonzero' : DATA_TYPES[to]?.integer ? 'truncate' : 'keep';
    return c.make({ step: 'cast', input, mode }, input.shape, 'float64', input.fitsFloat32);
  },
  Transpose: async (c) => {
    const input = await c.input(0);
    const given = c.attribute('perm')?.integers ?? [];
    const permutation = given.length > 0 ? given : input.shape.map((_, i) => input.shape.length - 1 - i);
    const valid =
      permutation.length === input.shape.length && input.shape.every((_, i) => permutation.includes(i));
    if (!valid)
      throw new Unresolved(
        'unresolved-weight',
        `a Transpose by [${permutation}] does not fit ${shown(input)}`,
      );
    const shape = permutation.map((p) => input.shape[p]);
    return c.make({ step: 'transpose', input, permutation }, shape, input.numeric, input.fitsFloat32);
  },
  Reshape: async (c) => {
    const input = await c.input(0);
    const target = await c.integers(1, 'shape');
    if (!target) throw new Unresolved('unresolved-weight', 'a Reshape has no target shape');
    return reshaped(c, input, reshapeTarget(input, target, c.attribute('allowzero')?.integer === 1));
  },
  Squeeze: async (c) => {
    const input = await c.input(0);
    const given = await c.integers(1, 'axes');
    const axes = given?.map((a) => axisOf(a, input.shape.length, 'Squeeze'));
    return reshaped(
      c,
      input,
      input.shape.filter((d, i) => (axes ? !axes.includes(i) : d !== 1)),
    );
  },
  Unsqueeze: async (c) => {
    const input = await c.input(0);
    const given = (await c.integers(1, 'axes')) ?? [];
    const rank = input.shape.length + given.length;
    const axes = new Set(given.map((a) => axisOf(a, rank, 'Unsqueeze')));
    const rest = [...input.shape];
    return reshaped(
      c,
      input,
      Array.from({ length: rank }, (_, i) => (axes.has(i) ? 1 : (rest.shift() ?? 1))),
    );
  },
  Concat: async (c) => {
    const inputs: WeightPlan[] = [];
    for (let i = 0; i < c.node.inputs.length; i++) inputs.push(await c.input(i));
    return concat(c, inputs);
  },
  Slice: async (c) => slice(c, await c.input(0)),
  DequantizeLinear: dequantise,
  QuantizeLinear: quantise,
  Add: binary('Add'),
  Sub: binary('Sub'),
  Mul: binary('Mul'),
  Div: binary('Div'),
  Pow: binary('Pow'),
  Sqrt: unary('Sqrt'),
  Neg: unary('Neg'),
  Abs: unary('Abs'),
  Reciprocal: unary('Reciprocal'),
  ReduceL2: reduce('ReduceL2'),
  ReduceSum: reduce('ReduceSum'),
  ReduceMean: reduce('ReduceMean'),
  ReduceSumSquare: reduce('ReduceSumSquare'),
};

/** An elementwise operator with NumPy's broadcasting and result type. */
function makeBinary(
  make: StepContext['make'],
  operator: BinaryOperator,
  left: WeightPlan,
  right: WeightPlan,
): WeightPlan {
  const rank = Math.max(left.shape.length, right.shape.length);
  const shape: number[] = [];
  for (let i = 0; i < rank; i++) {
    const a = left.shape[left.shape.length - rank + i] ?? 1;
    const b = right.shape[right.shape.length - rank + i] ?? 1;
    if (a !== b && a !== 1 && b !== 1) {
      throw new Unresolved(
        'unresolved-weight',
        `${operator} of ${shown(left)} and ${shown(right)} does not fit`,
      );
    }
    shape.push(a === 1 ? b : a);
  }
  const numeric = commonNumeric(left, right);
  return make({ step: 'binary', operator, left, right }, shape, numeric, numeric !== 'float64');
}

/** NumPy's rule: the wider type, but a scalar beside an array of the same kind takes the array's. */
function commonNumeric(left: WeightPlan, right: WeightPlan): Numeric {
  const ORDER: Numeric[] = ['float16', 'float32', 'float64'];
  if (left.shape.length > 0 && right.shape.length === 0) return left.numeric;
  if (right.shape.length > 0 && left.shape.length === 0) return right.numeric;
  return ORDER[Math.max(ORDER.indexOf(left.numeric), ORDER.indexOf(right.numeric))];
}

function reshaped(c: StepContext, input: WeightPlan, shape: number[]): WeightPlan {
  if (valueCount(shape) !== valueCount(input.shape)) {
    throw new Unresolved(
      'unresolved-weight',
      `${c.node.node.operator} to [${shape}] does not fit ${shown(input)}`,
    );
  }
  const inner = input.step === 'reshape' ? input.input : input;
  return c.make({ step: 'reshape', input: inner }, shape, input.numeric, input.fitsFloat32);
}

/** 0 keeps a dimension (unless allowzero), -1 takes what is left. */
function reshapeTarget(input: WeightPlan, target: number[], allowZero: boolean): number[] {
  const shape = target.map((d, i) => (d === 0 && !allowZero ? (input.shape[i] ?? 0) : d));
  const open = shape.indexOf(-1);
  if (open >= 0) {
    const others = shape.reduce((product, d, i) => (i === open ? product : product * d), 1);
    shape[open] = others === 0 ? 0 : valueCount(input.shape) / others;
  }
  if (shape.some((d) => !Number.isSafeInteger(d) || d < 0)) {
    throw new Unresolved('unresolved-weight', `a Reshape to [${target}] does not fit ${shown(input)}`);
  }
  return shape;
}

function concat(c: StepContext, inputs: WeightPlan[]): WeightPlan {
  if (inputs.length === 0) throw new Unresolved('unresolved-weight', 'a Concat has no inputs');
  const first = inputs[0];
  const axis = axisOf(c.attribute('axis')?.integer ?? 1, first.shape.length, 'Concat');
  for (const input of inputs) {
    const same =
      input.shape.length === first.shape.length &&
      input.shape.every((d, i) => i === axis || d === first.shape[i]);
    if (!same)
      throw new Unresolved(
        'unresolved-weight',
        `a Concat of ${shown(first)} and ${shown(input)} does not fit`,
      );
  }
  const shape = first.shape.map((d, i) =>
    i === axis ? inputs.reduce((sum, p) => sum + p.shape[axis], 0) : d,
  );
  const numeric = inputs.map((p) => p.numeric).sort()[inputs.length - 1];
  return c.make(
    { step: 'concat', inputs, axis },
    shape,
    numeric,
    inputs.every((p) => p.fitsFloat32),
  );
}

async function slice(c: StepContext, input: WeightPlan): Promise<WeightPlan> {
  const rank = input.shape.length;
  const givenStarts = await c.integers(1, 'starts');
  const givenEnds = await c.integers(2, 'ends');
  if (!givenStarts || !givenEnds || givenStarts.length !== givenEnds.length) {
    throw new Unresolved('unresolved-weight', 'a Slice lacks its starts or ends');
  }
  const axes = (await c.integers(3, 'axes')) ?? givenStarts.map((_, i) => i);
  const givenSteps = (await c.integers(4, 'steps')) ?? givenStarts.map(() => 1);
  const starts = input.shape.map(() => 0);
  const steps = input.shape.map(() => 1);
  const shape = [...input.shape];
  givenStarts.forEach((givenStart, i) => {
    const axis = axisOf(axes[i] ?? NaN, rank, 'Slice');
    const size = input.shape[axis];
    const step = givenSteps[i];
    if (!Number.isSafeInteger(step) || step === 0)
      throw new Unresolved('unresolved-weight', 'a Slice has a step of 0');
    const clamp = (at: number, low: number, high: number) =>
      Math.min(Math.max(at < 0 ? at + size : at, low), high);
    const start = step > 0 ? clamp(givenStart, 0, size) : clamp(givenStart, 0, size - 1);
    const end = step > 0 ? clamp(givenEnds[i], 0, size) : clamp(givenEnds[i], -1, size - 1);
    starts[axis] = start;
    steps[axis] = step;
    shape[axis] = Math.max(0, Math.ceil((end - start) / step));
  });
  return c.make({ step: 'slice', input, starts, steps }, shape, input.numeric, input.fitsFloat32);
}
