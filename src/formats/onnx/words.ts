/** A name from the file for a sentence: quoted, control characters escaped, cut where absurdly long. */
export function quote(name: string): string {
  return JSON.stringify(name.length > 120 ? `${name.slice(0, 117)}...` : name);
}

/** An operator's type for a sentence: bare where it is a plain word, else as `quote`. */
export function operatorWord(operator: string): string {
  return /^[\w.]{1,60}$/.test(operator) ? operator : quote(operator);
}
