/** Before the id of a sample. */
const SAMPLE = 'sample:';

/** What a sample goes by in the address. */
export function sampleAddress(id: string): string {
  return SAMPLE + id;
}

/** Hands out names that tell models of one name apart: `model.onnx`, then `model.onnx (2)` and on. */
export class UniqueNames {
  /** By name: the number of the last model that had it. */
  readonly #numbers = new Map<string, number>();

  next(name: string): string {
    const number = (this.#numbers.get(name) ?? 0) + 1;
    this.#numbers.set(name, number);
    // No file passes for a sample.
    return number === 1 && !name.startsWith(SAMPLE) ? name : `${name} (${number})`;
  }
}

/** Names that occur more than once. */
export function repeatedNames(names: readonly string[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const name of names) (seen.has(name) ? repeated : seen).add(name);
  return repeated;
}

/** The last of those with a path, by it. */
export function byPath<Value extends { path: string | null }>(
  values: readonly Value[],
): ReadonlyMap<string, Value> {
  return new Map(values.flatMap((value) => (value.path === null ? [] : [[value.path, value]])));
}
