import { createWriteStream, existsSync, mkdirSync, statSync } from 'node:fs';
import { once } from 'node:events';
import { dirname } from 'node:path';

/** The 20 convolutions of ResNet-18: output channels, input channels, kernel size. */
export const RESNET18 = [
  [64, 3, 7],
  ...Array(4).fill([64, 64, 3]),
  [128, 64, 3],
  [128, 128, 3],
  [128, 64, 1],
  [128, 128, 3],
  [128, 128, 3],
  [256, 128, 3],
  [256, 256, 3],
  [256, 128, 1],
  [256, 256, 3],
  [256, 256, 3],
  [512, 256, 3],
  [512, 512, 3],
  [512, 256, 1],
  [512, 512, 3],
  [512, 512, 3],
];

export function weightBytes(shapes) {
  return shapes.reduce((sum, [out, into, kernel]) => sum + 4 * out * into * kernel * kernel, 0);
}

/** Writes an ONNX file of a chain of convolutions with seeded normal weights, tensor by tensor. */
export async function writeModel(path, shapes, seed = 1) {
  if (existsSync(path) && statSync(path).size > weightBytes(shapes)) return;
  mkdirSync(dirname(path), { recursive: true });
  const nodes = shapes.map((_, i) =>
    field(1, [
      ...field(1, text(`x${i}`)),
      ...field(1, text(`w${i}`)),
      ...field(2, text(`x${i + 1}`)),
      ...field(3, text(`Conv_${i}`)),
      ...field(4, text('Conv')),
    ]),
  );
  const tensors = shapes.map(([out, into, kernel], i) => {
    const byteLength = 4 * out * into * kernel * kernel;
    const head = [
      ...[out, into, kernel, kernel].flatMap((extent) => [...tag(1, 0), ...varint(extent)]),
      ...tag(2, 0),
      ...varint(1),
      ...field(8, text(`w${i}`)),
      ...tag(9, 2),
      ...varint(byteLength),
    ];
    return {
      prefix: [...tag(5, 2), ...varint(head.length + byteLength), ...head],
      byteLength,
      fanIn: into * kernel ** 2,
    };
  });
  const tail = [
    ...field(2, text('bench')),
    ...field(11, field(1, text('x0'))),
    ...field(12, field(1, text(`x${shapes.length}`))),
  ];
  const graphLength =
    nodes.reduce((sum, node) => sum + node.length, 0) +
    tensors.reduce((sum, { prefix, byteLength }) => sum + prefix.length + byteLength, 0) +
    tail.length;
  const file = createWriteStream(path);
  const write = async (bytes) => {
    if (!file.write(bytes)) await once(file, 'drain');
  };
  await write(
    Buffer.from([
      ...tag(1, 0),
      ...varint(8),
      ...field(2, text('filterscope-bench')),
      ...tag(7, 2),
      ...varint(graphLength),
    ]),
  );
  for (const node of nodes) await write(Buffer.from(node));
  const normal = normals(seed);
  for (const { prefix, byteLength, fanIn } of tensors) {
    await write(Buffer.from(prefix));
    const values = new Float32Array(byteLength / 4);
    const deviation = Math.sqrt(2 / fanIn);
    for (let i = 0; i < values.length; i++) values[i] = normal() * deviation;
    await write(Buffer.from(values.buffer));
  }
  await write(Buffer.from([...tail, ...field(8, [...tag(2, 0), ...varint(13)])]));
  file.end();
  await once(file, 'finish');
}

function normals(seed) {
  let state = seed >>> 0;
  const uniform = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}

const text = (value) => [...Buffer.from(value)];
const tag = (number, wire) => varint(number * 8 + wire);
const field = (number, bytes) => [...tag(number, 2), ...varint(bytes.length), ...bytes];

function varint(value) {
  const bytes = [];
  let rest = BigInt(value);
  do {
    bytes.push(Number(rest & 127n) | (rest > 127n ? 128 : 0));
    rest >>= 7n;
  } while (rest > 0n);
  return bytes;
}
