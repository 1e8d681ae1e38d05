import { describe, expect, test } from 'vitest';
import { convModel, node, tensor, type AttributeValue } from '../support/onnx-writer';
import { openBytes } from '../support/open-bytes';
import { weight } from '../support/one-layer';

const INT = 2;
const FLOAT = 1;

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, i) => Math.sin(i) * (i + 1));
}

/** A square weight, so that no axis is betrayed by its length. */
const square = tensor('v', [4, 4, 3, 3], numbers(144));
const scales = tensor('s', [4], [1, 2, 3, 4]);
const integers = tensor(
  'q',
  [4, 4, 3, 3],
  Uint8Array.from({ length: 144 }, (_, i) => (i * 7) % 100),
  3,
);

type Of = (zero: AttributeValue) => { nodes: Uint8Array[]; initializers: Uint8Array[] };

const CASES: Record<string, { type: number; of: Of }> = {
  'DequantizeLinear axis': {
    type: INT,
    of: (axis) => ({
      nodes: [node('DequantizeLinear', ['q', 's'], ['w'], { axis })],
      initializers: [integers, scales],
    }),
  },
  'Concat axis': {
    type: INT,
    of: (axis) => ({ nodes: [node('Concat', ['v', 'v'], ['w'], { axis })], initializers: [square] }),
  },
  'ReduceL2 keepdims': {
    type: INT,
    of: (keepdims) => ({
      nodes: [
        node('ReduceL2', ['v'], ['n'], { axes: [1, 2, 3], keepdims }),
        node('Unsqueeze', ['n'], ['m'], { axes: [1, 2, 3] }),
        node('Div', ['v', 'm'], ['w']),
      ],
      initializers: [square],
    }),
  },
  'Constant value_float': {
    type: FLOAT,
    of: (value_float) => ({
      nodes: [node('Constant', [], ['zero'], { value_float }), node('Max', ['v', 'zero'], ['w'])],
      initializers: [square],
    }),
  },
  'Constant value_int': {
    type: INT,
    of: (value_int) => ({
      nodes: [
        node('Constant', [], ['first'], { value_int }),
        node('Gather', ['stack', 'first'], ['w'], { axis: 0 }),
      ],
      initializers: [tensor('stack', [2, 4, 4, 3, 3], numbers(288))],
    }),
  },
  'Gather axis': {
    type: INT,
    of: (axis) => ({
      nodes: [node('Gather', ['v', 'i'], ['w'], { axis })],
      initializers: [square, tensor('i', [4], Uint8Array.of(3, 2, 1, 0), 3)],
    }),
  },
  'Clip min': {
    type: FLOAT,
    of: (min) => ({ nodes: [node('Clip', ['v'], ['w'], { min })], initializers: [square] }),
  },
};

describe('an attribute that is present without a value is zero', () => {
  test.each(Object.entries(CASES))('%s', async (_, { type, of }) => {
    const read = async (value: AttributeValue) => {
      const { nodes, initializers } = of(value);
      return weight(nodes, initializers);
    };
    const written = await read(type === FLOAT ? { float: 0 } : 0);
    expect(await read({ unwritten: type })).toEqual(written);
    expect(await read({ unwritten: 0 })).toEqual(written);
  });

  test('not where the value belongs to the calling node, or is of another kind', async () => {
    const absent = weight([node('Concat', ['v', 'v'], ['w'])], [square]);
    const ofOtherKind = weight([node('Concat', ['v', 'v'], ['w'], { axis: { word: 'x' } })], [square]);
    expect((await ofOtherKind).shape).toEqual((await absent).shape);
    expect((await absent).shape).toEqual([4, 8, 3, 3]);
  });

  test('a group without a value is no group', async () => {
    const nodes = [node('Conv', ['x', 'v'], ['y'], { group: { unwritten: INT } })];
    const { description } = await openBytes(convModel({ nodes, initializers: [square] }));
    expect(description.layers.map(({ kind, groups }) => [kind, groups])).toContainEqual(['full', 1]);
  });
});
