import { quoted } from '../domain/text';
import { AppError } from '../domain/errors';
import type { ByteSource } from './byte-source';
import { onnxFormat } from './onnx/onnx-format';
import type { ModelFormat, ModelOutline } from './reader';
import { recogniseForeign } from './foreign';

const HEAD_BYTES = 4096;
const TAIL_BYTES = 8;

/** Every format that can be read; the first one that recognises a file opens it. */
export const FORMATS: readonly ModelFormat[] = [onnxFormat];

/**
 * Tells a file's format by its content.
 * @throws AppError('empty-file' | 'wrong-kind' | 'unsupported-format') that says what the file really is and what to do
 */
export async function detectFormat(source: ByteSource): Promise<ModelFormat> {
  if (source.byteLength === 0) {
    throw new AppError(
      'empty-file',
      `${quoted(source.name)} is empty (0 bytes): download or export it again.`,
      {
        file: source.name,
      },
    );
  }
  const head = await source.slice(0, Math.min(HEAD_BYTES, source.byteLength));
  const format = FORMATS.find((f) => f.matches(head, source));
  if (format) return format;
  const tail = await source.slice(Math.max(0, source.byteLength - TAIL_BYTES), source.byteLength);
  const foreign = recogniseForeign(head, tail, source.byteLength);
  const readable = FORMATS.map((f) => f.names.label).join(', ');
  const { code, what, next } = foreign ?? {
    code: 'wrong-kind' as const,
    what: `no model that Filterscope knows (it begins with the bytes ${hexadecimal(head)})`,
    next: `drop a model in one of the formats it reads: ${readable}.`,
  };
  throw new AppError(code, `${quoted(source.name)} is ${what}: ${next}`, { file: source.name, kind: what });
}

/** The format an outline was made by. */
export function formatOf({ format }: ModelOutline): ModelFormat {
  return FORMATS.find(({ names }) => names.id === format)!;
}

function hexadecimal(head: Uint8Array): string {
  return Array.from(head.subarray(0, 8), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
}
