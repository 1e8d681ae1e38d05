import { basisFromMoments } from '../analysis/pca';
import type { Lane, OpenRequest } from './lane';

/** No model that is dropped has this name. */
export const REHEARSAL_ID = '\0rehearsal';
/** An engine compiles a function better once it has run for a while; after these rounds all are. */
const ROUNDS = 24;
const CHANNELS = 96;
const TAPS = 9;
const RANGE: [number, number] = [-2, 2];
const BINS = 1120;

/**
 * Analyses a small made-up model over and over, so that the first real one finds every function compiled; ends early when
 * `wanted` says that there is real work.
 */
export async function rehearse(lane: Lane, wanted: () => boolean): Promise<void> {
  const modelId = REHEARSAL_ID;
  const request: OpenRequest = { modelId, file: model(), fileName: 'rehearsal.onnx', companions: [] };
  const index = 0;
  for (let round = 0; round < ROUNDS && !wanted(); round++) {
    await lane.open(request);
    if (wanted()) break;
    const [measured] = await lane.measure({ modelId, indices: [index], sparsityEpsilon: 0.01 });
    const basis = measured && basisFromMoments(measured.scaled);
    if (!basis || wanted()) break;
    await lane.coefficientRange({ modelId, index, basis });
    if (wanted()) break;
    await lane.coefficientHistogram({ modelId, index, basis, range: RANGE, bins: BINS });
    if (wanted()) break;
    await lane.orthogonality({ modelId, index });
  }
  await lane.close({ modelId });
}

/** An ONNX file of one 3x3 convolution. */
function model(): Blob {
  const values = Float32Array.from({ length: CHANNELS ** 2 * TAPS }, (_, i) => Math.sin(i * i));
  const node = [
    ...field(1, text('x')),
    ...field(1, text('w')),
    ...field(2, text('y')),
    ...field(4, text('Conv')),
  ];
  const shape = [CHANNELS, CHANNELS, 3, 3].flatMap((extent) => number(1, extent));
  const tensor = [...shape, ...number(2, 1), ...field(8, text('w')), ...tag(9), ...varint(values.byteLength)];
  const ends = [...field(11, field(1, text('x'))), ...field(12, field(1, text('y')))];
  const before = [...field(1, node), ...tag(5), ...varint(tensor.length + values.byteLength), ...tensor];
  const length = before.length + values.byteLength + ends.length;
  const head = [...number(1, 8), ...field(8, number(2, 13)), ...tag(7), ...varint(length), ...before];
  return new Blob([Uint8Array.from(head), values, Uint8Array.from(ends)]);
}

// Protobuf, as much of it as that takes.
const text = (value: string) => Array.from(value, (character) => character.charCodeAt(0));
const tag = (id: number) => varint(id * 8 + 2);
const number = (id: number, value: number) => [...varint(id * 8), ...varint(value)];
const field = (id: number, bytes: number[]) => [...tag(id), ...varint(bytes.length), ...bytes];

function varint(value: number): number[] {
  const bytes = [];
  for (; value > 127; value >>>= 7) bytes.push((value & 127) | 128);
  return [...bytes, value];
}
