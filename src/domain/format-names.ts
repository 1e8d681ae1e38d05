/** What files of a format are called, by which a drop is sorted before anything is read. */
export interface FormatNames {
  id: string;
  /** In words, for the first screen and messages. */
  label: string;
  /** Endings of model files, lower case, without the dot. */
  extensions: readonly string[];
}

/** Formats that can be read. */
export const FORMAT_NAMES = {
  onnx: { id: 'onnx', label: 'ONNX', extensions: ['onnx'] },
} as const satisfies Record<string, FormatNames>;

/** Endings of files that are something of their own: such a file gets a row that says what it is, unless a model names it as its data. */
const OTHER_EXTENSIONS: ReadonlySet<string> = new Set(
  (
    'pt pth th ckpt pkl pickle safetensors gguf h5 hdf5 keras tflite lite ort pb pbtxt prototxt caffemodel mlmodel ' +
    'pdmodel mindir zip gz tar tgz 7z npz npy json yml yaml htm html txt md csv log py ipynb pdf png jpg jpeg gif svg webp'
  ).split(' '),
);

const MODEL_EXTENSIONS: ReadonlySet<string> = new Set(
  Object.values(FORMAT_NAMES).flatMap(({ extensions }): readonly string[] => extensions),
);

function extensionOf(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1).toLowerCase();
}

/** Whether a file is called like a model that can be read. */
export function isNamedAsModel(path: string): boolean {
  return MODEL_EXTENSIONS.has(extensionOf(path));
}

/** Whether a file is called like something other than data of a model. */
export function isNamedAsOther(path: string): boolean {
  return OTHER_EXTENSIONS.has(extensionOf(path));
}

/** `.onnx`, `.onnx or .pt`. */
export function modelEndings(): string {
  const endings = [...MODEL_EXTENSIONS].map((extension) => `.${extension}`);
  return endings.length > 1 ? `${endings.slice(0, -1).join(', ')} or ${endings.at(-1)}` : endings[0];
}
