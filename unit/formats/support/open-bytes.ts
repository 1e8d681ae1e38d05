import { bytesSource, type ByteSource } from '../../../src/formats/byte-source';
import { readOnnx } from '../../../src/formats/onnx/onnx-format';
import type { OpenModel } from '../../../src/formats/reader';

export function openBytes(
  bytes: Uint8Array,
  companions: Record<string, Uint8Array> = {},
): Promise<OpenModel> {
  const dropped = new Map<string, ByteSource>(
    Object.entries(companions).map(([name, data]) => [name, bytesSource(name, data)]),
  );
  return readOnnx(bytesSource('m.onnx', bytes), { companions: dropped });
}

/** The values of the model's only layer. */
export async function onlyWeight(bytes: Uint8Array): Promise<number[]> {
  const opened = await openBytes(bytes);
  if (opened.description.layers.length !== 1) {
    throw new Error(opened.description.warnings.map((w) => w.message).join(' '));
  }
  return Array.from((await opened.readFilters(0)).values);
}
