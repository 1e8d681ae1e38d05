import { formatCount } from '../../domain/format';
import { isolated } from '../../domain/text';

const MOST_NAMED = 12;

/** Operator types with their counts, most frequent first, equals by name. */
export function byFrequency(counts: Readonly<Record<string, number>>): [type: string, count: number][] {
  return Object.entries(counts).sort(([a, m], [b, n]) => n - m || a.localeCompare(b));
}

/** `MatMul 24, Add 12, and 3 more` */
export function operatorText(counts: Readonly<Record<string, number>>): string {
  const sorted = byFrequency(counts);
  const named = sorted
    .slice(0, MOST_NAMED)
    .map(([type, count]) => `${isolated(type, 60)} ${formatCount(count)}`);
  const rest = sorted.length - named.length;
  return [...named, ...(rest > 0 ? [`and ${rest} more`] : [])].join(', ');
}
