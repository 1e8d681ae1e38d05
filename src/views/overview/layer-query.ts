export type Comparison = '<' | '<=' | '>' | '>=' | '=';

/** A column that conditions can name. */
export interface QueryColumn {
  id: string;
  /** Printed in per cent: a bare number above 1 is one. */
  share: boolean;
}

export interface Condition {
  column: string;
  comparison: Comparison;
  value: number;
  /** `=` holds within half of the last digit written. */
  tolerance: number;
}

/** What is asked for in the find box: all of it must hold. */
export interface LayerQuery {
  /** In lower case. */
  words: string[];
  conditions: Condition[];
  /** A sentence on what was not understood, and is left out; else null. */
  problem: string | null;
}

const TOKENS = /"([^"]*)"|<=|>=|==|[<>=≤≥]|[^\s<>=≤≥"]+/g;
const COMPARISONS: ReadonlyMap<string, Comparison> = new Map([
  ['<', '<'],
  ['<=', '<='],
  ['≤', '<='],
  ['>', '>'],
  ['>=', '>='],
  ['≥', '>='],
  ['=', '='],
  ['==', '='],
]);
/** Of a column's name, such as `H / T_H`. */
const MOST_NAME_TOKENS = 3;
const MOST_NUMBER_LENGTH = 30;
const NUMBER = /^[-+−]?(?:\d+\.?|\d*\.(\d+))(?:e([-+]?\d+))?(%?)$/i;
const MOST_QUOTED = 40;

/** A column's name as it is compared: case and blanks make no difference. */
export function nameKey(name: string): string {
  return name.toLowerCase().replace(/\s+/g, '');
}

/**
 * Words and conditions such as `sparsity > 20 %` or `h < 0.5`, joined by blanks, commas or `and`. What stands between double quotes is a
 * word whatever it holds. Takes time in proportion to the text.
 * @param columns by `nameKey` of their names
 */
export function parseQuery(text: string, columns: ReadonlyMap<string, QueryColumn>): LayerQuery {
  const tokens = [...text.matchAll(TOKENS)].map(([whole, quotedWord]) => ({
    text: quotedWord ?? whole,
    quoted: quotedWord !== undefined,
  }));
  const comparisonAt = (i: number) =>
    tokens[i]?.quoted === false ? COMPARISONS.get(tokens[i].text) : undefined;
  const words: string[] = [];
  const conditions: Condition[] = [];
  let problem: string | null = null;
  /** Words read since the last condition: the name of a column may be among them. */
  let pending: string[] = [];
  const settle = () => {
    words.push(...pending);
    pending = [];
  };
  for (let i = 0; i < tokens.length; i++) {
    const { text: word, quoted } = tokens[i]!;
    const comparison = comparisonAt(i);
    if (quoted) {
      settle();
      if (word.trim()) words.push(word.toLowerCase());
    } else if (!comparison) {
      pending.push(word.toLowerCase());
    } else {
      const named = takeColumn(pending, columns);
      const operand = comparisonAt(i + 1) ? undefined : tokens[i + 1]?.text;
      const isPercent = tokens[i + 2]?.quoted === false && /^%,?$/.test(tokens[i + 2]!.text);
      const number = readNumber(`${operand ?? ''}${isPercent ? '%' : ''}`);
      if (named.column && number) {
        pending = named.rest;
        settle();
        conditions.push({ column: named.column.id, comparison, ...valueOf(number, named.column.share) });
      } else {
        problem ??= problemText([named.name, word, operand ?? ''].join(' ').trim());
        pending = named.rest;
        settle();
      }
      if (operand !== undefined) i += isPercent ? 2 : 1;
    }
  }
  settle();
  const isJoined = conditions.length > 0;
  return {
    words: isJoined ? words.map(withoutComma).filter((word) => word !== '' && word !== 'and') : words,
    conditions,
    problem,
  };
}

/** Whether a column's value meets the condition; what is not available meets none. */
export function holds({ comparison, value, tolerance }: Condition, actual: number | null): boolean {
  if (actual === null || Number.isNaN(actual)) return false;
  switch (comparison) {
    case '<':
      return actual < value;
    case '<=':
      return actual <= value;
    case '>':
      return actual > value;
    case '>=':
      return actual >= value;
    case '=':
      return Math.abs(actual - value) <= tolerance;
  }
}

/** The longest name of a column at the end of the words. */
function takeColumn(words: readonly string[], columns: ReadonlyMap<string, QueryColumn>) {
  for (let length = Math.min(MOST_NAME_TOKENS, words.length); length > 0; length--) {
    const name = words.slice(-length).join(' ');
    const column = columns.get(nameKey(name));
    if (column) return { column, name, rest: words.slice(0, -length) };
  }
  return { column: undefined, name: words.at(-1) ?? '', rest: words.slice(0, -1) };
}

interface ReadNumber {
  value: number;
  decimals: number;
  percent: boolean;
}

function readNumber(text: string): ReadNumber | null {
  if (text.length > MOST_NUMBER_LENGTH) return null;
  const plain = text.replace(/,(?=%?$)/, '').replace(/(?<=\d),(?=\d{3}(?!\d))/g, '');
  const found = NUMBER.exec(plain);
  if (!found) return null;
  const [, decimals = '', exponent = '0', percent] = found;
  const value = Number(plain.replace('−', '-').replace('%', ''));
  if (!Number.isFinite(value)) return null;
  return { value, decimals: decimals.length - Number(exponent), percent: percent === '%' };
}

function valueOf({ value, decimals, percent }: ReadNumber, share: boolean) {
  const isPercent = percent || (share && Math.abs(value) > 1);
  return {
    value: isPercent ? value / 100 : value,
    tolerance: 0.5 * 10 ** -(decimals + (isPercent ? 2 : 0)),
  };
}

function withoutComma(word: string): string {
  return word.replace(/,$/, '');
}

function problemText(condition: string): string {
  const cut = condition.length > MOST_QUOTED ? `${condition.slice(0, MOST_QUOTED)}…` : condition;
  return `“${cut}” is not understood: a condition is the name of a column with figures, a comparison and a number, such as sparsity > 20 %; a name with <, > or = goes between double quotes.`;
}
