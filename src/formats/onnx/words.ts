/** A name from the file for a sentence: quoted, control characters escaped, cut where absurdly long. */
export function quote(name: string): string {
  return JSON.stringify(name.length > 120 ? `${name.slice(0, 117)}...` : name);
}
