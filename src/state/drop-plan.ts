import { countOf, formatCount } from '../domain/format';
import { isNamedAsModel, isNamedAsOther } from '../domain/format-names';
import { baseName, folderOf, normalisePath } from '../domain/path';
import type { FilesSource, NamedFile } from '../domain/source';
import { quoted } from '../domain/text';

/** A file with its path inside the drop: `folder/model.onnx`, or the bare name. */
export interface DroppedFile {
  path: string;
  file: File;
}

/** A file that is, or may be, a model of its own. */
export interface PlannedModel {
  /** Inside the drop. */
  path: string;
  source: FilesSource;
}

/** A model already listed that waits for files its weights lie in. */
export interface WaitingModel {
  key: string;
  /** What the page calls it. */
  label: string;
  /** Number of the drop or pick it came in: files of one pick lie in one folder. */
  drop: number;
  /** Inside its drop. */
  path: string;
  /** Relative to its folder. */
  missing: readonly string[];
}

export interface DropPlan {
  models: PlannedModel[];
  /** Models only where no model of the drop names them as its data. */
  candidates: PlannedModel[];
  /** Files that waiting models asked for, by the waiting model's key; named as it asked. */
  supplied: ReadonlyMap<string, NamedFile[]>;
  /** Files that several waiting models may mean, with the labels of those. */
  ambiguous: { name: string; wantedBy: string[] }[];
  /** Paths of files kept only as possible data of the models in this drop. */
  companions: string[];
  /** Paths of files of a folder passed over because they cannot be a model. */
  ignored: string[];
}

/**
 * Decides what each dropped file is: a model of its own, data of another, or what a waiting model lacks. Kinds are told by
 * content later on; names only tell companions from models, where a drop holds several files.
 *
 * A file belongs to the models of the nearest folder above it that holds any, and to no others: two folders that each hold
 * `model.onnx` and `model.onnx.data` are two models with data of their own. Linear in the files.
 */
export function planDrop(files: readonly DroppedFile[], waiting: readonly WaitingModel[]): DropPlan {
  const all = files.map((dropped) => ({ ...dropped, path: normalisePath(dropped.path) }));
  const { supplied, ambiguous, rest } = supply(all, waiting);
  const named = rest.filter(({ path }) => isNamedAsModel(path));
  const others = rest.filter(({ path }) => !isNamedAsModel(path));
  // What waiting models took may also be data of the models that came along.
  const owned = ownedFiles(
    named,
    all.filter(({ path }) => !isNamedAsModel(path)),
  );
  const isAlone = named.length === 0 && supplied.size === 0 && ambiguous.length === 0;
  const fromFolder = ({ path }: DroppedFile) => path.includes('/');
  const single = others.filter(
    (dropped) => !fromFolder(dropped) && (isAlone || isNamedAsOther(dropped.path)),
  );
  const isSingle = new Set(single);
  const leftOver = others.filter((dropped) => !isSingle.has(dropped));
  const isKept = (path: string) => named.length > 0 && !isNamedAsOther(path);
  const plain = single.map((dropped) => planned(dropped, []));
  return {
    models: [
      ...named.map((dropped) => planned(dropped, owned.get(dropped) ?? [])),
      ...(named.length > 0 ? [] : plain),
    ],
    candidates: named.length > 0 ? plain : [],
    supplied,
    ambiguous,
    companions: leftOver.map(({ path }) => path).filter(isKept),
    ignored: leftOver.map(({ path }) => path).filter((path) => !isKept(path)),
  };
}

/** Candidates that none of the models of their drop named as its data. */
export function unclaimed(
  candidates: readonly PlannedModel[],
  models: readonly { path: string | null; dataFiles: readonly string[] }[],
): PlannedModel[] {
  const claimed = new Set(
    models.flatMap(({ path, dataFiles }) => dataFiles.map((file) => joined(folderOf(path ?? ''), file))),
  );
  return candidates.filter(({ path }) => !claimed.has(path));
}

function planned({ path, file }: DroppedFile, companions: NamedFile[]): PlannedModel {
  return { path, source: { kind: 'files', name: baseName(path), main: file, companions } };
}

/** A file that a waiting model asks for. */
interface Request {
  model: WaitingModel;
  /** As the model names it. */
  name: string;
}

/** Files that waiting models asked for: at their path, else by their bare name where only one folder can mean it. */
function supply(files: readonly DroppedFile[], waiting: readonly WaitingModel[]) {
  const byPath = new Map<string, Request[]>();
  const byName = new Map<string, Request[]>();
  for (const model of waiting) {
    for (const name of model.missing) {
      const path = joined(folderOf(model.path), normalisePath(name));
      if (path.includes('/')) add(byPath, path, { model, name });
      add(byName, baseName(path), { model, name });
    }
  }
  const supplied = new Map<string, NamedFile[]>();
  const ambiguous: DropPlan['ambiguous'] = [];
  const rest: DroppedFile[] = [];
  for (const dropped of files) {
    const { path, file } = dropped;
    const wanted = byPath.get(path) ?? (isNamedAsModel(path) ? [] : (byName.get(baseName(path)) ?? []));
    if (wanted.length === 0) rest.push(dropped);
    else if (areOfOneFolder(wanted)) {
      for (const { model, name } of wanted) add(supplied, model.key, { path: name, file });
    } else ambiguous.push({ name: baseName(path), wantedBy: wanted.map(({ model }) => model.label) });
  }
  return { supplied, ambiguous, rest };
}

/** Whether the models lie side by side, so that one file may serve them all, each by one name. */
function areOfOneFolder(wanted: readonly Request[]): boolean {
  const [{ model: first }] = wanted;
  const isBeside = ({ model }: Request) =>
    model.drop === first.drop && folderOf(model.path) === folderOf(first.path);
  return wanted.every(isBeside) && new Set(wanted.map(({ model }) => model.path)).size === wanted.length;
}

/** By model: the files of its folder and below, but for folders that hold models themselves; named from its folder. */
function ownedFiles(
  models: readonly DroppedFile[],
  files: readonly DroppedFile[],
): Map<DroppedFile, NamedFile[]> {
  const inFolder = new Map<string, DroppedFile[]>();
  for (const model of models) add(inFolder, folderOf(model.path), model);
  const paths = new Set(models.map(({ path }) => path));
  const owned = new Map<DroppedFile, NamedFile[]>();
  for (const { path, file } of files) {
    let folder = folderOf(path);
    while (folder !== '' && !inFolder.has(folder)) folder = folderOf(folder);
    const owners = inFolder.get(folder) ?? [];
    // Files of one path come from several folders that the drop does not tell apart: whose they are cannot be known.
    if (new Set(owners.map((owner) => owner.path)).size < owners.length || paths.has(path)) continue;
    const name = folder === '' ? path : path.slice(folder.length + 1);
    for (const owner of owners) add(owned, owner, { path: name, file });
  }
  return owned;
}

function add<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const values = map.get(key);
  if (values) values.push(value);
  else map.set(key, [value]);
}

function joined(folder: string, path: string): string {
  return folder === '' ? path : `${folder}/${path}`;
}

export interface Aside extends Pick<DropPlan, 'companions' | 'ignored' | 'ambiguous'> {
  /** Files looked at, where the drop holds more. */
  limit?: number | null;
}

/** Models named in one sentence. */
const MOST_NAMED = 3;

/** `Last drop: 2 files kept as external data, 3 files passed over as no model.`; null where there is nothing to say. */
export function asideText({ companions, ignored, ambiguous, limit = null }: Aside): string | null {
  const parts = [
    ...ambiguous.slice(0, MOST_NAMED).map(({ name, wantedBy }) => {
      const models = wantedBy.slice(0, MOST_NAMED).map((label) => quoted(label));
      const more =
        wantedBy.length > MOST_NAMED ? ` and ${formatCount(wantedBy.length - MOST_NAMED)} more` : '';
      return `${quoted(name)} is not used, since ${models.join(', ')}${more} wait for a file of this name: drop each model together with its own, or its folder`;
    }),
    ...(ambiguous.length > MOST_NAMED
      ? [`${countOf(ambiguous.length - MOST_NAMED, 'more file')} that several models wait for not used`]
      : []),
    ...(companions.length > 0 ? [`${countOf(companions.length, 'file')} kept as external data`] : []),
    ...(ignored.length > 0 ? [`${countOf(ignored.length, 'file')} passed over as no model`] : []),
    ...(limit === null ? [] : [`everything after the first ${formatCount(limit)} files left unread`]),
  ];
  return parts.length > 0 ? `Last drop: ${parts.join(', ')}.` : null;
}
