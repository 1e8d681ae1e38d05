import { describe, expect, test } from 'vitest';
import { reason } from '../support/one-layer';
import {
  convModel,
  external,
  graph,
  int64s,
  message,
  node,
  tensor,
  type Field,
} from '../support/onnx-writer';
import { openBytes } from '../support/open-bytes';

const a = tensor('a', [1, 1, 2], [1, 2]);
const cond = { then_branch: { graph: graph({ nodes: [], inputs: [], outputs: ['a'] }) } };

function loop(inputs: string[], outer: string) {
  const body = graph({
    nodes: [node('Mul', ['v', outer], ['next']), node('Identity', ['c'], ['go'])],
    inputs: ['i', 'c', 'v'],
    outputs: ['go', 'next'],
  });
  return node('Loop', ['', '', ...inputs], ['w'], { body: { graph: body } });
}

function text(what: string, name = 'w'): RegExp {
  return new RegExp(`the tensor "${name}" ${what}`);
}

const FOLD = 'export the model with constant folding, so that the weight is stored as a tensor';

/** What is told of a weight `w` after the first `;`. */
describe('the advice fits the reason', () => {
  test.each<[string, Uint8Array[], Uint8Array[], RegExp, string | null]>([
    [
      'constants that others can compute',
      [node('Hardmax', ['a'], ['w'])],
      [a],
      text('is computed by Hardmax, which is not followed'),
      FOLD,
    ],
    [
      'operators of other domains',
      [node('Make', ['a'], ['w'], {}, { domain: 'mine' })],
      [a],
      text('is computed by mine.Make, which is not followed'),
      'export the model with standard operators',
    ],
    [
      'a dynamic quantiser',
      [node('DynamicQuantizeLinear', ['a'], ['w', 's', 'z'])],
      [a],
      text('is computed by DynamicQuantizeLinear'),
      'export the model before it is quantised',
    ],
    [
      'a loop over constants',
      [loop(['a'], 'a')],
      [a],
      text('is computed by Loop, which is not followed'),
      'export the model with the loop unrolled',
    ],
    [
      'a loop over what runs, which its body takes from outside',
      [loop(['a'], 'x')],
      [a],
      text('is computed by Loop from "x" while the model runs'),
      null,
    ],
    [
      'random numbers',
      [node('RandomNormal', [], ['w'], { shape: [1, 1, 2] })],
      [],
      text('is drawn at random by RandomNormal while the model runs: it is not fixed in the file'),
      null,
    ],
    [
      'what is made of random numbers',
      [node('RandomUniformLike', ['a'], ['r']), node('Hardmax', ['r'], ['w'])],
      [a],
      text('is computed by Hardmax from "r" while the model runs'),
      null,
    ],
    [
      'an If whose condition others can compute',
      [node('IsNaN', ['a'], ['c']), node('If', ['c'], ['w'], cond)],
      [a],
      text('is computed by IsNaN, which is not followed', 'c'),
      FOLD,
    ],
    [
      'an If whose condition runs',
      [node('If', ['x'], ['w'], cond)],
      [a],
      text('is chosen by If while the model runs'),
      null,
    ],
    [
      'shapes that do not fit',
      [node('Add', ['a', 'b'], ['w'])],
      [a, tensor('b', [3], [1, 2, 3])],
      /Add of \[1, 1, 2\] and \[3\] does not fit/,
      'export the model again',
    ],
    [
      'names that stand for nothing',
      [node('Neg', ['nothing'], ['w'])],
      [],
      text('is defined nowhere in the file', 'nothing'),
      'export the model again',
    ],
    [
      'a budget',
      [node('Tile', ['a', 'by'], ['t']), node('Neg', ['t'], ['w'])],
      [a, int64s('by', [2 ** 13, 2 ** 13, 1])],
      /computing it from "a" takes .* of memory; Filterscope takes up to 805.3 MB/,
      null,
    ],
    [
      'more numbers that steer than are taken',
      [node('Reshape', ['a', 'many'], ['w'])],
      [a, int64s('many', new Array<number>(20_000).fill(1))],
      /is shaped by the tensor "many" of 20,000 numbers; Filterscope takes up to 16,384/,
      null,
    ],
    [
      'one value everywhere',
      [node('ConstantOfShape', ['s'], ['w'])],
      [int64s('s', [1, 1, 3])],
      /is filled with one value/,
      'export the model with its weights in it',
    ],
    ['no values', [], [tensor('w', [1, 0, 3], [])], /holds no values/, null],
    ['no spatial dimension', [], [tensor('w', [1, 2], [1, 2])], /no spatial dimension/, null],
    [
      'unknown element types',
      [],
      [tensor('w', [1, 1, 2], [1, 2], 99)],
      text('has the unknown element type 99'),
      'export the model with its weights as float32',
    ],
    [
      'complex numbers',
      [],
      [tensor('w', [1, 1, 2], [1, 2], 14)],
      text('has the element type complex64'),
      null,
    ],
    [
      'sizes that are not those of the values',
      [],
      [tensor('w', [1, 1, 3], [1, 2])],
      text('of shape .* promises 12 bytes but holds 8'),
      'export the model again',
    ],
    [
      'raw integers',
      [],
      [tensor('w', [1, 1, 2], new Uint8Array(2), 3)],
      /holds raw integers/,
      'export it with the scales of its integers, or before it is quantised',
    ],
  ])('%s', async (_, nodes, initializers, why, advice) => {
    const { message: sentence } = await reason(nodes, initializers);
    expect(sentence).toMatch(why);
    if (advice === null) expect(sentence).not.toMatch(/export|drop|folding/);
    else expect(sentence.endsWith(`; ${advice}.`)).toBe(true);
    expect(sentence.match(/export/g)?.length ?? 0).toBeLessThan(2);
  });

  test('cycles', async () => {
    const nodes = [node('Neg', ['u'], ['w']), node('Neg', ['w'], ['u'])];
    const { warnings } = (await openBytes(convModel({ nodes }))).description;
    expect(warnings.at(-1)?.message).toMatch(/"w" depends on itself .*; export the model again\.$/);
  });

  test('an input of the graph', async () => {
    const { description } = await openBytes(convModel({ inputs: ['x', 'w'] }));
    expect(description.warnings[1].message).toBe(
      'Conv "conv" is left out: the tensor "w" is an input of the graph without a value: there are no weights in the file; export the model with its weights in it.',
    );
  });

  test('values carried by a loop', async () => {
    const body = graph({
      nodes: [node('Conv', ['x', 'v'], ['y'], {}, { name: 'inner' }), node('Identity', ['v'], ['next'])],
      inputs: ['i', 'c', 'v'],
      outputs: ['c', 'next'],
    });
    const holder = node('Loop', ['', '', 'a'], ['z'], { body: { graph: body } });
    const bytes = convModel({ nodes: [holder], initializers: [a] }, 'a');
    const { warnings } = (await openBytes(bytes)).description;
    expect(warnings.map((w) => w.message)).toEqual([
      'Conv "inner" is left out: the tensor "v" is handed in while the model runs.',
    ]);
  });

  test('a missing file, and one that is cut short', async () => {
    const far = external('w', [1, 1, 2], { location: 'far.bin' });
    const twoLayers = convModel({ nodes: [node('Conv', ['x', 'a'], ['h'])], initializers: [a, far] });
    const missing = (await openBytes(twoLayers)).description.warnings;
    expect(missing.map((w) => w.message)).toEqual([
      'Conv "conv" is left out: the tensor "w" lies in the file "far.bin", which was not dropped along; drop that file together with the model.',
    ]);
    const short = (await openBytes(twoLayers, { 'far.bin': new Uint8Array(4) })).description.warnings;
    expect(short.map((w) => w.message)).toEqual([
      'Conv "conv" is left out: the tensor "w" needs 8 bytes of "far.bin", which holds 4; drop the whole file that was written with this model.',
    ]);
  });

  test('a Quant of a width that is not known', async () => {
    const numbers = [tensor('one', [], [1]), tensor('zero', [], [0]), tensor('bits', [], [64])];
    const domain = 'qonnx.custom_op.general';
    const quant = node('Quant', ['a', 'one', 'zero', 'bits'], ['w'], {}, { domain });
    expect((await reason([quant], [a, ...numbers])).message).toMatch(
      /that is not known.*; export the model before it is quantised\.$/,
    );
  });

  test('a Constant without a value', async () => {
    const strings: Field[] = [[5, message([1, 'value_string'], [4, 'text'], [20, 3])]];
    const constant = message([2, 'w'], [4, 'Constant'], ...strings);
    expect((await reason([constant], [])).message).toMatch(/without a tensor; export the model again\.$/);
  });
});
