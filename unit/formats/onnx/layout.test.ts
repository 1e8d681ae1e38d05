import { describe, expect, test } from 'vitest';
import { sniffOnnx } from '../../../src/formats/onnx/sniff';
import { SKELETON_LIMITS } from '../../../src/formats/onnx/limits';
import {
  concatBytes,
  convModel,
  f32,
  graph,
  message,
  node,
  tensor,
  varint,
  type Field,
} from '../support/onnx-writer';
import { onlyWeight, openBytes } from '../support/open-bytes';

const parts = { nodes: [node('Conv', ['x', 'w'], ['y'])], initializers: [tensor('w', [1, 1, 2], [1, 2])] };
const plain = convModel({ initializers: parts.initializers });
function failure(bytes: Uint8Array) {
  return openBytes(bytes).then(
    () => {
      throw new Error('was read');
    },
    (e: Error) => e,
  );
}

describe('how the graph is wrapped', () => {
  test('a bare GraphProto', async () => {
    expect(await onlyWeight(graph(parts))).toEqual([1, 2]);
  });

  test.each([true, false])('a 4-byte length prefix, little endian: %s', async (little) => {
    const prefix = new Uint8Array(4);
    new DataView(prefix.buffer).setUint32(0, plain.byteLength, little);
    expect(await onlyWeight(concatBytes([prefix, plain]))).toEqual([1, 2]);
  });

  test('fields in any order; the graph in two parts', async () => {
    const backwards = message([7, graph(parts)], [8, message([2, 9])], [2, 'p'], [1, 3]);
    expect((await openBytes(backwards)).description.facts).toMatchObject({
      producer: 'p',
      irVersion: 3,
      opsets: { 'ai.onnx': 9 },
    });
    const split = message(
      [1, 8],
      [7, graph({ nodes: parts.nodes })],
      [7, graph({ initializers: parts.initializers })],
    );
    expect(await onlyWeight(split)).toEqual([1, 2]);
  });

  test('bytes after the model are ignored with a warning', async () => {
    for (const extra of [[0, 0, 0], [0xff, 0xff, 0xff], [0x0a, 0x7f, 1], Array.from(f32([1, 2, 3]))]) {
      const { layers, warnings } = (await openBytes(concatBytes([plain, extra]))).description;
      expect(layers).toHaveLength(1);
      expect(warnings).toEqual([
        {
          code: 'trailing-bytes',
          message: `"m.onnx" ends with ${extra.length} bytes that are no part of the model; they are ignored.`,
        },
      ]);
    }
  });

  test('unknown fields of the future are passed over', async () => {
    const future = message(
      [1, 12],
      [7, concatBytes([graph(parts), message([99, 'new'], [98, 5], [97, { f32: 1 }], [96, { f64: 1 }])])],
      [40, 'x'],
    );
    expect(await onlyWeight(future)).toEqual([1, 2]);
  });

  test('without opsets and with attributes that have no type (IR 1)', async () => {
    const untyped = message([1, 'group'], [3, 2]);
    const conv = message([1, 'x'], [1, 'w'], [2, 'y'], [4, 'Conv'], [5, untyped]);
    const bytes = message(
      [1, 1],
      [7, graph({ nodes: [conv], initializers: [tensor('w', [2, 1, 1], [1, 2])], inputs: ['x', 'w'] })],
    );
    const { description } = await openBytes(bytes);
    expect(description.facts).toMatchObject({ irVersion: 1, opsets: {}, producer: '' });
    expect(description.layers[0]).toMatchObject({ groups: 2, kind: 'depthwise' });
  });
});

describe('damage', () => {
  test('truncation says how many bytes are missing', async () => {
    const cut = plain.subarray(0, plain.length - 20);
    expect(await failure(cut)).toMatchObject({ code: 'truncated' });
    const error = await failure(message([1, 8], [7, graph(parts)]).subarray(0, 50));
    const whole = message([1, 8], [7, graph(parts)]).length;
    expect(error.message).toBe(
      `"m.onnx" is cut short: it promises ${whole} bytes but holds 50, so ${whole - 50} bytes are missing; download it again.`,
    );
  });

  test.each<[string, Uint8Array, RegExp]>([
    [
      'a length beyond its message',
      message([1, 8], [7, concatBytes([graph(parts), [0x0a, 0x05]])]),
      /a graph promises 5 bytes, more than the part it lies in/,
    ],
    [
      'a wrong wire type',
      message([1, 8], [7, concatBytes([graph(parts), message([1, 5])])]),
      /a graph holds a field of the wrong type/,
    ],
    [
      'a group',
      message([1, 8], [7, concatBytes([graph(parts), [0x0b]])]),
      /a field of the unknown wire type 3 begins/,
    ],
    [
      'field number 0',
      message([1, 8], [7, concatBytes([graph(parts), [0x02, 0x00]])]),
      /no protobuf field begins/,
    ],
    [
      'an endless number',
      message([1, 8], [7, concatBytes([graph(parts), [0x18, ...Array<number>(11).fill(0xff), 0]])]),
      /a number runs over more than ten bytes/,
    ],
    [
      'a length beyond 2^53',
      message([1, 8], [7, concatBytes([graph(parts), [0x0a], varint(2n ** 60n)])]),
      /a length beyond 2\^53 bytes/,
    ],
    [
      'values that do not divide',
      message(
        [1, 8],
        [7, graph({ ...parts, initializers: [tensor('w', [2], [[4, new Uint8Array(7)]] as Field[])] })],
      ),
      /7 bytes of 4-byte values/,
    ],
  ])('%s', async (_, bytes, sentence) => {
    const error = await failure(bytes);
    expect(error).toMatchObject({ code: 'malformed' });
    expect(error.message).toMatch(sentence);
    expect(error.message).toMatch(/^"m\.onnx" is damaged: at byte [\d,]+ /);
  });

  test('nesting without end', async () => {
    let inner = graph({});
    for (let i = 0; i < 60; i++)
      inner = graph({ nodes: [message([4, 'If'], [5, message([1, 'b'], [6, inner])])] });
    expect((await failure(message([1, 8], [7, inner]))).message).toMatch(
      /messages are nested more than 100 deep/,
    );
  });

  test('names and graphs beyond the limits', async () => {
    const long = 'n'.repeat(SKELETON_LIMITS.textBytes + 1);
    expect((await failure(message([1, 8], [7, graph({ nodes: [node(long, [], [])] })]))).message).toMatch(
      /a name of 1\.05 MB/,
    );
    const many = Array.from({ length: 70 }, () => node('n'.repeat(1_000_000), [], []));
    expect(await failure(message([1, 8], [7, graph({ nodes: many })]))).toMatchObject({ code: 'too-large' });
  });

  test('a protobuf without a graph', async () => {
    expect(await failure(message([1, 8], [2, 'producer']))).toMatchObject({ code: 'wrong-kind' });
  });
});

describe('large lists that are not weights', () => {
  test('are passed over or kept out of the skeleton', async () => {
    const trees = node('TreeEnsembleRegressor', ['x'], ['t'], {
      nodes_values: { floats: Array.from({ length: 50_000 }, (_, i) => i) },
      nodes_ids: Array.from({ length: 50_000 }, (_, i) => i),
    });
    expect(await onlyWeight(convModel({ nodes: [trees], initializers: parts.initializers }))).toEqual([1, 2]);
  });
});

test('other protobufs are not taken for ONNX', () => {
  const tensorflow = message(
    [1, message([1, 'input'], [2, 'Placeholder'], [5, message([1, 'dtype'], [2, message([6, 1])])])],
    [4, message([1, 27])],
  );
  expect(sniffOnnx(tensorflow, tensorflow.length)).toBeNull();
  const caffe = message([1, 'net'], [100, message([1, 'conv1'], [2, 'Convolution'])]);
  expect(sniffOnnx(caffe, caffe.length)).toBeNull();
});
