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

/** NumPy's broadcasting; throws Unresolved where the shapes do not fit each other. */
export function broadcastShape(operator: string, ...plans: WeightPlan[]): number[] {
  const rank = Math.max(...plans.map((p) => p.shape.length));
  return Array.from({ length: rank }, (_, i) => {
    const sizes = plans.map(({ shape }) => shape[shape.length - rank + i] ?? 1).filter((size) => size !== 1);
    if (sizes.some((size) => size !== sizes[0])) {
      throw new Unresolved(
        'unresolved-weight',
        `${operator} of ${plans.map(shown).join(' and ')} does not fit`,
      );
    }
    return sizes[0] ?? 1;
  });
}
