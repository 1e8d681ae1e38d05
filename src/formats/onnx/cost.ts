import { inputsOf, isAlias, valueCount, type WeightPlan } from './plan';
import { packedByteLength } from '../elements/element-types';
import { DATA_TYPES } from './tensors/dtypes';

/** What evaluating a plan takes: known from shapes alone, before anything is read. */
export interface Cost {
  /** Values made, with multiplications, reads and steps weighed as values. */
  work: number;
  /** Most bytes held at once, inputs still needed and the result included. */
  peakBytes: number;
}

/** What a multiplication of a product costs, in values written to memory: seconds for a thousand million. */
const WORK_OF_MULTIPLICATION = 1 / 2;
/** A step costs about as much as writing so many values, a read from a file so many. */
const WORK_OF_STEP = 256;
const WORK_OF_READ = 16_384;

/** Every step behind a plan once, each after its inputs; null where there are more than `most`. Does not recurse. */
export function stepsOf(plan: WeightPlan, most = Infinity): WeightPlan[] | null {
  const steps: WeightPlan[] = [];
  const seen = new Set([plan.id]);
  const open = [{ plan, inputs: inputsOf(plan), next: 0 }];
  while (open.length > 0) {
    const top = open[open.length - 1];
    if (top.next === top.inputs.length) {
      steps.push(top.plan);
      open.pop();
      continue;
    }
    const input = top.inputs[top.next++];
    if (seen.has(input.id)) continue;
    seen.add(input.id);
    if (seen.size > most) return null;
    open.push({ plan: input, inputs: inputsOf(input), next: 0 });
  }
  return steps;
}

/** How many steps still need the values of each plan, by its id. */
export function countUses(steps: readonly WeightPlan[]): Map<number, number> {
  const uses = new Map<number, number>();
  for (const step of steps)
    for (const input of inputsOf(step)) uses.set(input.id, (uses.get(input.id) ?? 0) + 1);
  return uses;
}

/** The cost of computing `steps` in order, values let go after their last use. */
export function costOf(steps: readonly WeightPlan[]): Cost {
  const uses = countUses(steps);
  /** Which plan's values a plan shares, and how many plans share them. */
  const owners = new Map<number, WeightPlan>();
  const sharers = new Map<number, number>();
  let [work, held, peakBytes] = [0, 0, 0];
  for (const step of steps) {
    const owner = isAlias(step) ? owners.get(step.input.id)! : step;
    owners.set(step.id, owner);
    sharers.set(owner.id, (sharers.get(owner.id) ?? 0) + 1);
    work += workOf(step);
    if (owner === step) held += bytesOf(step);
    peakBytes = Math.max(peakBytes, held + bytesRead(step));
    for (const input of inputsOf(step)) {
      const left = uses.get(input.id)! - 1;
      uses.set(input.id, left);
      if (left > 0) continue;
      const shared = owners.get(input.id)!;
      const others = sharers.get(shared.id)! - 1;
      sharers.set(shared.id, others);
      if (others === 0) held -= bytesOf(shared);
    }
  }
  return { work, peakBytes };
}

function bytesOf(plan: WeightPlan): number {
  return valueCount(plan.shape) * (plan.fitsFloat32 ? 4 : 8);
}

/** Bytes of the file that lie beside the values made of them. */
function bytesRead(plan: WeightPlan): number {
  return plan.step === 'tensor'
    ? packedByteLength(DATA_TYPES[plan.tensor.dataType], valueCount(plan.shape))
    : 0;
}

function workOf(plan: WeightPlan): number {
  if (isAlias(plan)) return WORK_OF_STEP;
  const count = valueCount(plan.shape);
  const products = 'inner' in plan ? count * plan.inner : 0;
  const gathered = inputsOf(plan).reduce((sum, input) => sum + valueCount(input.shape), 0);
  const fixed = plan.step === 'tensor' ? WORK_OF_READ : WORK_OF_STEP;
  return fixed + count + gathered + Math.ceil(products * WORK_OF_MULTIPLICATION);
}
