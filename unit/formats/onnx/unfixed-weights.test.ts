import { describe, expect, test } from 'vitest';
import { reason } from '../support/one-layer';
import { convModel, graph, int64s, model, node, tensor } from '../support/onnx-writer';
import { onlyWeight, openBytes } from '../support/open-bytes';

function range(n: number) {
  return Array.from({ length: n }, (_, i) => i);
}

describe('If', () => {
  const branches = {
    then_branch: { graph: graph({ nodes: [node('Neg', ['a'], ['t'])], inputs: [], outputs: ['t'] }) },
    else_branch: { graph: graph({ nodes: [node('Identity', ['a'], ['e'])], inputs: [], outputs: ['e'] }) },
  };
  const a = tensor('a', [1, 1, 2], [1, 2]);

  test('a constant condition chooses the body', async () => {
    const nodes = [
      node('Size', ['a'], ['n']),
      node('Greater', ['n', 'three'], ['c']),
      node('If', ['c'], ['w'], branches),
    ];
    expect(await onlyWeight(convModel({ nodes, initializers: [a, int64s('three', [3], [])] }))).toEqual([
      1, 2,
    ]);
    expect(await onlyWeight(convModel({ nodes, initializers: [a, int64s('three', [1], [])] }))).toEqual([
      -1, -2,
    ]);
  });

  test('a running condition does not', async () => {
    expect(await reason([node('If', ['x'], ['w'], branches)], [a])).toMatchObject({
      code: 'runtime-weight',
      message: 'Conv "conv" is left out: the tensor "w" is chosen by If while the model runs.',
    });
  });
});

describe('weights that are none', () => {
  test('filled with one value', async () => {
    const nodes = [
      node('ConstantOfShape', ['s'], ['ones'], { value: { tensor: tensor('', [1], [2]) } }),
      node('Mul', ['ones', 'ones'], ['w']),
    ];
    expect(await reason(nodes, [int64s('s', [1, 1, 3])])).toMatchObject({
      code: 'no-weights',
      message: expect.stringMatching(
        /its weight "ones" is filled with one value by ConstantOfShape/,
      ) as string,
    });
  });

  test('a fill beside a stored tensor is part of its expression', async () => {
    const nodes = [
      node('ConstantOfShape', ['s'], ['zeros']),
      node('Concat', ['zeros', 'a'], ['w'], { axis: 1 }),
    ];
    const made = await openBytes(
      convModel({ nodes, initializers: [int64s('s', [1, 1, 2]), tensor('a', [1, 1, 2], [3, 4])] }),
    );
    expect(made.description.layers[0].weightName).toBe('a');
    expect(Array.from((await made.readFilters(0)).values)).toEqual([0, 0, 3, 4]);
  });

  test.each(['Softmax', 'Hardmax'])(
    'made from the input by %s, which is followed from constants or not at all: the input is named',
    async (operator) => {
      const nodes = [node('Neg', ['x'], ['r']), node(operator, ['r'], ['s']), node('Mul', ['s', 'a'], ['w'])];
      expect(await reason(nodes, [tensor('a', [1, 1, 2], [3, 4])])).toMatchObject({
        code: 'runtime-weight',
        message: `Conv "conv" is left out: the tensor "s" is computed by ${operator} from "x" while the model runs: it is not fixed in the file ("w (Mul)" <- "s (${operator})").`,
      });
    },
  );

  test('a kernel made by a convolution of the input is made while the model runs', async () => {
    const nodes = [node('Conv', ['x', 'a'], ['s']), node('Relu', ['s'], ['w'])];
    const { description } = await openBytes(
      convModel({ nodes, initializers: [tensor('a', [1, 1, 2], [3, 4])] }),
    );
    expect(description.layers.map((l) => l.weightName)).toEqual(['a']);
    expect(description.warnings.map((w) => w.code)).toEqual(['runtime-weight']);
  });

  test('stacked weights that a Scan takes in turn', async () => {
    const body = graph({
      nodes: [node('Conv', ['h', 'k'], ['next'], {}, { name: 'scanned' })],
      inputs: ['h', 'k'],
      outputs: ['next'],
    });
    const scan = (inputs: string[]) =>
      model({
        nodes: [node('Scan', inputs, ['y'], { body: { graph: body }, num_scan_inputs: 1 })],
        initializers: [tensor('stack', [3, 1, 1, 2], range(6))],
        inputs: ['x', 'z'],
      });
    const stacked = (await openBytes(scan(['x', 'stack']))).description.warnings[1];
    expect(stacked).toMatchObject({
      code: 'runtime-weight',
      message:
        'Conv "scanned" is left out: the tensor "k" is one of the stacked weights "stack" that a Scan takes in turn: stacked weights are not followed; export the model with the loop unrolled.',
    });
    const running = (await openBytes(scan(['x', 'z']))).description.warnings[1];
    expect(running.message).toBe(
      'Conv "scanned" is left out: the tensor "k" is handed in while the model runs.',
    );
  });

  test('more operands and outputs than any exporter writes end at once', async () => {
    const many = Array.from({ length: 100_000 }, () => 'a');
    const a = tensor('a', [1, 1, 2], [3, 4]);
    expect((await reason([node('Sum', many, ['w'])], [a])).message).toMatch(
      /Add of 100000 tensors is not followed/,
    );
    const outputs = range(10_000).map((i) => `o${i}`);
    const nodes = [
      node('Split', ['a'], [...outputs, 'w']),
      ...outputs.map((name) => node('Conv', ['x', name], [`y${name}`])),
    ];
    const opened = await openBytes(convModel({ nodes, initializers: [a] }));
    expect(opened.description.layers).toEqual([]);
    expect(opened.description.warnings[1].message).toMatch(
      /"o0" is computed by Split, which is not followed/,
    );
    const long = ['zero', 'many', 'one'];
    const numbers = [int64s('zero', [0], []), int64s('many', [1e9], []), int64s('one', [1], [])];
    expect((await reason([node('Range', long, ['w'])], numbers)).message).toMatch(
      /a Range from 0 to 1000000000 by 1 is not followed/,
    );
  });

  test('shapes that take too long to find out', async () => {
    const nodes = [
      node('Expand', ['a', 's'], ['big']),
      ...range(64).flatMap((i) => [
        node('Add', ['big', `k${i}`], [`b${i}`]),
        node('ReduceSum', [`b${i}`], [`n${i}`], { keepdims: 0 }),
        node('Cast', [`n${i}`], [`c${i}`], { to: 7 }),
        node('Reshape', [i === 0 ? 'a' : `t${i - 1}`, `c${i}`], [i === 63 ? 'w' : `t${i}`]),
      ]),
    ];
    const initializers = [
      tensor('a', [1, 1, 1], [0]),
      int64s('s', [1, 2 ** 10, 2 ** 10]),
      ...range(64).map((i) => tensor(`k${i}`, [1], [0])),
    ];
    expect(await reason(nodes, initializers)).toMatchObject({
      code: 'too-large',
      message: expect.stringMatching(/the shapes in its expression take too long to compute/) as string,
    });
  });
});
