import { describe, expect, test } from 'vitest';
import {
  convModel,
  f32,
  int64s,
  message,
  node,
  packedVarints,
  tensor,
  type Field,
} from '../support/onnx-writer';
import { onlyWeight, openBytes } from '../support/open-bytes';

function range(n: number, start = 0) {
  return Array.from({ length: n }, (_, i) => start + i);
}

describe('typed fields', () => {
  const conv = (values: Field[], dataType: number, count = 4) =>
    onlyWeight(
      convModel({
        nodes: [node('Cast', ['stored'], ['w'], { to: 11 })],
        initializers: [tensor('stored', [1, 1, count], values, dataType)],
      }),
    );
  const packed = (field: number, values: (number | bigint)[]): Field[] => [[field, packedVarints(values)]];
  const unpacked = (field: number, values: (number | bigint)[]): Field[] => values.map((v) => [field, v]);

  test.each([
    ['float32 packed', 1, [[4, f32([1, -2, 3, 0.5])]] as Field[], [1, -2, 3, 0.5]],
    ['float32 unpacked', 1, [1, -2, 3, 0.5].map((v): Field => [4, { f32: v }]), [1, -2, 3, 0.5]],
    ['float64 unpacked', 11, [1, 0.1, 3, 4].map((v): Field => [10, { f64: v }]), [1, 0.1, 3, 4]],
    ['int8 packed', 3, packed(5, [-128, -1, 0, 127]), [-128, -1, 0, 127]],
    ['int8 unpacked', 3, unpacked(5, [-128, -1, 0, 127]), [-128, -1, 0, 127]],
    ['uint8', 2, packed(5, [0, 1, 128, 255]), [0, 1, 128, 255]],
    ['float16', 10, packed(5, [0x3c00, 0xc000, 0, 0x3800]), [1, -2, 0, 0.5]],
    ['bfloat16', 16, packed(5, [0x3f80, 0xc000, 0, 0x3f00]), [1, -2, 0, 0.5]],
    ['float8e5m2', 19, packed(5, [0x3c, 0xc0, 0, 0x38]), [1, -2, 0, 0.5]],
    ['bool', 9, packed(5, [1, 0, 1, 0]), [1, 0, 1, 0]],
    ['int4, two an entry', 22, packed(5, [0x21, 0xf8]), [1, 2, -8, -1]],
    ['int32', 6, packed(5, [-(2 ** 31), -1, 7, 2 ** 31 - 1]), [-(2 ** 31), -1, 7, 2 ** 31 - 1]],
    ['uint32', 12, packed(11, [0, 1, 2 ** 31, 2 ** 32 - 1]), [0, 1, 2 ** 31, 2 ** 32 - 1]],
    ['int64', 7, packed(7, [-1, 2n ** 40n, 0, -(2n ** 33n)]), [-1, 2 ** 40, 0, -(2 ** 33)]],
    ['uint64', 13, packed(11, [0, 2n ** 52n, 1, 2]), [0, 2 ** 52, 1, 2]],
  ])('%s', async (_, dataType, fields, expected) => {
    expect(await conv(fields, dataType)).toEqual(expected);
  });

  test('packed and unpacked runs of one field join in file order', async () => {
    const fields: Field[] = [
      [4, f32([1])],
      [4, { f32: 2 }],
      [4, { f32: 3 }],
      [4, f32([4])],
    ];
    expect(await conv(fields, 1)).toEqual([1, 2, 3, 4]);
  });

  test('raw_data wins over typed fields; an empty raw_data beside them does not', async () => {
    expect(
      await conv(
        [
          [4, f32([9, 9, 9, 9])],
          [9, f32([1, 2, 3, 4])],
        ],
        1,
      ),
    ).toEqual([1, 2, 3, 4]);
    expect(
      await conv(
        [
          [4, f32([1, 2, 3, 4])],
          [9, new Uint8Array(0)],
        ],
        1,
      ),
    ).toEqual([1, 2, 3, 4]);
  });

  test('too few values are told before reading where they can be counted, when read otherwise', async () => {
    const counted = await openBytes(
      convModel({ initializers: [tensor('w', [1, 1, 4], [[4, f32([1, 2])]])] }),
    );
    expect(counted.description.warnings[1].message).toBe(
      'Conv "conv" is left out: the tensor "w" of shape [1, 1, 4] and type float32 promises 16 bytes but holds 8; export the model again.',
    );
    const values = packed(5, [1000, 1000, 1000]);
    const nodes = [node('Cast', ['stored'], ['w'], { to: 11 })];
    const hidden = await openBytes(
      convModel({ nodes, initializers: [tensor('stored', [1, 1, 4], values, 6)] }),
    );
    await expect(hidden.readFilters(0)).rejects.toMatchObject({
      code: 'malformed',
      message:
        '"m.onnx": the weight "stored" of layer "conv" needs 4 values, but the tensor "stored" holds another number of them; export the model again.',
    });
  });
});

describe('constant expressions', () => {
  const through = (nodes: Uint8Array[], initializers: Uint8Array[], sparse: Uint8Array[] = []) =>
    onlyWeight(convModel({ nodes, initializers, sparse }));
  const base = tensor('a', [2, 3, 2], range(12));

  test('Identity and Constant in any order of the nodes', async () => {
    const nodes = [node('Identity', ['b'], ['w']), node('Constant', [], ['b'], { value: { tensor: base } })];
    expect(await through(nodes, [])).toEqual(range(12));
  });

  test('Constant with value_floats, then Reshape with 0 and -1', async () => {
    const nodes = [
      node('Constant', [], ['a'], { value_floats: { floats: range(12) } }),
      node('Reshape', ['a', 's'], ['b']),
      node('Reshape', ['b', 't'], ['w']),
    ];
    expect(await through(nodes, [int64s('s', [2, 6]), int64s('t', [0, 3, -1])])).toEqual(range(12));
  });

  test('numbers written in Constant nodes themselves', async () => {
    const nodes = [
      node('Constant', [], ['k'], { value_float: { float: 0.5 } }),
      node('Constant', [], ['s'], { value_ints: [2, 6, 1] }),
      node('Constant', [], ['axis'], { value_int: 0 }),
      node('Mul', ['a', 'k'], ['b']),
      node('Reshape', ['b', 's'], ['c']),
      node('ReduceSum', ['c', 'axis'], ['d']),
      node('Concat', ['c', 'd'], ['w'], { axis: 0 }),
    ];
    const halves = range(12).map((v) => v / 2);
    expect(await through(nodes, [base])).toEqual([
      ...halves,
      ...range(6).map((i) => halves[i] + halves[i + 6]),
    ]);
  });

  test('Transpose with and without a permutation', async () => {
    const permuted = [node('Transpose', ['a'], ['w'], { perm: [1, 2, 0] })];
    expect(await through(permuted, [base])).toEqual([0, 6, 1, 7, 2, 8, 3, 9, 4, 10, 5, 11]);
    const reversed = [node('Transpose', ['a'], ['w'])];
    expect(await through(reversed, [base])).toEqual([0, 6, 2, 8, 4, 10, 1, 7, 3, 9, 5, 11]);
  });

  test('Squeeze and Unsqueeze, axes as attribute or input', async () => {
    const flat = tensor('a', [1, 2, 3], range(6));
    const attributes = [
      node('Squeeze', ['a'], ['b'], { axes: [0] }),
      node('Unsqueeze', ['b'], ['w'], { axes: [-1] }),
    ];
    const inputs = [node('Squeeze', ['a', 's'], ['b']), node('Unsqueeze', ['b', 'u'], ['w'])];
    expect(await through(attributes, [flat])).toEqual(range(6));
    const opened = await openBytes(
      convModel({ nodes: inputs, initializers: [flat, int64s('s', [0]), int64s('u', [0])] }),
    );
    expect(opened.description.layers[0].shape).toEqual([1, 2, 3]);
  });

  test('Slice with negative indices, steps and both forms; Concat', async () => {
    const nodes = [
      node('Slice', ['a', 'starts', 'ends', 'axes', 'steps'], ['b']),
      node('Slice', ['a'], ['c'], { starts: [1], ends: [2 ** 31], axes: [1] }),
      node('Concat', ['b', 'c'], ['w'], { axis: 1 }),
    ];
    const steering = [
      int64s('starts', [-1]),
      int64s('ends', [-(2 ** 40)]),
      int64s('axes', [2]),
      int64s('steps', [-1]),
    ];
    expect(await through(nodes, [base, ...steering])).toEqual([
      1, 0, 3, 2, 5, 4, 2, 3, 4, 5, 7, 6, 9, 8, 11, 10, 8, 9, 10, 11,
    ]);
  });

  test('float32 products stay float32; products with a cast are float64', async () => {
    const pair = [tensor('a', [1, 1, 1], [0.1]), tensor('k', [1, 1, 1], [0.7])];
    const single = [node('Mul', ['a', 'k'], ['w'])];
    expect(await through(single, pair)).toEqual([Math.fround(Math.fround(0.1) * Math.fround(0.7))]);
    const double = [node('Cast', ['a'], ['b'], { to: 11 }), node('Mul', ['b', 'k'], ['w'])];
    expect(await through(double, pair)).toEqual([Math.fround(0.1) * Math.fround(0.7)]);
  });

  test('a scalar takes the precision of the array beside it', async () => {
    const nodes = [node('Cast', ['k'], ['s'], { to: 1 }), node('Mul', ['a', 's'], ['w'])];
    const inputs = [tensor('a', [1, 1, 1], [0.1]), tensor('k', [], [0.7])];
    expect(await through(nodes, inputs)).toEqual([Math.fround(Math.fround(0.1) * Math.fround(0.7))]);
  });

  test('float16 products round to float16', async () => {
    const half = (name: string, bits: number) =>
      tensor(name, [1, 1, 1], Uint8Array.of(bits & 255, bits >> 8), 10);
    const nodes = [node('Mul', ['a', 'k'], ['w'])];
    expect(await through(nodes, [half('a', 0x3c01), half('k', 0x3c01)])).toEqual([1 + 2 ** -9]);
  });

  test('weight normalisation: g v / ||v||', async () => {
    const v = tensor('v', [2, 1, 2], [3, 4, 6, 8]);
    const g = tensor('g', [2, 1, 1], [10, 5]);
    const nodes = [
      node('ReduceL2', ['v'], ['n'], { axes: [1, 2], keepdims: 1 }),
      node('Div', ['v', 'n'], ['u']),
      node('Mul', ['u', 'g'], ['w']),
    ];
    const f = Math.fround;
    expect(await through(nodes, [v, g])).toEqual([
      f(f(0.6) * 10),
      f(f(0.8) * 10),
      f(f(0.6) * 5),
      f(f(0.8) * 5),
    ]);
    const spelled = [
      node('Mul', ['v', 'v'], ['q']),
      node('ReduceSum', ['q', 'axes'], ['s']),
      node('Sqrt', ['s'], ['n']),
      ...nodes.slice(1),
    ];
    expect(await through(spelled, [v, g, int64s('axes', [1, 2])])).toEqual([
      f(f(0.6) * 10),
      f(f(0.8) * 10),
      f(f(0.6) * 5),
      f(f(0.8) * 5),
    ]);
  });

  test('weight standardisation: (v - mean) / sqrt(mean square)', async () => {
    const nodes = [
      node('ReduceMean', ['v'], ['m'], { axes: [1, 2] }),
      node('Sub', ['v', 'm'], ['c']),
      node('Pow', ['c', 'two'], ['q']),
      node('ReduceMean', ['q'], ['s'], { axes: [1, 2] }),
      node('Sqrt', ['s'], ['d']),
      node('Div', ['c', 'd'], ['w']),
    ];
    expect(await through(nodes, [tensor('v', [1, 1, 2], [1, 5]), tensor('two', [], [2])])).toEqual([-1, 1]);
  });

  test('spectral normalisation: w / (u W v)', async () => {
    const nodes = [
      node('Reshape', ['a', 'flat'], ['m']),
      node('MatMul', ['m', 'v'], ['mv']),
      node('MatMul', ['u', 'mv'], ['sigma']),
      node('Div', ['a', 'sigma'], ['w']),
    ];
    const initializers = [
      base,
      int64s('flat', [2, -1]),
      tensor('v', [6], [1, 0, 0, 0, 0, 1]),
      tensor('u', [2], [1, 1]),
    ];
    const sigma = 0 + 5 + 6 + 11;
    expect(await through(nodes, initializers)).toEqual(range(12).map((v) => Math.fround(v / sigma)));
  });

  test('a product of matrices', async () => {
    const nodes = [node('MatMul', ['p', 'q'], ['m']), node('Unsqueeze', ['m'], ['w'], { axes: [0] })];
    const matrices = [tensor('p', [2, 3], range(6)), tensor('q', [3, 2], range(6))];
    expect(await through(nodes, matrices)).toEqual([10, 13, 28, 40]);
  });

  test('sizes taken from a shape', async () => {
    const nodes = [
      node('Shape', ['a'], ['shape']),
      node('Gather', ['shape', 'places'], ['sizes'], { axis: 0 }),
      node('ReduceProd', ['sizes'], ['n'], { keepdims: 0 }),
      node('Cast', ['n'], ['f'], { to: 1 }),
      node('Div', ['a', 'f'], ['w']),
    ];
    expect(await through(nodes, [base, int64s('places', [1, -1])])).toEqual(
      range(12).map((v) => Math.fround(v / 6)),
    );
  });

  test('rows gathered along an axis', async () => {
    const nodes = [node('Gather', ['a', 'places'], ['w'], { axis: 1 })];
    expect(await through(nodes, [base, int64s('places', [2, 0])])).toEqual([4, 5, 0, 1, 10, 11, 6, 7]);
  });

  test('reductions without keepdims and over all axes', async () => {
    const nodes = [node('ReduceSum', ['a'], ['s'], { keepdims: 0 }), node('Mul', ['a', 's'], ['w'])];
    expect(await through(nodes, [base])).toEqual(range(12).map((v) => v * 66));
  });

  test('sparse values by flat position and by coordinates', async () => {
    const flat = message([1, tensor('w', [2], [5, 7])], [2, int64s('', [0, 5])], [3, 1], [3, 2], [3, 3]);
    expect(await through([], [], [flat])).toEqual([5, 0, 0, 0, 0, 7]);
    const places = int64s('', [0, 1, 0, 0, 1, 2], [2, 3]);
    const coordinates = message([1, tensor('', [2], [5, 7])], [2, places], [3, 1], [3, 2], [3, 3]);
    const constant = [node('Constant', [], ['w'], { sparse_value: { sparse: coordinates } })];
    expect(await through(constant, [])).toEqual([0, 0, 0, 5, 0, 7]);
  });

  test('a sparse position outside the shape is an error that names the layer', async () => {
    const outside = message([1, tensor('w', [1], [5])], [2, int64s('', [6])], [3, 1], [3, 2], [3, 3]);
    const opened = await openBytes(convModel({ sparse: [outside] }));
    await expect(opened.readFilters(0)).rejects.toMatchObject({
      code: 'malformed',
      message: expect.stringMatching(/layer "conv".*outside the shape/) as string,
    });
  });
});

describe('what is not followed', () => {
  const reason = async (nodes: Uint8Array[], initializers: Uint8Array[], inputs?: string[]) => {
    const { description } = await openBytes(convModel({ nodes, initializers, inputs }));
    expect(description.layers).toEqual([]);
    return description.warnings[1].message;
  };
  const base = tensor('a', [1, 2, 3], range(6));

  test('the warning names node, tensor and chain', async () => {
    const nodes = [
      node('Hardmax', ['a'], ['b']),
      node('Identity', ['b'], ['c']),
      node('Identity', ['c'], ['w']),
    ];
    expect(await reason(nodes, [base])).toBe(
      'Conv "conv" is left out: the tensor "b" is computed by Hardmax, which is not followed ("w (Identity)" <- "c (Identity)" <- "b (Hardmax)"); export the model with constant folding, so that the weight is stored as a tensor.',
    );
  });

  test('weights made from the input while the model runs', async () => {
    expect(await reason([node('Mul', ['a', 'x'], ['w'])], [base])).toMatch(
      /"x" is an input of the graph without a value/,
    );
  });

  test('a cycle', async () => {
    const nodes = [node('Identity', ['w'], ['b']), node('Identity', ['b'], ['w'])];
    const { description } = await openBytes(convModel({ nodes }));
    expect(description.warnings.map((w) => w.code)).toEqual([
      'no-readable-weights',
      'cycle',
      'unresolved-weight',
    ]);
    expect(description.warnings[2].message).toMatch(/"w" depends on itself/);
  });

  test('shapes that do not fit', async () => {
    expect(await reason([node('Reshape', ['a', 's'], ['w'])], [base, int64s('s', [4, -1, 1])])).toMatch(
      /Reshape to \[4, -1, 1\] does not fit/,
    );
    expect(await reason([node('Transpose', ['a'], ['w'], { perm: [0, 0, 1] })], [base])).toMatch(
      /Transpose by \[0, 0, 1\] does not fit/,
    );
    expect(await reason([node('Mul', ['a', 'k'], ['w'])], [base, tensor('k', [2], [1, 2])])).toMatch(
      /Mul of \[1, 2, 3\] and \[2\] does not fit/,
    );
    expect(await reason([node('Squeeze', ['a', 's'], ['w'])], [base, int64s('s', [1])])).toMatch(
      /Squeeze to \[1, 3\] does not fit/,
    );
    expect(await reason([node('Unsqueeze', ['a', 's'], ['w'])], [base, int64s('s', [9])])).toMatch(
      /along axis 9 does not fit/,
    );
  });

  test('a shape that does not hold what it promises', async () => {
    const broken = tensor('s', [3], [[7, packedVarints([1, 1000])]], 7);
    expect(await reason([node('Reshape', ['a', 's'], ['w'])], [base, broken])).toMatch(
      /"w" is shaped by the tensor "s", which does not hold what it promises/,
    );
  });

  test('raw integers are no weights', async () => {
    const integers = tensor('w', [1, 1, 2], [[5, packedVarints([1, 2])]], 3);
    expect(await reason([], [integers])).toBe(
      'Conv "conv" is left out: its weight "w" holds raw integers (int8) without a scale; export it with the scales of its integers, or before it is quantised.',
    );
  });

  test('an endless chain ends', async () => {
    const nodes = range(5000).map((i) => node('Identity', [`t${i}`], [i === 4999 ? 'w' : `t${i + 1}`]));
    expect(await reason(nodes, [])).toMatch(/is defined nowhere in the file/);
  });

  test('doubling expressions stay within the limit', async () => {
    const nodes = range(40).map((i) =>
      node('Concat', [`t${i}`, `t${i}`], [i === 39 ? 'w' : `t${i + 1}`], { axis: 0 }),
    );
    expect(await reason(nodes, [tensor('t0', [1, 2, 3], range(6))])).toMatch(
      /expressions are computed up to 1 GiB/,
    );
  });

  test('a product used twice at every step is computed once', async () => {
    const nodes = range(60).map((i) => node('Mul', [`t${i}`, `t${i}`], [i === 59 ? 'w' : `t${i + 1}`]));
    expect(await onlyWeight(convModel({ nodes, initializers: [tensor('t0', [1, 1, 2], [1, -1])] }))).toEqual([
      1, 1,
    ]);
  });
});
