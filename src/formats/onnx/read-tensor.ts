import { quote } from './words';
import { AppError } from '../../domain/errors';
import { formatBytes, formatCount } from '../../domain/format';
import type { ByteSource } from '../byte-source';
import { plainTensor, type TensorLocation, type WeightPlan } from './plan';
import { VALUES } from './schema';
import { decodeRaw, type Values } from '../elements/decode';
import { packedByteLength } from '../elements/element-types';
import { DATA_TYPES } from './tensors/dtypes';
import { entryBytes, entryCount, isRawWhenPacked, typedToRaw } from './tensors/typed-fields';

/** Values in hand at once: 1 GiB of float64. Ask for fewer filters at a time beyond that. */
const MAX_VALUES_AT_ONCE = 2 ** 27;

export interface ReadContext {
  file: ByteSource;
  companions: ReadonlyMap<string, ByteSource>;
  /** What is being read, for sentences: `the weight "w" of layer "conv1"`. */
  subject: string;
  signal?: AbortSignal;
}

/** Whether any run of values can be read without decoding those before it. */
export function isRandomAccess(tensor: TensorLocation): boolean {
  if (tensor.segments.length !== 1 || !tensor.segments[0].packed) return false;
  return tensor.field === VALUES.raw || isRawWhenPacked(tensor.field);
}

/** Whether a plan's values lie in a file as they are, so that any run of them is read without computing the rest. */
export function isReadDirectly(plan: WeightPlan): boolean {
  const plain = plainTensor(plan);
  return plain !== null && isRandomAccess(plain);
}

/** Values [first, first + count) of a tensor that `isRandomAccess`: reads just their bytes. */
export async function readRun(
  tensor: TensorLocation,
  first: number,
  count: number,
  context: ReadContext,
): Promise<Values> {
  checkAmount(count, context);
  const type = DATA_TYPES[tensor.dataType];
  const perByte = Math.max(1, 8 / type.bits);
  const skip = first % perByte;
  const offset = tensor.segments[0].offset + ((first - skip) * type.bits) / 8;
  const bytes = await readBytes(tensor, offset, packedByteLength(type, count + skip), context);
  return decodeRaw(type, bytes, count, skip);
}

/** All `count` values of a tensor, however they are stored. */
export async function readTensor(
  tensor: TensorLocation,
  count: number,
  context: ReadContext,
): Promise<Values> {
  if (isRandomAccess(tensor)) return readRun(tensor, 0, count, context);
  checkAmount(count, context);
  const type = DATA_TYPES[tensor.dataType];
  const perEntry = entryBytes(type);
  const raw = new Uint8Array(entryCount(type, count) * perEntry);
  let written = 0;
  for (const segment of tensor.segments) {
    const bytes = await readBytes(tensor, segment.offset, segment.byteLength, context);
    const entries = typedToRaw(bytes, tensor.field, segment.packed, perEntry, raw, written);
    if (entries < 0) throw wrongCount(tensor, count, context);
    written += entries * perEntry;
  }
  if (written !== raw.byteLength) throw wrongCount(tensor, count, context);
  return decodeRaw(type, raw, count);
}

export function checkAmount(count: number, context: ReadContext): void {
  if (count <= MAX_VALUES_AT_ONCE) return;
  throw new AppError(
    'too-large',
    `${quote(context.file.name)}: ${context.subject} comes to ${formatCount(count)} values; Filterscope computes up to ${formatCount(MAX_VALUES_AT_ONCE)} (${formatBytes(MAX_VALUES_AT_ONCE * 8)}) at once.`,
    { file: context.file.name, values: count },
  );
}

async function readBytes(
  tensor: TensorLocation,
  offset: number,
  byteLength: number,
  context: ReadContext,
): Promise<Uint8Array> {
  context.signal?.throwIfAborted();
  const source = tensor.file === null ? context.file : context.companions.get(tensor.file);
  if (source && offset + byteLength <= source.byteLength) return source.slice(offset, offset + byteLength);
  const file = tensor.file ?? context.file.name;
  throw new AppError(
    'truncated',
    `${quote(file)} ends before ${context.subject} does: ${formatCount(offset + byteLength)} bytes are needed; drop the whole file.`,
    { file, needed: offset + byteLength, byteLength: source?.byteLength ?? 0 },
  );
}

function wrongCount(tensor: TensorLocation, count: number, context: ReadContext): AppError {
  return new AppError(
    'malformed',
    `${quote(context.file.name)}: ${context.subject} needs ${formatCount(count)} values, but the tensor ${quote(tensor.name)} holds another number of them; export the model again.`,
    { file: context.file.name, tensor: tensor.name, values: count },
  );
}
