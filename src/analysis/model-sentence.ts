import { countOf, formatCount } from '../domain/format';
import { percent } from './verdict-text';
import { isFlagged, rankOf, VERDICTS, type VerdictName } from './verdict-names';
import { USUAL } from './usual';

export interface SummarisedLayer {
  /** The gravest. */
  verdict: VerdictName;
  depthFraction: number | null;
  /** H over the threshold; null where there is none. */
  ratio: number | null;
}

/** What the flags say of layers, after "5 of 9 layers with spatial kernels". */
const PREDICATES: Partial<Record<VerdictName, { one: string; many: string }>> = {
  'all-zero': { one: 'holds only zeros', many: 'hold only zeros' },
  'looks-untrained': { one: 'looks untrained', many: 'look untrained' },
  'near-random': { one: 'is nearly random', many: 'are nearly random' },
  'sparse-low-diversity': { one: 'is sparse and low in diversity', many: 'are sparse and low in diversity' },
  sparse: { one: 'is sparse', many: 'are sparse' },
  'low-diversity': { one: 'is low in diversity', many: 'are low in diversity' },
};

const ADVICE: Partial<Record<VerdictName, string>> = {
  'all-zero': 'A layer of zeros can be removed, or was not loaded.',
  'looks-untrained': 'If the model should be trained, check that its weights were loaded.',
  'near-random': 'Check that these weights were loaded, and trained long enough.',
  'sparse-low-diversity': 'These layers could be made much narrower or pruned.',
  sparse: 'Their sparse filters could be pruned.',
  'low-diversity': 'These layers might do with fewer filters, or be of a kind that needs few patterns.',
};

const CAVEAT = 'How well the network works, its filters alone do not show.';
const MOST_NAMED = 3;

/**
 * What stands out in a model, where in its depth, against random filters and against what is usual, what could be done, and what it
 * does not show; in a few sentences.
 */
export function modelSentence(layers: readonly SummarisedLayer[]): string {
  const judged = layers.filter(({ verdict }) => rankOf(verdict) !== 'unjudged' && verdict !== 'designed');
  if (judged.length === 0) {
    return layers.length === 0
      ? 'The model has no convolutions that could be measured.'
      : 'No layer of this model has spatial kernels that could be judged.';
  }
  const flagged = judged.filter(({ verdict }) => isFlagged(verdict));
  const usual = `In the ${formatCount(USUAL.models)} trained sample models, small networks, ${formatCount(USUAL.flagged)} of ${formatCount(USUAL.layers)} such layers are flagged.`;
  if (flagged.length === 0) return [unflaggedText(judged), usual, CAVEAT].join(' ');
  const kinds = VERDICTS.map((name) => ({
    name,
    members: flagged.filter(({ verdict }) => verdict === name),
  }))
    .filter(({ members }) => members.length > 0)
    .sort((a, b) => b.members.length - a.members.length);
  const named = kinds.slice(0, MOST_NAMED).map(({ name, members }, i) => {
    const { one, many } = PREDICATES[name]!;
    const subject =
      i === 0
        ? `${formatCount(members.length)} of ${countOf(judged.length, 'layer')} with spatial kernels`
        : formatCount(members.length);
    return `${subject} ${members.length === 1 ? one : many}${placeText(members, judged)}`;
  });
  const rest = kinds.slice(MOST_NAMED).reduce((sum, { members }) => sum + members.length, 0);
  const lead = `${[...named, ...(rest > 0 ? [`${formatCount(rest)} are flagged otherwise`] : [])].join('; ')}.`;
  return [lead, usual, ADVICE[kinds[0].name], CAVEAT].filter(Boolean).join(' ');
}

function unflaggedText(judged: readonly SummarisedLayer[]): string {
  const ratios = judged.flatMap(({ ratio }) => (ratio === null ? [] : [ratio])).sort((a, b) => a - b);
  const middle = ratios[Math.floor(ratios.length / 2)];
  if (judged.length === 1) {
    const against =
      middle === undefined ? '' : ` Its variance entropy is ${percent(middle)} of what random filters reach.`;
    return `The one layer with spatial kernels is not flagged.${against}`;
  }
  const against =
    middle === undefined
      ? ''
      : ` Their variance entropy is ${percent(middle)} of what random filters reach, in the median layer.`;
  return `None of the ${formatCount(judged.length)} layers with spatial kernels is flagged.${against}`;
}

/** Where in the depth the layers lie, if that is narrower than where they could; '' else. */
function placeText(members: readonly SummarisedLayer[], all: readonly SummarisedLayer[]): string {
  const depths = (layers: readonly SummarisedLayer[]) =>
    layers.flatMap(({ depthFraction }) => (depthFraction === null ? [] : [depthFraction]));
  const own = depths(members);
  if (own.length === 0 || all.length < 4) return '';
  if (members.length === all.length) return ', at every depth';
  const [low, high] = [Math.min(...own), Math.max(...own)];
  if (high <= 1 / 3) return ' near the input';
  if (low >= 2 / 3) return ' near the output';
  if (high <= 0.5) return ' in the first half of the depth';
  if (low >= 0.5) return ' in the second half of the depth';
  return low === high
    ? ` at depth ${low.toFixed(2)}`
    : ` between depth ${low.toFixed(2)} and ${high.toFixed(2)}`;
}
