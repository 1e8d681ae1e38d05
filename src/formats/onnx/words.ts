import { quoted } from '../../domain/text';
import { readableName } from './names';

/** A name from the file for a sentence: quoted, what cannot be seen escaped, cut in the middle where absurdly long. */
export function quote(name: string): string {
  return quoted(readableName(name));
}

/** An operator's type for a sentence: bare where it is a plain word, else as `quote`. */
export function operatorWord(operator: string): string {
  return /^[\w.]{1,60}$/.test(operator) ? operator : quote(operator);
}
