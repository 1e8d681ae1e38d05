import { readableName } from './names';

/** A name from the file for a sentence: quoted, control characters escaped, cut where absurdly long. */
export function quote(name: string): string {
  const shown = readableName(name);
  return JSON.stringify(shown.length > 120 ? `${shown.slice(0, 117)}...` : shown);
}

/** An operator's type for a sentence: bare where it is a plain word, else as `quote`. */
export function operatorWord(operator: string): string {
  return /^[\w.]{1,60}$/.test(operator) ? operator : quote(operator);
}
