/** From gravest to best, as one verdict is chosen among several. */
export const VERDICTS = [
  'all-zero',
  'looks-untrained',
  'near-random',
  'sparse-low-diversity',
  'sparse',
  'low-diversity',
  'varied',
  'random-but-trained',
  'too-few',
  'not-measurable',
  'designed',
  'pointwise',
  'healthy',
] as const;
export type VerdictName = (typeof VERDICTS)[number];

/** Verdicts as they are printed. */
export const VERDICT_WORDS: Record<VerdictName, string> = {
  'all-zero': 'all zero',
  'looks-untrained': 'looks untrained',
  'near-random': 'nearly random',
  'sparse-low-diversity': 'sparse and low in diversity',
  sparse: 'sparse',
  'low-diversity': 'low in diversity',
  varied: 'as varied as random',
  'random-but-trained': 'as varied as random, but trained',
  'too-few': 'too few filters to tell',
  'not-measurable': 'not measurable',
  designed: 'designed',
  pointwise: 'pointwise',
  healthy: 'healthy',
};

/** A verdict after the number of layers that have it: `6 look untrained`. */
export function countedWords(name: VerdictName, count: number): string {
  return name === 'looks-untrained' && count !== 1 ? 'look untrained' : VERDICT_WORDS[name];
}

/** How much a verdict asks for a look: `flagged` ones do, `noted` ones say what cannot be judged by the thresholds. */
export type VerdictRank = 'flagged' | 'noted' | 'unjudged' | 'healthy';

const RANKS: Partial<Record<VerdictName, VerdictRank>> = {
  varied: 'noted',
  'random-but-trained': 'noted',
  'too-few': 'noted',
  designed: 'noted',
  'not-measurable': 'unjudged',
  pointwise: 'unjudged',
  healthy: 'healthy',
};

export function rankOf(name: VerdictName): VerdictRank {
  return RANKS[name] ?? 'flagged';
}

export function isFlagged(name: VerdictName): boolean {
  return rankOf(name) === 'flagged';
}
