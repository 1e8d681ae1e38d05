import { ends, NAME_LENGTH, quoted } from '../../domain/text';
import { readableName } from './names';

/** A name from the file for a sentence: quoted, what cannot be seen escaped, cut in the middle where absurdly long. */
export function quote(name: string): string {
  return quoted(readableName(ends(name, NAME_LENGTH)));
}

/** An operator's type for a sentence: bare where it is a plain word, else as `quote`. */
export function operatorWord(operator: string): string {
  return /^[\w.]{1,60}$/.test(operator) ? operator : quote(operator);
}

/** Numbers of a list that a sentence shows. */
const MAX_SHOWN = 8;
/** Characters of a warning, and of the reason in it. */
export const MAX_MESSAGE = 500;
const MAX_REASON = 280;

/** A shape, axes or the like for a sentence: `[64, 3, 7, 7]`; of more than 8 numbers the rest as a count. */
export function list(numbers: readonly number[]): string {
  const rest = numbers.length - MAX_SHOWN;
  const shown = numbers.slice(0, MAX_SHOWN).join(', ');
  return rest > 0 ? `[${shown} and ${rest} more]` : `[${shown}]`;
}

/** A clause cut where it would crowd out the rest of its sentence. */
export function reasonOf(text: string): string {
  return text.length > MAX_REASON
    ? `${text.slice(0, MAX_REASON - 3).replace(/[\ud800-\udbff]$/, '')}...`
    : text;
}
