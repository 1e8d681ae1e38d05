import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytesSource } from '../../src/formats/byte-source';
import { detectFormat } from '../../src/formats/registry';
import { convModel, message, tensor } from './support/onnx-writer';

const TEXT = 'x'.repeat(40);

/** NodeDef: name 1, op 2, input 3, device 4, attr 5 (key 1, value 2). */
function nodeDef(name: string, op: string, device = ''): Uint8Array {
  const attribute = message([1, 'dtype'], [2, message([6, 1])]);
  return message([1, name], [2, op], [3, 'input'], ...(device ? [[4, device] as [number, string]] : []), [
    5,
    attribute,
  ]);
}
const graphDef = message(
  [1, nodeDef('x', 'Placeholder')],
  [1, nodeDef('conv', 'Conv2D', '/device:GPU:0')],
  [4, message([1, 27])],
);
const placed = message([1, nodeDef('x', 'Placeholder', '/job:worker/replica:0')], [4, message([1, 27])]);
const metaInfo = message(
  [2, message([1, message([1, 'AddV2'], [2, message([1, 'x'], [4, 'T'])])])],
  [4, 'serve'],
  [5, '2.9.1'],
);
const metaGraph = message([1, metaInfo], [2, graphDef]);
const bigGraph = message(
  [1, nodeDef('x', 'Placeholder')],
  [1, message([1, 'w'], [2, 'Const'], [5, new Uint8Array(2 ** 21)])],
);

/** SavedObject: node_id 2 (not written where 0), node_path 3, identifier 4, metadata 5. */
function savedObject(id: number): Uint8Array {
  const nodeId: [number, number][] = id > 0 ? [[2, id]] : [];
  return message(
    ...nodeId,
    [3, 'root'],
    [4, '_tf_keras_layer'],
    [5, '{"name": "conv2d"}'],
    [6, message([1, 2])],
  );
}

const FILES: Record<string, [bytes: Uint8Array, what: string]> = {
  'a SavedModel': [message([1, 1], [2, metaGraph]), 'a TensorFlow SavedModel'],
  'a SavedModel of two megabytes': [
    message([1, 1], [2, message([1, metaInfo], [2, bigGraph])]),
    'a TensorFlow SavedModel',
  ],
  'a frozen graph': [graphDef, 'a TensorFlow graph'],
  'a graph placed on a device': [placed, 'a TensorFlow graph'],
  'the graph of a checkpoint': [metaGraph, 'the graph of a TensorFlow checkpoint'],
  'Keras metadata': [message([1, savedObject(0)], [1, savedObject(1)]), 'the Keras metadata'],
  CNTK: [
    message(
      [1, 1],
      [2, message([1, 'root_uid'], [2, message([1, 1], [2, 8], [9, TEXT])])],
      [2, message([1, 'type'], [2, message([9, 'CompositeFunction'])])],
    ),
    'a CNTK model',
  ],
  Caffe: [
    message([1, 'ResNet-50'], [100, message([1, 'conv1'], [2, 'Convolution'], [3, 'data'], [4, 'conv1'])]),
    'a Caffe model',
  ],
  'Caffe of old': [
    message([1, 'AlexNet'], [2, message([2, 'data'], [3, 'conv1'], [4, 'conv1'], [5, 4])]),
    'a Caffe model',
  ],
  Paddle: [
    message(
      [1, message([1, 0], [2, -1n as unknown as number], [3, message([1, 'feed'])])],
      [4, message([1, 0])],
    ),
    'a PaddlePaddle program',
  ],
  MindIR: [
    message(
      [1, '0.1.0'],
      [2, 'MindSpore'],
      [3, '1.9.0'],
      [6, message([1, message([1, 'x'], [3, 'Conv2D'])])],
    ),
    'a MindSpore model',
  ],
  'a MindSpore checkpoint': [
    message([
      1,
      message([1, 'conv1.weight'], [2, message([1, 64], [1, 3], [2, 'Float32'], [3, new Uint8Array(64)])]),
    ]),
    'a MindSpore checkpoint',
  ],
  'Core ML': [
    message(
      [1, 4],
      [
        2,
        message(
          [1, message([1, 'image'], [3, message([4, message([1, 224], [2, 224])])])],
          [10, message([1, 'prob'], [3, message([5, message([1, 3])])])],
        ),
      ],
      [500, message([1, message([1, 'conv1'])])],
    ),
    'a Core ML model',
  ],
};

async function failure(bytes: Uint8Array): Promise<string> {
  const error = await detectFormat(bytesSource('x.pb', bytes)).then(
    () => null,
    (reason: Error) => reason,
  );
  return error?.message ?? 'taken for a model';
}

describe('protobufs of other frameworks are named for what they are', () => {
  test.each(Object.entries(FILES))('%s', async (_, [bytes, what]) => {
    expect(await failure(bytes)).toMatch(new RegExp(`^"x\\.pb" is ${what.replace(/[()]/g, '\\$&')}`));
  });

  test('the index of a TensorFlow checkpoint, by its end', async () => {
    const bytes = new Uint8Array(200);
    bytes.set([0x57, 0xfb, 0x80, 0x8b, 0x24, 0x75, 0x47, 0xdb], 192);
    expect(await failure(bytes)).toContain('the index of a TensorFlow checkpoint');
  });

  test('no bytes make it fail otherwise than with a sentence', async () => {
    const parts = fc.constantFrom(...Object.values(FILES).map(([bytes]) => bytes.subarray(0, 300)));
    await fc.assert(
      fc.asyncProperty(parts, fc.nat(299), fc.nat(255), async (bytes, at, value) => {
        const changed = bytes.slice();
        changed[at % changed.length] = value;
        expect(await failure(changed)).toMatch(/^("x\.pb" is |taken for a model)/);
      }),
    );
  });
});

describe('ONNX stays ONNX', () => {
  const folder = 'public/samples';
  const samples = readdirSync(folder).filter((name) => name.endsWith('.onnx'));

  test.each(samples)('%s', async (name) => {
    const format = await detectFormat(bytesSource(name, readFileSync(`${folder}/${name}`)));
    expect(format.names.id).toBe('onnx');
  });

  test('whatever its producer is called', async () => {
    const inner = convModel({ initializers: [tensor('w', [1, 1, 1], [1])] });
    for (const producer of ['pytorch', 'MindSpore', 'tf2onnx', 'été', '']) {
      const bytes = message([1, 8], [2, producer], [3, '2.1']);
      const whole = new Uint8Array([...bytes, ...inner.subarray(2)]);
      expect((await detectFormat(bytesSource('x', whole))).names.id, producer).toBe('onnx');
    }
  });
});
