import { closeSync, ftruncateSync, mkdtempSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** ONNX files made for one test: a chain of convolutions, with dead weight beside it where asked for. */

export interface Tensor {
  name: string;
  shape: number[];
  /** The first values; zeros follow. */
  values: Float32Array;
  /** Name of the convolution of which it is the weight; `conv` and a number where its own is `w` and a number. */
  node?: string;
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = BigInt(value);
  do {
    bytes.push(Number(rest & 127n) | (rest > 127n ? 128 : 0));
    rest >>= 7n;
  } while (rest > 0n);
  return bytes;
}

function text(value: string) {
  return [...Buffer.from(value)];
}

function tag(number: number, wire: number) {
  return varint(number * 8 + wire);
}

function field(number: number, bytes: number[]) {
  return [...tag(number, 2), ...varint(bytes.length), ...bytes];
}

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'filterscope-'));
}

export function writeFile(folder: string, name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/**
 * Writes a model whose tensors named `w0`, `w1`, ..., or with a node, are the weights of a chain of convolutions; others are unused. Zeros are
 * left as holes, so that gigabytes cost no disk.
 */
export function writeModel(folder: string, name: string, tensors: Tensor[]): string {
  const convolutions = tensors.filter(({ name, node }) => node !== undefined || /^w\d+$/.test(name));
  const nodes = convolutions.flatMap((tensor, i) =>
    field(1, [
      ...field(1, text(`x${i}`)),
      ...field(1, text(tensor.name)),
      ...field(2, text(`x${i + 1}`)),
      ...field(3, text(tensor.node ?? `conv${i}`)),
      ...field(4, text('Conv')),
    ]),
  );
  const parts = tensors.map((tensor) => {
    const byteLength = 4 * tensor.shape.reduce((product, extent) => product * extent, 1);
    const head = [
      ...tensor.shape.flatMap((extent) => [...tag(1, 0), ...varint(extent)]),
      ...tag(2, 0),
      ...varint(1),
      ...field(8, text(tensor.name)),
      ...tag(9, 2),
      ...varint(byteLength),
    ];
    return { tensor, byteLength, prefix: [...tag(5, 2), ...varint(head.length + byteLength), ...head] };
  });
  const tail = [
    ...field(2, text('test')),
    ...field(11, field(1, text('x0'))),
    ...field(12, field(1, text(`x${convolutions.length}`))),
  ];
  const graphLength =
    nodes.length + tail.length + parts.reduce((sum, part) => sum + part.prefix.length + part.byteLength, 0);

  const path = join(folder, name);
  const file = openSync(path, 'w');
  let position = 0;
  const write = (bytes: Uint8Array) => {
    writeSync(file, bytes, 0, bytes.length, position);
    position += bytes.length;
  };
  write(Uint8Array.from([...tag(1, 0), ...varint(8), ...tag(7, 2), ...varint(graphLength), ...nodes]));
  for (const { tensor, byteLength, prefix } of parts) {
    write(Uint8Array.from(prefix));
    const { buffer, byteOffset, byteLength: given } = tensor.values;
    writeSync(file, new Uint8Array(buffer, byteOffset, given), 0, given, position);
    position += byteLength;
  }
  write(Uint8Array.from([...tail, ...field(8, [...tag(2, 0), ...varint(13)])]));
  ftruncateSync(file, position);
  closeSync(file);
  return path;
}

/** Seeded values in [-1, 1). */
export function noise(length: number, seed = 1): Float32Array {
  let state = seed >>> 0;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}
