import type { SamplePicture } from '../domain/sample';

const MOST_TAPS = 15 * 15;
const MOST_KERNELS = 64;
/** Of the int8 numbers in the manifest. */
const LARGEST = 127;

/** The picture that a manifest holds as `{kernel, count, values}`, values as base64 of int8; null where its sizes do not fit. */
export function decodePicture(stored: unknown): SamplePicture | null {
  if (typeof stored !== 'object' || stored === null) return null;
  const { kernel, count, values } = stored as Record<string, unknown>;
  if (!Array.isArray(kernel) || kernel.length === 0 || kernel.length > 2 || !kernel.every(isCount))
    return null;
  const taps = kernel.reduce((product, extent) => product * extent, 1);
  if (taps > MOST_TAPS || !isCount(count) || count > MOST_KERNELS || typeof values !== 'string') return null;
  if (values.length !== 4 * Math.ceil((count * taps) / 3)) return null;
  const bytes = bytesOf(values);
  if (bytes?.length !== count * taps) return null;
  return {
    kernel,
    count,
    values: Float32Array.from(new Int8Array(bytes.buffer), (value) => value / LARGEST),
  };
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) > 0;
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}
