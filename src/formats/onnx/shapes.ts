import type { WeightPlan } from './plan';
import { Unresolved } from './unresolved';
import { list } from './words';

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
  return list(plan.shape);
}

/** Shapes of the operands of a step that takes any number of them. */
export function shownAll(plans: readonly WeightPlan[], joint = ' and '): string {
  const rest = plans.length - 4;
  return plans.slice(0, 4).map(shown).join(joint) + (rest > 0 ? ` and ${rest} more` : '');
}

/** NumPy's broadcasting; throws Unresolved where the shapes do not fit each other. */
export function broadcastShape(operator: string, ...plans: WeightPlan[]): number[] {
  const rank = Math.max(...plans.map((p) => p.shape.length));
  return Array.from({ length: rank }, (_, i) => {
    const sizes = plans.map(({ shape }) => shape[shape.length - rank + i] ?? 1).filter((size) => size !== 1);
    if (sizes.some((size) => size !== sizes[0])) {
      throw new Unresolved('unresolved-weight', `${operator} of ${shownAll(plans)} does not fit`);
    }
    return sizes[0] ?? 1;
  });
}
