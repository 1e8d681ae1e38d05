import { describe, expect, test } from 'vitest';
import { reason, weight } from '../support/one-layer';
import { convModel, int64s, node, tensor } from '../support/onnx-writer';
import { openBytes } from '../support/open-bytes';

function range(n: number, start = 0) {
  return Array.from({ length: n }, (_, i) => start + i);
}

function scalar(name: string, value: number) {
  return tensor(name, [], [value]);
}

describe('Split', () => {
  const a = tensor('a', [5, 1, 2], range(10));

  test.each([
    [
      'sizes as an attribute',
      node('Split', ['a'], ['o', 'w', 'p'], { split: [1, 3, 1] }),
      [2, 3, 4, 5, 6, 7],
    ],
    ['sizes as an input', node('Split', ['a', 's'], ['o', 'w']), [6, 7, 8, 9]],
    ['the last of equal parts is smaller', node('Split', ['a'], ['o', 'p', 'w'], { num_outputs: 3 }), [8, 9]],
    ['another axis, outputs without names', node('Split', ['a'], ['', 'w'], { axis: -1 }), [1, 3, 5, 7, 9]],
  ])('%s', async (_, split, expected) => {
    expect((await weight([split], [a, int64s('s', [3, 2])])).values).toEqual(expected);
  });

  test('sizes that do not add up', async () => {
    const split = node('Split', ['a'], ['o', 'w'], { split: [3, 3] });
    expect((await reason([split], [a])).message).toMatch(/Split by \[3, 3\] does not fit \[5, 1, 2\]/);
  });
});

describe('Expand and Tile', () => {
  const a = tensor('a', [2, 1], [3, 4]);

  test('broadcasts both ways, to more dimensions', async () => {
    const expand = node('Expand', ['a', 's'], ['w']);
    expect(await weight([expand], [a, int64s('s', [2, 1, 2])])).toEqual({
      shape: [2, 2, 2],
      values: [3, 3, 4, 4, 3, 3, 4, 4],
    });
  });

  test('a shape computed as PyTorch exports expand(-1, ...)', async () => {
    const nodes = [
      node('Shape', ['target'], ['rank']),
      node('ConstantOfShape', ['rank'], ['ones'], { value: { tensor: int64s('', [1]) } }),
      node('Constant', [], ['minus'], { value: { tensor: int64s('', [-1]) } }),
      node('Mul', ['ones', 'minus'], ['open']),
      node('Equal', ['target', 'open'], ['isOpen']),
      node('Where', ['isOpen', 'ones', 'target'], ['s']),
      node('Expand', ['a', 's'], ['w']),
    ];
    expect(await weight(nodes, [a, int64s('target', [2, -1, 2])])).toEqual({
      shape: [2, 2, 2],
      values: [3, 3, 4, 4, 3, 3, 4, 4],
    });
  });

  test('repeats along every axis', async () => {
    const tile = node('Tile', ['a', 'r'], ['w']);
    const b = tensor('a', [1, 2, 2], [1, 2, 3, 4]);
    expect(await weight([tile], [b, int64s('r', [2, 1, 2])])).toEqual({
      shape: [2, 2, 4],
      values: [1, 2, 1, 2, 3, 4, 3, 4, 1, 2, 1, 2, 3, 4, 3, 4],
    });
  });

  test('sizes beyond the limit are refused before anything is made', async () => {
    const expand = node('Expand', ['a', 's'], ['w']);
    expect(await reason([expand], [a, int64s('s', [2 ** 20, 2, 2 ** 20])])).toMatchObject({
      code: 'too-large',
      message: expect.stringMatching(/"w" comes to 2,199,023,255,552 values/) as string,
    });
    expect(await reason([expand], [a, int64s('s', [2 ** 40, 2, 2 ** 40])])).toMatchObject({
      code: 'bad-tensor',
    });
    expect((await reason([expand], [a, int64s('s', [3, 1])])).message).toMatch(
      /Expand of \[2, 1\] and \[3, 1\] does not fit/,
    );
    const tile = node('Tile', ['a', 's'], ['w']);
    expect((await reason([tile], [a, int64s('s', [-1, 2])])).message).toMatch(
      /Tile by \[-1, 2\] does not fit \[2, 1\]/,
    );
  });
});

describe('Pad', () => {
  const a = tensor('a', [1, 1, 3], [1, 2, 3]);
  const pads = int64s('p', [0, 0, 2, 0, 0, 1]);

  test.each([
    ['of opset 1', node('Pad', ['a'], ['w'], { paddings: [0, 0, 1, 0, 0, 1] }), [0, 1, 2, 3, 0]],
    [
      'of opset 2',
      node('Pad', ['a'], ['w'], {
        mode: { word: 'constant' },
        pads: [0, 0, 1, 0, 0, 0],
        value: { float: 0.5 },
      }),
      [0.5, 1, 2, 3],
    ],
    ['of opset 11', node('Pad', ['a', 'p', 'v'], ['w']), [7, 7, 1, 2, 3, 7]],
    ['along given axes', node('Pad', ['a', 'q', '', 'axes'], ['w']), [0, 1, 2, 3, 0, 0]],
    ['that crops', node('Pad', ['a', 'crop'], ['w']), [2, 3, 0]],
    ['reflect', node('Pad', ['a', 'p'], ['w'], { mode: { word: 'reflect' } }), [3, 2, 1, 2, 3, 2]],
    ['edge', node('Pad', ['a', 'p'], ['w'], { mode: { word: 'edge' } }), [1, 1, 1, 2, 3, 3]],
    ['wrap', node('Pad', ['a', 'p'], ['w'], { mode: { word: 'wrap' } }), [2, 3, 1, 2, 3, 1]],
  ])('%s', async (_, pad, expected) => {
    const steering = [int64s('q', [1, 2]), int64s('axes', [-1]), int64s('crop', [0, 0, -1, 0, 0, 1])];
    expect((await weight([pad], [a, pads, scalar('v', 7), ...steering])).values).toEqual(expected);
  });

  test('what does not fit', async () => {
    const mirrored = node('Pad', ['a', 'p'], ['w'], { mode: { word: 'reflect' } });
    expect((await reason([mirrored], [a, int64s('p', [0, 0, 3, 0, 0, 0])])).message).toMatch(
      /Pad by \[0, 0, 3, 0, 0, 0\] does not fit \[1, 1, 3\]/,
    );
    const unknown = node('Pad', ['a', 'p'], ['w'], { mode: { word: 'fold' } });
    expect((await reason([unknown], [a, pads])).message).toMatch(/Pad by .* does not fit/);
    const short = node('Pad', ['a'], ['w'], { pads: [1, 1] });
    expect((await reason([short], [a])).message).toMatch(/Pad by \[1, 1\] does not fit/);
  });
});

describe('ScatterND, Range, Size, Flatten and stacks of matrices', () => {
  test('taps replaced, added to, multiplied', async () => {
    const a = tensor('a', [2, 1, 3], range(6, 1));
    const places = int64s('i', [0, 0, 1, -1, 0, -1], [2, 3]);
    const updates = tensor('u', [2], [10, 20]);
    const scatter = (attributes = {}) => [node('ScatterND', ['a', 'i', 'u'], ['w'], attributes)];
    expect((await weight(scatter(), [a, places, updates])).values).toEqual([1, 10, 3, 4, 5, 20]);
    const added = scatter({ reduction: { word: 'add' } });
    expect((await weight(added, [a, places, updates])).values).toEqual([1, 12, 3, 4, 5, 26]);
    const multiplied = scatter({ reduction: { word: 'mul' } });
    expect((await weight(multiplied, [a, places, updates])).values).toEqual([1, 20, 3, 4, 5, 120]);
    const rows = [int64s('i', [1], [1, 1]), tensor('u', [1, 1, 3], [7, 8, 9])];
    expect((await weight(scatter(), [a, ...rows])).values).toEqual([1, 2, 3, 7, 8, 9]);
    const greatest = scatter({ reduction: { word: 'max' } });
    expect((await weight(greatest, [a, places, updates])).values).toEqual([1, 10, 3, 4, 5, 20]);
    const least = scatter({ reduction: { word: 'min' } });
    expect((await weight(least, [a, places, updates])).values).toEqual([1, 2, 3, 4, 5, 6]);
    expect((await reason(scatter({ reduction: { word: 'mean' } }), [a, places, updates])).message).toMatch(
      /a ScatterND has a reduction that is not known/,
    );
    expect((await reason(scatter(), [a, places, tensor('u', [1], [1])])).message).toMatch(
      /ScatterND of \[2, 1, 3\], \[2, 3\], \[1\] does not fit/,
    );
  });

  test('a table of weights and where each is taken from', async () => {
    const places = range(20_000).map((i) => (i % 5) - 2);
    const nodes = [node('Gather', ['table', 'i'], ['w'])];
    const table = tensor('table', [3], [1, 2, 3]);
    const made = await weight(nodes, [table, int64s('i', places, [1, 1, 20_000])]);
    expect(made.shape).toEqual([1, 1, 20_000]);
    expect(made.values).toEqual(places.map((i) => [2, 3, 1, 2, 3][i + 2]));
    const outside = int64s('i', [...places.slice(1), 3], [1, 1, 20_000]);
    await expect(weight(nodes, [table, outside])).rejects.toMatchObject({
      code: 'malformed',
      message: expect.stringMatching(/layer "conv" is made by Gather, which takes values outside/) as string,
    });
  });

  test('a cast to the type of what runs', async () => {
    const nodes = [node('CastLike', ['a', 'x'], ['w'])];
    expect((await weight(nodes, [tensor('a', [1, 1, 2], [0.5, 1.5])])).values).toEqual([0.5, 1.5]);
  });

  test('a place outside is an error that names the layer', async () => {
    const initializers = [
      tensor('a', [1, 1, 3], [1, 2, 3]),
      int64s('i', [0, 0, 3], [1, 3]),
      tensor('u', [1], [1]),
    ];
    const opened = await openBytes(
      convModel({ nodes: [node('ScatterND', ['a', 'i', 'u'], ['w'])], initializers }),
    );
    await expect(opened.readFilters(0)).rejects.toMatchObject({
      code: 'malformed',
      message: expect.stringMatching(
        /layer "conv" is made by ScatterND, which places values outside/,
      ) as string,
    });
  });

  test('places made by Range from a Size', async () => {
    const nodes = [
      node('Size', ['a'], ['n']),
      node('Range', ['n', 'minus', 'step'], ['down']),
      node('Sub', ['down', 'one'], ['i']),
      node('Flatten', ['a'], ['f'], { axis: 0 }),
      node('Gather', ['f', 'i'], ['g'], { axis: 1 }),
      node('Unsqueeze', ['g', 'first'], ['w']),
    ];
    const one = (name: string, value: number) => int64s(name, [value], []);
    const initializers = [one('minus', 0), one('step', -1), one('one', 1), int64s('first', [0])];
    expect(await weight(nodes, [tensor('a', [2, 2], [1, 2, 3, 4]), ...initializers])).toEqual({
      shape: [1, 1, 4],
      values: [4, 3, 2, 1],
    });
  });

  test('a stack of matrices times one matrix', async () => {
    const left = tensor('l', [2, 1, 2], [1, 2, 3, 4]);
    const right = tensor('r', [2, 3], range(6));
    expect(await weight([node('MatMul', ['l', 'r'], ['w'])], [left, right])).toEqual({
      shape: [2, 1, 3],
      values: [6, 9, 12, 12, 19, 26],
    });
    const wrong = tensor('r', [3, 2, 1], range(6));
    expect((await reason([node('MatMul', ['l', 'r'], ['w'])], [left, wrong])).message).toMatch(
      /does not fit/,
    );
  });
});
