import { formatCount } from '../../../domain/format';
import { valueCount, type WeightPlan } from '../plan';
import type { Rule, StepContext } from '../resolve';
import { broadcastShape, shown } from '../shapes';
import { notFollowed, Unresolved } from '../unresolved';
import { commonNumeric, floatStep, makeBinary, reduced } from './arithmetic';
import { reshaped, transposed } from './shape';

/** A few seconds of work; the power iterations of spectral normalisation take a few million. */
const MAX_MULTIPLICATIONS = 2 ** 31;

/** Tensors multiplied by one Einsum; the decompositions that exporters write have at most five. */
const MAX_FACTORS = 16;

export function checkMultiplications(operator: string, count: number, plans: WeightPlan[]): void {
  if (count <= MAX_MULTIPLICATIONS) return;
  throw new Unresolved(
    'too-large',
    `${operator} of ${plans.map(shown).join(' and ')} takes ${formatCount(count)} multiplications; Filterscope does up to ${formatCount(MAX_MULTIPLICATIONS)}`,
  );
}

/** NumPy's product: of vectors, matrices (spectral normalisation multiplies u W v) and stacks of them. */
export const matMul: Rule = async (c) => product(c, await c.input(0), await c.input(1));

function product(c: StepContext, left: WeightPlan, right: WeightPlan): WeightPlan {
  const misfit = () =>
    new Unresolved(
      'unresolved-weight',
      `${c.node.node.operator} of ${shown(left)} and ${shown(right)} does not fit`,
    );
  const [a, b] = [left.shape, right.shape];
  if (a.length === 0 || b.length === 0) throw misfit();
  const inner = a[a.length - 1];
  if (inner !== (b.length === 1 ? b[0] : b[b.length - 2])) throw misfit();
  const stacked = (plan: WeightPlan) => ({ ...plan, shape: plan.shape.slice(0, -2) });
  const stack = broadcastShape('MatMul', stacked(left), stacked(right));
  const shape = [...stack, ...a.slice(-2, -1), ...(b.length === 1 ? [] : b.slice(-1))];
  checkMultiplications(c.node.node.operator, valueCount(shape) * inner, [left, right]);
  const step = { step: 'matmul', left, right, stack, inner } as const;
  return floatStep(c, step, shape, commonNumeric(left, right));
}

/** alpha A B + beta C, the matrices A and B transposed on demand. */
export const gemm: Rule = async (c) => {
  const matrix = async (i: number, name: string) => {
    const plan = await c.input(i);
    if (plan.shape.length !== 2)
      throw new Unresolved('unresolved-weight', `a Gemm of ${shown(plan)}, which is no matrix, does not fit`);
    return (c.attribute(name)?.integer ?? 0) === 0 ? plan : transposed(c, plan, [1, 0]);
  };
  const times = (plan: WeightPlan, name: string) => {
    const factor = c.attribute(name)?.float ?? 1;
    return factor === 1 ? plan : makeBinary(c, 'Mul', plan, c.list([factor], [], false), plan.numeric);
  };
  const made = times(product(c, await matrix(0, 'transA'), await matrix(1, 'transB')), 'alpha');
  const added = await c.optional(2);
  if (!added) return made;
  const sum = makeBinary(c, 'Add', made, times(added, 'beta'), made.numeric);
  if (sum.shape.join() !== made.shape.join())
    throw new Unresolved('unresolved-weight', `a Gemm of ${shown(made)} plus ${shown(added)} does not fit`);
  return sum;
};

/** A tensor whose axes carry the letters of an Einsum equation. */
interface Labelled {
  plan: WeightPlan;
  labels: string[];
}

/** A sum of products over named axes, two tensors at a time from the left. */
export const einsum: Rule = async (c) => {
  const factors: Labelled[] = [];
  const { terms, output } = parseEquation(c);
  for (const [i, labels] of terms.entries()) factors.push({ plan: await c.input(i), labels });
  checkSizes(factors);
  let made = factors[0];
  factors.slice(1).forEach((next, i) => {
    const later = factors.slice(i + 2).flatMap((f) => f.labels);
    made = contract(c, made, next, new Set([...output, ...later]));
  });
  made = sumOut(c, made, new Set(output));
  return ordered(c, made, output);
};

function parseEquation(c: StepContext): { terms: string[][]; output: string[] } {
  const equation = (c.attribute('equation')?.word ?? '').replaceAll(' ', '');
  const [left, right] = equation.split('->');
  const terms = left.split(',').map((term) => [...term]);
  const all = terms.flat();
  const once = () => [...new Set(all)].filter((l) => all.indexOf(l) === all.lastIndexOf(l)).sort();
  const output = right === undefined ? once() : [...right];
  const isSimple = (labels: string[]) =>
    new Set(labels).size === labels.length && labels.every((l) => /^[A-Za-z]$/.test(l));
  const fits =
    terms.length === c.node.inputs.length &&
    terms.length <= MAX_FACTORS &&
    [...terms, output].every(isSimple) &&
    output.every((l) => all.includes(l));
  if (!fits) throw notFollowed(`an Einsum by the equation "${equation}" is not followed`);
  return { terms, output };
}

function checkSizes(factors: readonly Labelled[]): void {
  const sizes = new Map<string, number>();
  for (const { plan, labels } of factors) {
    const fits =
      plan.shape.length === labels.length &&
      labels.every((label, axis) => (sizes.get(label) ?? plan.shape[axis]) === plan.shape[axis]);
    if (!fits)
      throw new Unresolved(
        'unresolved-weight',
        `an Einsum of ${factors.map((f) => shown(f.plan)).join(', ')} does not fit its equation`,
      );
    labels.forEach((label, axis) => sizes.set(label, plan.shape[axis]));
  }
}

/** The sum over axes that nothing needs any more. */
function sumOut(c: StepContext, { plan, labels }: Labelled, needed: ReadonlySet<string>): Labelled {
  const axes = labels.flatMap((label, axis) => (needed.has(label) ? [] : [axis]));
  if (axes.length === 0) return { plan, labels };
  const kept = labels.filter((label) => needed.has(label));
  const shape = plan.shape.filter((_, axis) => !axes.includes(axis));
  return { plan: reshaped(c, reduced(c, 'ReduceSum', plan, axes), shape), labels: kept };
}

function ordered(c: StepContext, { plan, labels }: Labelled, wanted: readonly string[]): WeightPlan {
  const permutation = wanted.map((label) => labels.indexOf(label));
  return permutation.every((from, to) => from === to) ? plan : transposed(c, plan, permutation);
}

/** Two factors as stacks of matrices: what both have and is needed stacks, what both have else is summed over. */
function contract(c: StepContext, a: Labelled, b: Labelled, needed: ReadonlySet<string>): Labelled {
  const left = sumOut(c, a, new Set([...needed, ...b.labels]));
  const right = sumOut(c, b, new Set([...needed, ...a.labels]));
  const shared = left.labels.filter((l) => right.labels.includes(l));
  const stack = shared.filter((l) => needed.has(l));
  const inner = shared.filter((l) => !needed.has(l));
  const rows = left.labels.filter((l) => !shared.includes(l));
  const columns = right.labels.filter((l) => !shared.includes(l));
  const sizeOf = (l: string) =>
    left.labels.includes(l)
      ? left.plan.shape[left.labels.indexOf(l)]
      : right.plan.shape[right.labels.indexOf(l)];
  const count = (labels: string[]) => valueCount(labels.map(sizeOf));
  const matrices = (of: Labelled, ...parts: string[][]) =>
    reshaped(c, ordered(c, of, parts.flat()), parts.map(count));
  const made = product(c, matrices(left, stack, rows, inner), matrices(right, stack, inner, columns));
  const labels = [...stack, ...rows, ...columns];
  return { plan: reshaped(c, made, labels.map(sizeOf)), labels };
}
