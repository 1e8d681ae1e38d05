import { baseName, normalisePath } from '../domain/path';
import type { ByteSource } from './byte-source';

/** Files dropped along with a model, by their normalised path from its folder. */
export class Companions extends Map<string, ByteSource> {
  readonly #byName: ReadonlyMap<string, string[]>;
  readonly #locations: ReadonlyMap<string, ReadonlySet<string>>;

  /** @param locations every path that the model names: a bare name two of them share tells nothing */
  constructor(files: ReadonlyMap<string, ByteSource>, locations: Iterable<string> = []) {
    super(files);
    const byName = new Map<string, string[]>();
    for (const path of files.keys())
      byName.set(baseName(path), [...(byName.get(baseName(path)) ?? []), path]);
    this.#byName = byName;
    const named = new Map<string, Set<string>>();
    for (const location of locations) {
      const path = normalisePath(location);
      const others = named.get(baseName(path)) ?? new Set();
      named.set(baseName(path), others.add(path));
    }
    this.#locations = named;
  }

  /**
   * The path of the file a model means by `location`: the one at that path, else the only one of its name where nothing else
   * that the model names is called so; null where there is none.
   */
  find(location: string): string | null {
    const path = normalisePath(location);
    if (this.has(path)) return path;
    const name = baseName(path);
    const [only, ...others] = this.#byName.get(name) ?? [];
    const isOne = others.length === 0 && (this.#locations.get(name)?.size ?? 1) <= 1;
    return only !== undefined && isOne ? only : null;
  }

  /** A file that differs from `location` only in the case of its letters: likely the one meant, but another name. */
  alike(location: string): string | null {
    const wanted = normalisePath(location).toLowerCase();
    for (const path of this.keys()) {
      if (path.toLowerCase() === wanted || baseName(path).toLowerCase() === baseName(wanted)) return path;
    }
    return null;
  }
}
