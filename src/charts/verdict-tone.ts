import { isFlagged, rankOf, type VerdictName } from '../analysis/verdict-names';
import type { Tone } from './types';

/** From gravest to best. */
export const TONES: readonly Tone[] = ['bad', 'warn', 'neutral', 'good'];

/** The tone of a verdict, as base.css colours its words. */
export function toneOf(name: VerdictName): Tone {
  if (name === 'sparse' || name === 'low-diversity') return 'warn';
  if (isFlagged(name)) return 'bad';
  return rankOf(name) === 'healthy' ? 'good' : 'neutral';
}
