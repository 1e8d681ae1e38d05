import { inputsOf, isPlan, type WeightPlan } from './plan';

/**
 * Plans laid flat: each after those it is computed from, which it names by their place. Engines clone no object that is
 * thousands of steps deep.
 */
export type PlanList = readonly object[];

/** Place of a plan in a list, where the plan itself stood. */
interface Place {
  planAt: number;
}

/** @returns the list, and where in it a plan stands */
export function layFlat(roots: readonly WeightPlan[]): {
  list: PlanList;
  placeOf: (plan: WeightPlan) => number;
} {
  const reached = new Map<number, WeightPlan>();
  const waiting = [...roots];
  for (let plan = waiting.pop(); plan; plan = waiting.pop()) {
    if (reached.has(plan.id)) continue;
    reached.set(plan.id, plan);
    for (const input of inputsOf(plan)) waiting.push(input);
  }
  // A plan is made after its inputs.
  const ordered = [...reached.values()].sort((a, b) => a.id - b.id);
  const places = new Map(ordered.map((plan, place) => [plan.id, place]));
  const placeOf = ({ id }: WeightPlan) => places.get(id)!;
  const list = ordered.map((plan) =>
    inputsOf(plan).length === 0
      ? plan
      : withInputs(plan, isPlan, (input): Place => ({ planAt: placeOf(input) })),
  );
  return { list, placeOf };
}

/** The plans of a list, or of a clone of it. */
export function fromFlat(list: PlanList): WeightPlan[] {
  const plans: WeightPlan[] = [];
  const inputAt = ({ planAt }: Place) => plans[planAt];
  for (const flat of list as readonly WeightPlan[])
    plans.push(flat.depth === 1 ? flat : (withInputs(flat, isPlace, inputAt) as WeightPlan));
  return plans;
}

function withInputs<Input>(
  step: object,
  isInput: (value: unknown) => value is Input,
  map: (input: Input) => object,
): object {
  const entries = Object.entries(step).map(([key, value]: [string, unknown]) => {
    if (isInput(value)) return [key, map(value)] as const;
    const isList = Array.isArray(value) && isInput(value[0]);
    return [key, isList ? (value as Input[]).map(map) : value] as const;
  });
  return Object.fromEntries(entries);
}

function isPlace(value: unknown): value is Place {
  return typeof value === 'object' && value !== null && 'planAt' in value;
}
