import { describe, expect, test } from 'vitest';
import { MAX_LAYERS } from '../../../src/formats/onnx/limits';
import { onnxFormat } from '../../../src/formats/onnx/onnx-format';
import { bytesSource } from '../../../src/formats/byte-source';
import { PlanTable } from '../../../src/formats/onnx/plan-table';
import { functionProto, graph, int64s, model, node, tensor } from '../support/onnx-writer';
import { openBytes } from '../support/open-bytes';

function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

const a = tensor('a', [1, 1, 2], [1, 2]);
const local = { domain: 'local' };

describe('small files that ask for much end within seconds', () => {
  test('lists of numbers in steps are kept up to a limit that is named', () => {
    const table = new PlanTable();
    const make = (i: number) =>
      table.make({ step: 'fill', name: `${i}${'n'.repeat(2 ** 20)}`, value: 1 }, [1], 'float32', true);
    for (const i of range(32)) make(i);
    expect(() => make(32)).toThrow(
      /computed from "32n.*longer lists of numbers .* keeps \(33,554,432 characters\)/,
    );
  });

  test('numbers that a file makes for one list after another', async () => {
    const nodes = range(600).flatMap((i) => [
      node('Range', ['zero', `n${i}`, 'one'], [`r${i}`]),
      node('Reshape', ['a', `r${i}`], [`w${i}`]),
      node('Conv', ['x', `w${i}`], [`y${i}`]),
    ]);
    const initializers = [
      a,
      int64s('zero', [0], []),
      int64s('one', [1], []),
      ...range(600).map((i) => int64s(`n${i}`, [16_000 - (i % 7)], [])),
    ];
    const { warnings } = (await openBytes(model({ nodes, initializers }))).description;
    expect(warnings.at(-1)).toMatchObject({ code: 'too-large' });
    expect(warnings.at(-1)?.message).toMatch(
      /computed from "r599", and the expressions of the file hold longer lists/,
    );
  });

  test('a heavy shape that is not kept counts each time it is computed', async () => {
    const lists = range(65).map((i) => int64s(`l${i}`, [i, ...new Array<number>(16_383).fill(1)]));
    const nodes = [
      ...range(65).flatMap((i) => [
        node('Reshape', ['a', `l${i}`], [`u${i}`]),
        node('Conv', ['x', `u${i}`], [`z${i}`]),
      ]),
      node('Expand', ['zero', 'size'], ['many']),
      node('ReduceSum', ['many'], ['sum'], { keepdims: 1 }),
      node('Cast', ['sum'], ['shape'], { to: 7 }),
      ...range(60).flatMap((i) => [
        node('Reshape', [`a${i}`, 'shape'], [`w${i}`]),
        node('Conv', ['x', `w${i}`], [`y${i}`]),
      ]),
    ];
    const initializers = [
      a,
      ...lists,
      tensor('zero', [1], [0]),
      int64s('size', [2 ** 24]),
      ...range(60).map((i) => tensor(`a${i}`, [1, 1, 1], [i])),
    ];
    const { warnings } = (await openBytes(model({ nodes, initializers }))).description;
    expect(warnings.at(-1)?.message).toMatch(
      /take too long to compute from "zero": more than 268,435,456 values in all/,
    );
  }, 20_000);

  test('bodies within functions within bodies do not exhaust the stack', async () => {
    const functions = range(99).map((k) => {
      const call = k < 98 ? node(`F${k + 1}`, ['x', 'w'], ['o'], {}, local) : node('Conv', ['x', 'w'], ['o']);
      const body = range(30).reduce((inner) => {
        const then_branch = { graph: graph({ nodes: [inner], inputs: [], outputs: ['o'] }) };
        return node('If', ['c'], ['o'], { then_branch });
      }, call);
      return functionProto({ name: `F${k}`, ...local, inputs: ['x', 'w'], outputs: ['o'], nodes: [body] });
    });
    const nodes = [node('F0', ['x', 'a'], ['y'], {}, local), node('Conv', ['x', 'a'], ['z'])];
    const { layers, warnings } = (await openBytes(model({ nodes, initializers: [a] }, functions)))
      .description;
    expect(layers).toHaveLength(1);
    expect(warnings.map((w) => w.message)).toEqual([
      'The local function "F9" is called within more than 250 bodies and functions; the call at node "" is not expanded.',
    ]);
  });

  test('a name of a million characters in thousands of sentences', async () => {
    const long = 'n'.repeat(1_000_000);
    const nodes = range(8000).map((i) => node('Conv', ['x', 's'], [`y${i}`]));
    const alias = node('Identity', [long], ['s']);
    const bad = tensor(long, [1, 1, 3], [1, 2]);
    const { warnings } = (await openBytes(model({ nodes: [alias, ...nodes], initializers: [bad] })))
      .description;
    expect(warnings.at(-1)?.message).toMatch(/^7,\d\d\d more warnings are not shown\.$/);
  });

  test('one result that thousands of nodes make and thousands use', async () => {
    const nodes = [
      ...range(40_000).map(() => node('Conv', ['x', 'a'], ['y'])),
      ...range(40_000).map((i) => node('Relu', ['y'], [`r${i}`])),
    ];
    const { layers } = (await openBytes(model({ nodes, initializers: [a] }))).description;
    expect(layers).toHaveLength(MAX_LAYERS);
    expect(layers[1].batchNorm).toBe('none');
  });

  test('settings of thousands of numbers, shared by thousands of calls', async () => {
    const numbers = new Array<number>(30_000).fill(3);
    const conv = node('Conv', ['x', 'w'], ['o'], { kernel_shape: numbers, dilations: numbers, strides: [2] });
    const callee = functionProto({ name: 'F', ...local, inputs: ['x', 'w'], outputs: ['o'], nodes: [conv] });
    const nodes = range(5000).map((i) => node('F', ['x', 'a'], [`y${i}`], {}, local));
    const { layers, warnings } = (await openBytes(model({ nodes, initializers: [a] }, [callee]))).description;
    expect(layers[4999]).toMatchObject({ dilations: null, strides: [2] });
    expect(warnings[0].message).toMatch(/declares the kernel \[3, .* and 29992 more\]/);
  });

  test('every part of nodes that split into thousands', async () => {
    const nodes = range(6).flatMap((k) => [
      node('Split', ['wide'], range(4096).map((i) => `s${k}_${i}`), { axis: 1, num_outputs: 4096 }), // prettier-ignore
      ...range(4096).map((i) => node('Conv', ['x', `s${k}_${i}`], [`y${k}_${i}`])),
    ]);
    const wide = tensor('wide', [1, 4096, 1], range(4096));
    const opened = await openBytes(model({ nodes, initializers: [wide] }));
    expect(opened.description.layers).toHaveLength(MAX_LAYERS);
    expect(Array.from((await opened.readFilters(4097)).values)).toEqual([1]);
  });
});

test('an expression of thousands of steps is handed to other engines, its steps shared as they were', async () => {
  const nodes = range(4000).map((i) => node('Neg', [`t${i}`], [`t${i + 1}`]));
  const layer = [
    node('Add', ['t3999', 't3999'], ['w']),
    node('Concat', ['w', 'w', 't0'], ['w3'], { axis: 0 }),
    node('Conv', ['x', 'w3'], ['y']),
    node('BatchNormalization', ['y', 'gamma', 'b', 'm', 'variance'], ['z']),
    node('Neg', ['negative'], ['gamma']),
  ];
  const initializers = [
    tensor('t0', [1, 1, 2], [1, 2]),
    tensor('negative', [3], [-1, -2, -3]),
    tensor('variance', [3], [1, 1, 1]),
  ];
  const bytes = model({ nodes: [...nodes, ...layer], initializers });
  const opened = await openBytes(bytes);
  const { content } = structuredClone(opened.outline());
  const resumed = onnxFormat.resume(content, bytesSource('m.onnx', bytes), new Map());
  expect(Array.from((await resumed.readFilters(0)).values)).toEqual([-2, -4, -2, -4, 1, 2]);
  expect(await resumed.readChannelScale(0)).toEqual(await opened.readChannelScale(0));
  expect(resumed.outline()).toEqual(opened.outline());
});
