import type { WeightPlan } from './plan';
import { Unresolved } from './unresolved';

/** An axis counted from the end where negative. */
export function axisOf(axis: number, rank: number, operator: string): number {
  const at = axis < 0 ? axis + rank : axis;
  if (!Number.isSafeInteger(at) || at < 0 || at >= rank) {
    throw new Unresolved(
      'unresolved-weight',
      `${operator} along axis ${axis} does not fit a tensor of ${rank} dimensions`,
    );
  }
  return at;
}

export function shown(plan: WeightPlan): string {
  return `[${plan.shape}]`;
}
