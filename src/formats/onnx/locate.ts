import { formatCount } from '../../domain/format';
import type { Companions } from '../companions';
import { normalisePath } from '../../domain/path';
import type { TensorInfo } from './graph.types';
import type { Segment } from './payload';
import type { TensorLocation } from './plan';
import { VALUES } from './schema';
import { packedByteLength } from '../elements/element-types';
import { DATA_TYPES, OTHER_TYPE_NAMES, type DataType } from './tensors/dtypes';
import { entryBytes, entryCount, isRawWhenPacked } from './tensors/typed-fields';
import { Unresolved } from './unresolved';
import { list, quote } from './words';

const MAX_RANK = 64;

/**
 * Checks a tensor's type, dimensions and size against what the file holds, before anything is read or allocated.
 * @throws Unresolved with the reason
 */
export function locateTensor(tensor: TensorInfo, name: string, companions: Companions): TensorLocation {
  const type = DATA_TYPES[tensor.dataType];
  const title = () => `the tensor ${quote(name)}`;
  if (!type) {
    const known = OTHER_TYPE_NAMES[tensor.dataType];
    const what = known ? `the element type ${known}` : `the unknown element type ${tensor.dataType}`;
    const advice = tensor.dataType === 0 ? 'again' : known ? null : 'float32';
    throw new Unresolved('bad-tensor', `${title()} has ${what}`, { advice });
  }
  const count = checkedCount(tensor.dims, title);
  const byteLength = packedByteLength(type, count);
  const { dataType, dims, external, payload } = tensor;
  if (external) {
    const { file, segments } = locateExternal(external, byteLength, title, companions);
    return { name, dataType, file, field: VALUES.raw, segments };
  }
  const { raw, typed } = payload;
  const segments = typed[type.field] ?? [];
  if (raw && (raw.byteLength > 0 || segments.length === 0)) {
    if (raw.byteLength !== byteLength) throw sizeMismatch(title, dims, type, byteLength, raw.byteLength);
    return { name, dataType, file: null, field: VALUES.raw, segments: [raw] };
  }
  checkTyped(segments, type, count, title, dims);
  return { name, dataType, file: null, field: type.field, segments };
}

/** The number of values of a shape; refuses negative, absurdly many and overflowing dimensions. */
export function checkedCount(dims: readonly number[], title: () => string): number {
  if (dims.length > MAX_RANK) throw new Unresolved('bad-tensor', `${title()} has ${dims.length} dimensions`);
  if (dims.some((d) => !(d >= 0)))
    throw new Unresolved('bad-tensor', `${title()} has impossible dimensions ${list(dims)}`);
  const count = dims.reduce((a, b) => a * b, 1);
  if (count * 8 > Number.MAX_SAFE_INTEGER) {
    throw new Unresolved(
      'bad-tensor',
      `${title()} has dimensions ${list(dims)}, more values than any file can hold`,
    );
  }
  return count;
}

function checkTyped(
  segments: Segment[],
  type: DataType,
  count: number,
  title: () => string,
  dims: number[],
): void {
  const entries = entryCount(type, count);
  const held = segments.reduce((sum, s) => sum + s.byteLength, 0);
  if (segments.every((s) => s.count !== null)) {
    const present = segments.reduce((sum, s) => sum + (s.count ?? 0), 0);
    if (present === entries) return;
    const perEntry = isRawWhenPacked(type.field) ? entryBytes(type) : 1;
    throw sizeMismatch(title, dims, type, entries * perEntry, present * perEntry);
  }
  if (held < entries || held > entries * 11) throw sizeMismatch(title, dims, type, entries, held);
}

function sizeMismatch(
  title: () => string,
  dims: number[],
  type: DataType,
  needed: number,
  held: number,
): Unresolved {
  return new Unresolved(
    'bad-tensor',
    `${title()} of shape ${list(dims)} and type ${type.name} promises ${formatCount(needed)} bytes but holds ${formatCount(held)}`,
  );
}

function locateExternal(
  external: NonNullable<TensorInfo['external']>,
  byteLength: number,
  title: () => string,
  companions: Companions,
): { file: string; segments: Segment[] } {
  const { location } = external;
  if (isOutside(location)) {
    const shown = location === '' ? 'at no location' : `at ${quote(location)}, outside the model's folder`;
    throw new Unresolved('refused-path', `${title()} lies ${shown}, which is not read`, { file: location });
  }
  const path = normalisePath(location);
  const offset = decimal(external.offset, 0);
  const length = decimal(external.length, byteLength);
  if (offset === null || length === null) {
    const given = `offset ${quote(external.offset)}, length ${quote(external.length)}`;
    throw new Unresolved('bad-tensor', `${title()} lies in ${quote(path)} at an impossible place (${given})`);
  }
  const file = companions.find(location);
  const source = file === null ? undefined : companions.get(file);
  if (file === null || !source) {
    const alike = companions.alike(location);
    const hint = alike === null ? '' : ` (a file named ${quote(alike)} was)`;
    throw new Unresolved(
      'missing-external-data',
      `${title()} lies in the file ${quote(path)}, which was not dropped along${hint}`,
      { file: path },
    );
  }
  if (length !== byteLength) {
    throw new Unresolved(
      'bad-tensor',
      `${title()} promises ${formatCount(byteLength)} bytes but ${formatCount(length)} are set aside in ${quote(file)}`,
    );
  }
  if (offset + byteLength > source.byteLength) {
    throw new Unresolved(
      'bad-tensor',
      `${title()} needs ${formatCount(offset + byteLength)} bytes of ${quote(file)}, which holds ${formatCount(source.byteLength)}`,
      { advice: 'dropWhole' },
    );
  }
  return { file, segments: [{ offset, byteLength, packed: true, count: byteLength }] };
}

/** Absolute paths (also of Windows), URLs, parent folders and empty locations are refused. */
function isOutside(location: string): boolean {
  const parts = location.split(/[/\\]/);
  return (
    location.includes('\0') ||
    parts[0] === '' ||
    parts[0].includes(':') ||
    parts.includes('..') ||
    parts.at(-1) === ''
  );
}

function decimal(text: string, otherwise: number): number | null {
  if (text === '') return otherwise;
  const value = /^\d{1,16}$/.test(text) ? Number(text) : NaN;
  return Number.isSafeInteger(value) ? value : null;
}
