import { describe, expect, test } from 'vitest';
import { external, graph, message, node, tensor, type GraphParts } from '../support/onnx-writer';
import { openBytes } from '../support/open-bytes';

type Attributes = NonNullable<Parameters<typeof node>[3]>;

interface Case {
  opset?: number;
  attributes?: Attributes;
  domain?: string;
  outputs?: string[];
  gamma?: Uint8Array;
  variance?: Uint8Array;
  nodes?: Uint8Array[];
  initializers?: Uint8Array[];
  conv?: Uint8Array;
  weight?: Uint8Array;
  inputs?: string[];
}

const GAMMA = tensor('gamma', [3], [1, -2, 0]);
const VARIANCE = tensor('variance', [3], [0, 4, 9]);
const WEIGHT = tensor('w', [3, 1, 2], [1, 2, 3, 4, 5, 6]);

function modelOf(parts: GraphParts, opset: number | null) {
  return message(
    [1, 8],
    [7, graph(parts)],
    ...(opset === null ? [] : [[8, message([1, ''], [2, opset])] as [number, Uint8Array]]),
  );
}

/** Conv over `w`, then a batch norm over `gamma`, `bias`, `mean` and `variance`. */
function file({
  opset = 17,
  attributes = {},
  domain = '',
  outputs = ['z'],
  gamma = GAMMA,
  variance = VARIANCE,
  nodes = [],
  initializers = [],
  conv = node('Conv', ['x', 'w'], ['y']),
  weight = WEIGHT,
  inputs = ['y', 'gamma', 'bias', 'mean', 'variance'],
}: Case) {
  return modelOf(
    {
      nodes: [...nodes, conv, node('BatchNormalization', inputs, outputs, attributes, { domain })],
      initializers: [
        weight,
        gamma,
        variance,
        tensor('bias', [3], [7, 7, 7]),
        tensor('mean', [3], [7, 7, 7]),
        ...initializers,
      ],
    },
    opset,
  );
}

async function scaleOf(parts: Case, companions?: Record<string, Uint8Array>) {
  const opened = await openBytes(file(parts), companions);
  expect(opened.description.layers).toHaveLength(1);
  const scale = await opened.readChannelScale(0);
  return scale && Array.from(scale);
}

describe('channel scale', () => {
  test('is gamma / sqrt(variance + epsilon), the epsilon 1e-5 where none is given', async () => {
    expect(await scaleOf({})).toEqual([1 / Math.sqrt(1e-5), -2 / Math.sqrt(4 + 1e-5), 0]);
    const half = { epsilon: { float: 0.5 } };
    expect(await scaleOf({ attributes: half })).toEqual([1 / Math.sqrt(0.5), -2 / Math.sqrt(4.5), 0]);
  });

  test('comes through the constant expressions that weights come through', async () => {
    const nodes = [
      node('Constant', [], ['c'], { value: { tensor: tensor('', [3], [2, 4, 6]) } }),
      node('Identity', ['c'], ['d']),
      node('Mul', ['d', 'two'], ['gamma2']),
    ];
    const inputs = ['y', 'gamma2', 'bias', 'mean', 'variance'];
    const attributes = { epsilon: { float: 1 } };
    const initializers = [tensor('two', [], [2])];
    expect(await scaleOf({ nodes, inputs, initializers, attributes })).toEqual([
      4,
      8 / Math.sqrt(5),
      12 / Math.sqrt(10),
    ]);
  });

  test('is null where no batch norm follows directly, or one of another domain', async () => {
    const plain = await openBytes(
      modelOf({ nodes: [node('Conv', ['x', 'w'], ['y'])], initializers: [WEIGHT] }, 17),
    );
    expect(await plain.readChannelScale(0)).toBeNull();
    expect(
      await scaleOf({ nodes: [node('Relu', ['y'], ['r'])], inputs: ['r', 'gamma', 'b', 'm', 'v'] }),
    ).toBe(null);
    expect(await scaleOf({ domain: 'com.example' })).toBeNull();
  });

  test('is null where another node uses what the convolution makes', async () => {
    expect(await scaleOf({ nodes: [node('Relu', ['y'], ['other'])] })).toBeNull();
  });

  test.each([
    ['gamma', ['y', 'x', 'bias', 'mean', 'variance']],
    ['variance', ['y', 'gamma', 'bias', 'mean', 'x']],
    ['variance, left out,', ['y', 'gamma', 'bias', 'mean']],
  ])('is null where the %s is not constant', async (_, inputs) => {
    expect(await scaleOf({ inputs })).toBeNull();
  });

  test('is null where the length is not that of the output channels', async () => {
    expect(await scaleOf({ gamma: tensor('gamma', [2], [1, 1]) })).toBeNull();
    expect(await scaleOf({ variance: tensor('variance', [1], [1]) })).toBeNull();
    expect(await scaleOf({ gamma: tensor('gamma', [1, 3], [1, 1, 1]) })).toBeNull();
  });

  test.each([
    ['a negative variance', [0, -1e-9, 1], [1, 1, 1], 1e-5],
    ['a variance that is no number', [0, NaN, 1], [1, 1, 1], 1e-5],
    ['an infinite variance', [0, Infinity, 1], [1, 1, 1], 1e-5],
    ['a division by zero', [0, 1, 1], [1, 1, 1], 0],
    ['a gamma that is no number', [1, 1, 1], [1, NaN, 1], 1e-5],
    ['a negative epsilon', [0, 1, 1], [1, 1, 1], -0.5],
  ])('is null for %s', async (_, variance, gamma, epsilon) => {
    const parts = {
      variance: tensor('variance', [3], variance),
      gamma: tensor('gamma', [3], gamma),
      attributes: { epsilon: { float: epsilon } },
    };
    expect(await scaleOf(parts)).toBeNull();
  });

  test.each<[string, boolean, Case]>([
    ['opset 15 in training mode', false, { opset: 15, attributes: { training_mode: 1 } }],
    ['opset 14 with training_mode 0', true, { opset: 14, attributes: { training_mode: 0 } }],
    ['opset 9 with one output', true, { opset: 9 }],
    ['opset 9 with five outputs', false, { opset: 9, outputs: ['z', 'a', 'b', 'c', 'd'] }],
    ['opset 9 with outputs left unnamed', true, { opset: 9, outputs: ['z', '', ''] }],
    ['opset 7 with spatial 1', true, { opset: 7, attributes: { spatial: 1 } }],
    ['opset 7 with spatial 0', false, { opset: 7, attributes: { spatial: 0 } }],
    ['opset 6 with is_test', true, { opset: 6, attributes: { is_test: 1 } }],
    ['opset 6 without is_test', false, { opset: 6 }],
    ['opset 1 with is_test 0', false, { opset: 1, attributes: { is_test: 0 } }],
  ])('%s: folded %s', async (_, isFolded, parts) => {
    expect((await scaleOf(parts)) !== null).toBe(isFolded);
  });

  test('a file of no opset is of opset 1', async () => {
    const bytes = (attributes: Attributes) =>
      modelOf(
        {
          nodes: [
            node('Conv', ['x', 'w'], ['y']),
            node('BatchNormalization', ['y', 'gamma', 'b', 'm', 'variance'], ['z'], attributes),
          ],
          initializers: [WEIGHT, GAMMA, VARIANCE],
        },
        null,
      );
    expect(await (await openBytes(bytes({}))).readChannelScale(0)).toBeNull();
    expect(await (await openBytes(bytes({ is_test: 1 }))).readChannelScale(0)).toHaveLength(3);
  });

  test('a transposed convolution has its second dimension in every group as channels', async () => {
    const up = (group: number) => node('ConvTranspose', ['x', 'w'], ['y'], { group });
    const weight = (shape: number[]) =>
      tensor(
        'w',
        shape,
        Array.from({ length: shape.reduce((a, b) => a * b) }, () => 1),
      );
    expect(await scaleOf({ conv: up(1), weight: weight([2, 3, 1]) })).toHaveLength(3);
    expect(await scaleOf({ conv: up(3), weight: weight([6, 1, 1]) })).toHaveLength(3);
    expect(await scaleOf({ conv: up(1), weight: weight([3, 2, 1]) })).toBeNull();
    expect(await scaleOf({ conv: up(3), weight: weight([4, 1, 1]) })).toBeNull();
  });

  test('an activation fused into the convolution keeps the batch norm apart', async () => {
    const conv = node('FusedConv', ['x', 'w'], ['y'], {}, { domain: 'com.microsoft' });
    expect(await scaleOf({ conv })).toBeNull();
  });

  test('is null where its values are missing or cut short, with the layer readable all the same', async () => {
    const gamma = external('gamma', [3], { location: 'bn.data', length: '12' });
    expect(await scaleOf({ gamma })).toBeNull();
    const attributes = { epsilon: { float: 1 } };
    const variance = tensor('variance', [3], [0, 0, 0]);
    const whole = { 'bn.data': new Uint8Array(Float32Array.of(1, 2, 3).buffer) };
    expect(await scaleOf({ gamma, variance, attributes }, whole)).toEqual([1, 2, 3]);
    expect(await scaleOf({ gamma, variance, attributes }, { 'bn.data': new Uint8Array(8) })).toBeNull();
    expect(await scaleOf({ gamma: tensor('gamma', [3], [[4, new Uint8Array(4)]]) })).toBeNull();
  });
});
