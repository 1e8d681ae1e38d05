import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AppError } from '../../../src/domain/errors';
import { FOLLOWED } from '../../../src/formats/onnx/operators';
import { convModel, int64s, node, packedVarints, tensor } from '../support/onnx-writer';
import { openBytes } from '../support/open-bytes';

function range(n: number) {
  return Array.from({ length: n }, (_, i) => i + 1);
}

const initializers = [
  tensor('a', [2, 3, 2], range(12)),
  tensor('b', [3], [1, 2, 3]),
  tensor('c', [], [0.5]),
  tensor('empty', [0, 3], []),
  tensor('q', [2, 3, 2], [[5, packedVarints(range(12))]], 3),
  int64s('i', [0, -1]),
  int64s('j', [2, 1, -1, 1]),
  int64s('none', []),
];
const names = ['a', 'b', 'c', 'empty', 'q', 'i', 'j', 'none', '', 't0', 't1', 't2', 't3', 't4', 'w', 'x'];
const integer = fc.oneof(fc.integer({ min: -4, max: 5 }), fc.constantFrom(2 ** 31, -(2 ** 31), 2 ** 62));
const attributes = fc.dictionary(
  fc.constantFrom(
    'axis',
    'axes',
    'perm',
    'to',
    'keepdims',
    'starts',
    'ends',
    'block_size',
    'shape',
    'start',
    'end',
    'group',
    'pads',
    'strides',
    'dilations',
    'upper',
    'transA',
    'levels',
    'reduction',
    'direction',
    'equation',
    'auto_pad',
  ),
  fc.oneof(
    integer,
    fc.array(integer, { maxLength: 4 }),
    fc.record({
      word: fc.constantFrom('add', 'LEFT', 'RIGHT', 'ab,bc->ac', 'abc,bd->da', 'SAME_UPPER', '->'),
    }),
  ),
  { maxKeys: 4 },
);
const output = fc.constantFrom('t0', 't1', 't2', 't3', 't4', 'w', 'w');
const wild = fc.record({
  operator: fc.constantFrom(...FOLLOWED, 'Constant', 'If'),
  inputs: fc.array(fc.constantFrom(...names), { maxLength: 5 }),
  output,
  attributes,
});
/** Steps on tensors of three dimensions, more often followed to the end. */
const likely = fc.record({
  operator: fc.constantFrom('Add', 'Sub', 'Mul', 'Max', 'Clip', 'Where', 'Split', 'Expand', 'Abs', 'Concat'),
  inputs: fc.array(fc.constantFrom('a', 'a', 'b', 'c', 't0', 'w'), { minLength: 2, maxLength: 3 }),
  output,
  attributes: fc.constant({}),
});
const step = fc.oneof(wild, likely);

/** Any expression gives a layer whose size is right, or a warning, or a sentence on reading; never anything else. */
test('any mixture of operators', async () => {
  let read = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 7 }), async (steps) => {
      const nodes = steps.map((s) => node(s.operator, s.inputs, [s.output], s.attributes));
      const opened = await openBytes(convModel({ nodes, initializers }));
      for (const layer of opened.description.layers) {
        try {
          const { values } = await opened.readFilters(layer.index);
          expect(values.length).toBe(layer.shape.reduce((a, b) => a * b, 1));
          read++;
        } catch (error) {
          expect(error).toBeInstanceOf(AppError);
          expect(error).not.toMatchObject({ code: 'internal' });
        }
      }
      expect(opened.description.layers.length + opened.description.warnings.length).toBeGreaterThan(0);
    }),
    { numRuns: Number(process.env.FUZZ_RUNS ?? 2000), seed: Number(process.env.FUZZ_SEED ?? 20262) },
  );
  expect(read).toBeGreaterThan(50);
});
