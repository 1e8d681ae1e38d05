import { countOf, formatCount } from '../domain/format';

/** A file with its path inside the drop: `folder/model.onnx`, or the bare name. */
export interface DroppedFile {
  path: string;
  file: File;
}

export interface PlannedModel {
  name: string;
  dropped: DroppedFile;
  companions: { name: string; file: File }[];
}

/** A model already listed that waits for files its weights lie in. */
export interface WaitingModel {
  key: string;
  missing: readonly string[];
}

export interface DropPlan {
  models: PlannedModel[];
  /** Files that waiting models asked for, by the waiting model's key. */
  supplied: Map<string, { name: string; file: File }[]>;
  /** Names of files kept only as possible external data of the models in this drop. */
  companions: string[];
  /** Names of files of a folder passed over because they cannot be a model. */
  ignored: string[];
}

const MODEL = /\.onnx$/i;
/** Files that are something of their own: dropped one by one they get a row that says what they are. */
const OTHER_KIND =
  /\.(pt|pth|th|ckpt|pkl|pickle|safetensors|gguf|h5|hdf5|keras|tflite|lite|ort|pb|pbtxt|prototxt|caffemodel|mlmodel|zip|gz|tar|tgz|7z|npz|npy|json|ya?ml|html?|txt|md|csv|log|py|ipynb|pdf|png|jpe?g|gif|svg|webp)$/i;

/**
 * Decides what each dropped file is: a model of its own, external data of another, or what a waiting model lacks.
 * Kinds are told by content later on; names only tell companions from models, where a drop holds several files.
 */
export function planDrop(files: readonly DroppedFile[], waiting: readonly WaitingModel[]): DropPlan {
  const supplied = new Map<string, { name: string; file: File }[]>();
  const rest: DroppedFile[] = [];
  for (const dropped of files) {
    let wanted = false;
    for (const { key, missing } of waiting) {
      const name = missing.find((path) => baseName(path) === baseName(dropped.path));
      if (name === undefined) continue;
      wanted = true;
      supplied.set(key, [...(supplied.get(key) ?? []), { name, file: dropped.file }]);
    }
    if (!wanted) rest.push(dropped);
  }
  const named = rest.filter(({ path }) => MODEL.test(path));
  const fromFolder = (dropped: DroppedFile) => dropped.path.includes('/');
  const alone = named.length === 0 && supplied.size === 0;
  const others = rest.filter((dropped) => {
    if (MODEL.test(dropped.path)) return false;
    return fromFolder(dropped) ? false : alone || OTHER_KIND.test(dropped.path);
  });
  const leftOver = rest.filter((dropped) => !named.includes(dropped) && !others.includes(dropped));
  const models = [...named, ...others].map((dropped) => ({
    name: baseName(dropped.path),
    dropped,
    companions: MODEL.test(dropped.path) ? companionsOf(dropped, files) : [],
  }));
  const kept = leftOver.filter(({ path }) => named.length > 0 && !OTHER_KIND.test(path));
  return {
    models,
    supplied,
    companions: kept.map(({ path }) => path),
    ignored: leftOver.filter((dropped) => !kept.includes(dropped)).map(({ path }) => path),
  };
}

export interface Aside extends Pick<DropPlan, 'companions' | 'ignored'> {
  /** Files looked at, where the drop holds more. */
  limit?: number | null;
}

/** `Last drop: 2 files kept as external data, 3 files passed over as no model.`; null where there is nothing to say. */
export function asideText({ companions, ignored, limit = null }: Aside): string | null {
  const parts = [
    ...(companions.length > 0 ? [`${countOf(companions.length, 'file')} kept as external data`] : []),
    ...(ignored.length > 0 ? [`${countOf(ignored.length, 'file')} passed over as no model`] : []),
    ...(limit === null ? [] : [`everything after the first ${formatCount(limit)} files left unread`]),
  ];
  return parts.length > 0 ? `Last drop: ${parts.join(', ')}.` : null;
}

/** Everything else in the drop, named as the model would: relative to its folder, else by the bare name. */
function companionsOf(model: DroppedFile, files: readonly DroppedFile[]): { name: string; file: File }[] {
  const folder = model.path.slice(0, model.path.length - baseName(model.path).length);
  return files
    .filter((other) => other !== model && !MODEL.test(other.path))
    .map(({ path, file }) => ({
      name: folder !== '' && path.startsWith(folder) ? path.slice(folder.length) : baseName(path),
      file,
    }));
}

function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}
