import { recogniseProtobuf } from './foreign-protobuf';

/** A file that is no model Filterscope can open, in words for its message: `"x" is <what>: <next>`. */
export interface ForeignKind {
  code: 'wrong-kind' | 'unsupported-format';
  what: string;
  next: string;
}

const EXPORT_ONNX = 'export the model as ONNX and drop that.';
const UNPACK = 'unpack it and drop the model file inside.';
const NOT_A_MODEL = 'drop the model file itself.';

function model(what: string, next = EXPORT_ONNX): ForeignKind {
  return { code: 'unsupported-format', what, next };
}

function other(what: string, next = NOT_A_MODEL): ForeignKind {
  return { code: 'wrong-kind', what, next };
}

/** Byte signatures at an offset; the first that fits decides. */
const SIGNATURES: readonly { at: number; bytes: string; kind: ForeignKind }[] = [
  {
    at: 0,
    bytes: '\x89HDF\r\n\x1a\n',
    kind: model('an HDF5 file (Keras or TensorFlow weights), a format not read yet'),
  },
  {
    at: 4,
    bytes: 'ORTM',
    kind: model(
      'an ONNX Runtime file (.ort), whose weights are rearranged for one device',
      'drop the .onnx file it was made from.',
    ),
  },
  { at: 4, bytes: 'TFL3', kind: model('a TensorFlow Lite model, a format not read yet') },
  {
    at: 0,
    bytes: 'GGUF',
    kind: model('a GGUF file (language model weights)', 'drop a convolutional model as ONNX.'),
  },
  { at: 0, bytes: '\x93NUMPY', kind: model('a NumPy array', EXPORT_ONNX) },
  { at: 0, bytes: '\x1f\x8b', kind: other('a gzip archive', UNPACK) },
  { at: 0, bytes: 'BZh', kind: other('a bzip2 archive', UNPACK) },
  { at: 0, bytes: '\xfd7zXZ\0', kind: other('an xz archive', UNPACK) },
  { at: 0, bytes: '\x28\xb5\x2f\xfd', kind: other('a Zstandard archive', UNPACK) },
  { at: 0, bytes: '7z\xbc\xaf\x27\x1c', kind: other('a 7-Zip archive', UNPACK) },
  { at: 0, bytes: 'Rar!\x1a\x07', kind: other('a RAR archive', UNPACK) },
  { at: 257, bytes: 'ustar', kind: other('a tar archive', UNPACK) },
  { at: 0, bytes: '\x89PNG\r\n\x1a\n', kind: other('a PNG image') },
  { at: 0, bytes: '\xff\xd8\xff', kind: other('a JPEG image') },
  { at: 0, bytes: 'GIF8', kind: other('a GIF image') },
  { at: 8, bytes: 'WEBP', kind: other('a WebP image') },
  { at: 0, bytes: '%PDF-', kind: other('a PDF document') },
  { at: 0, bytes: '\x7fELF', kind: other('a program') },
  { at: 0, bytes: 'MZ\x90\0', kind: other('a Windows program') },
];

/** The last eight bytes of a table that TensorFlow keeps the index of a checkpoint in. */
const TABLE_MAGIC = '57fb808b247547db';

/**
 * What a file is, where its first bytes (or last eight) show that it is something other than a model to be opened; else
 * null.
 */
export function recogniseForeign(head: Uint8Array, tail: Uint8Array, byteLength: number): ForeignKind | null {
  const found = SIGNATURES.find(({ at, bytes }) => startsWith(head, at, bytes));
  if (found) return found.kind;
  if (startsWith(head, 0, 'PK\x03\x04')) return zipKind(head);
  if (isSafetensors(head, byteLength)) return model('a safetensors file, a format not read yet');
  if (isPickle(head)) return model('a Python pickle (an old PyTorch checkpoint), a format not read yet');
  if (hexadecimal(tail) === TABLE_MAGIC) {
    return model(
      'the index of a TensorFlow checkpoint, whose weights lie in .data files',
      'convert the model with tf2onnx and drop the .onnx file.',
    );
  }
  const text = asText(head);
  return text === null ? recogniseProtobuf(head) : textKind(text);
}

function hexadecimal(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function zipKind(head: Uint8Array): ForeignKind {
  const names = latin1(head);
  if (/\/(data\.pkl|version|byteorder)|\.data\/|data\.pkl/.test(names)) {
    return model(
      'a PyTorch checkpoint (.pt or .pth), a format not read yet',
      'export the model with torch.onnx.export and drop that.',
    );
  }
  if (/\.npy/.test(names)) return model('an archive of NumPy arrays (.npz)');
  if (/model\.weights\.h5|metadata\.json/.test(names))
    return model('a Keras archive (.keras), a format not read yet');
  return other('a zip archive', UNPACK);
}

/** Eight bytes of header length, then a JSON object. */
function isSafetensors(head: Uint8Array, byteLength: number): boolean {
  if (head.byteLength < 10) return false;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const headerLength = view.getUint32(0, true) + view.getUint32(4, true) * 2 ** 32;
  return (
    head[8] === 0x7b &&
    (head[9] === 0x22 || head[9] === 0x7d || head[9] === 0x20) &&
    headerLength <= byteLength - 8
  );
}

/** Protocol 2 to 5: a PROTO opcode, then an opcode that pickles begin with. */
function isPickle(head: Uint8Array): boolean {
  return (
    head[0] === 0x80 && head[1] >= 2 && head[1] <= 5 && [0x7d, 0x8a, 0x63, 0x5d, 0x28, 0x95].includes(head[2])
  );
}

function textKind(text: string): ForeignKind {
  const start = text.trimStart();
  if (start.startsWith('version https://git-lfs.github.com/spec/')) {
    return other(
      'a Git LFS pointer, not the model itself',
      'fetch the real file with "git lfs pull" and drop that.',
    );
  }
  if (/^(<!doctype html|<html|<head|<\?xml[^>]*>\s*<!doctype html)/i.test(start)) {
    return other(
      'a web page, not a model',
      'the download link led to a page; download the file behind it (on GitHub: "Raw").',
    );
  }
  if (
    /^<\s*ir_version\s*:/.test(start) ||
    /^(ir_version|producer_name|graph|opset_import)\s*[:{]/m.test(start)
  ) {
    return model('an ONNX model in text form', 'convert it to binary with onnx.save and drop that.');
  }
  if (start.startsWith('{') || start.startsWith('[')) {
    if (/"(modelTopology|weightsManifest)"/.test(start)) {
      return model('a TensorFlow.js model description, a format not read yet');
    }
    return other('a JSON file, not a model');
  }
  if (/^(<\?xml[^>]*>\s*)?<net\s[^>]*\bversion=/.test(start)) {
    return model('the description of an OpenVINO model (.xml), a format not read yet');
  }
  if (start.startsWith('<')) return other('an XML file, not a model');
  if (start.startsWith('7767517'))
    return model('the description of an ncnn model (.param), a format not read yet');
  if (start.startsWith('model_checkpoint_path:')) {
    return other('the list of a TensorFlow checkpoint, without weights');
  }
  if (
    /^(name\s*:\s*"[^"]*"\s+)?(layers?|input|input_param)\s*[:{]/m.test(start) &&
    /\btype\s*:/.test(start)
  ) {
    return model('the description of a Caffe model (.prototxt), without weights');
  }
  return other('a text file, not a model');
}

/** The head as text where all of it is printable UTF-8 (a character cut at the end apart); null where it is binary. */
function asText(head: Uint8Array): string | null {
  for (const byte of head)
    if (byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d && byte !== 0x0c) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
  } catch {
    return null;
  }
}

function startsWith(head: Uint8Array, at: number, bytes: string): boolean {
  if (head.byteLength < at + bytes.length) return false;
  for (let i = 0; i < bytes.length; i++) if (head[at + i] !== bytes.charCodeAt(i)) return false;
  return true;
}

function latin1(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
}
