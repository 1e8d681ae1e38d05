import { describe, expect, test } from 'vitest';
import { reason, weight } from '../support/one-layer';
import { int64s, node, tensor } from '../support/onnx-writer';

function range(n: number, start = 0) {
  return Array.from({ length: n }, (_, i) => start + i);
}

function scalar(name: string, value: number) {
  return tensor(name, [], [value]);
}

describe('elementwise operators', () => {
  const values = [-1.5, -0.5, 0.5, 1.5, 2.5, 3];
  const a = tensor('a', [1, 1, 6], values);
  const f = Math.fround;

  test.each([
    ['Floor', [-2, -1, 0, 1, 2, 3]],
    ['Ceil', [-1, -0, 1, 2, 3, 3]],
    ['Round', [-2, 0, 0, 2, 2, 3]],
    ['Sign', [-1, -1, 1, 1, 1, 1]],
    ['Relu', [0, 0, 0.5, 1.5, 2.5, 3]],
    ['Exp', [0.22313016, 0.6065306597, 1.6487212707, 4.4816890703, 12.1824939607, 20.0855369232].map(f)],
    ['Tanh', [-0.9051482536, -0.4621171573, 0.4621171573, 0.9051482536, 0.9866142982, 0.9950547537].map(f)],
    ['Sigmoid', [0.1824255238, 0.3775406688, 0.6224593312, 0.8175744762, 0.92414182, 0.9525741268].map(f)],
    ['Sin', [-0.9974949866, -0.4794255386, 0.4794255386, 0.9974949866, 0.5984721441, 0.1411200081].map(f)],
    ['Cos', [0.0707372017, 0.8775825619, 0.8775825619, 0.0707372017, -0.8011436155, -0.9899924966].map(f)],
    ['Softplus', [0.201413278, 0.4740769842, 0.9740769842, 1.701413278, 2.5788897343, 3.0485873516].map(f)],
  ])('%s', async (operator, expected) => {
    const made = await weight([node(operator, ['a'], ['w'])], [a]);
    made.values.forEach((value, i) => expect(value).toBeCloseTo(expected[i], 6));
  });

  test('Clip by attributes, by inputs, on one side', async () => {
    const attributes = node('Clip', ['a'], ['w'], { min: { float: -1 }, max: { float: 2 } });
    expect((await weight([attributes], [a])).values).toEqual([-1, -0.5, 0.5, 1.5, 2, 2]);
    const inputs = node('Clip', ['a', '', 'high'], ['w']);
    expect((await weight([inputs], [a, scalar('high', 1)])).values).toEqual([-1.5, -0.5, 0.5, 1, 1, 1]);
  });

  test('Where, by a comparison', async () => {
    const nodes = [node('LessOrEqual', ['a', 'k'], ['c']), node('Where', ['c', 'k', 'a'], ['w'])];
    expect((await weight(nodes, [a, scalar('k', 0.5)])).values).toEqual([0.5, 0.5, 0.5, 1.5, 2.5, 3]);
  });

  test('Max, Min and Sum of several', async () => {
    const b = tensor('b', [6], [0, 0, 0, 9, 9, 9]);
    const nodes = [
      node('Max', ['a', 'b', 'k'], ['m']),
      node('Min', ['m', 'a'], ['n']),
      node('Sum', ['n', 'k', 'k'], ['w']),
    ];
    const sums = values.map((v) => v + 0.5);
    expect((await weight(nodes, [a, b, scalar('k', 0.25)])).values).toEqual(sums);
  });

  test('Mod takes the sign of the divisor, fmod that of the dividend', async () => {
    const two = scalar('two', 2);
    expect((await weight([node('Mod', ['a', 'two'], ['w'])], [a, two])).values).toEqual([
      0.5, 1.5, 0.5, 1.5, 0.5, 1,
    ]);
    expect((await weight([node('Mod', ['a', 'two'], ['w'], { fmod: 1 })], [a, two])).values).toEqual([
      -1.5, -0.5, 0.5, 1.5, 0.5, 1,
    ]);
  });

  test('before opset 7 an operand is lined up from an axis on', async () => {
    const b = tensor('a', [2, 2, 2], range(8, 1));
    const nodes = [node('Mul', ['a', 'g'], ['w'], { broadcast: 1, axis: 0 })];
    const { values: made } = await weight(nodes, [b, tensor('g', [2], [1, 10])], { opset: 6 });
    expect(made).toEqual([1, 2, 3, 4, 50, 60, 70, 80]);
  });

  test('quotients of integers lose their fraction', async () => {
    const nodes = [
      node('Div', ['seven', 'three'], ['two']),
      node('Concat', ['two', 'rest'], ['s'], { axis: 0 }),
      node('Reshape', ['a', 's'], ['w']),
    ];
    const steering = [int64s('seven', [-7]), int64s('three', [-3]), int64s('rest', [1, -1])];
    expect((await weight(nodes, [a, ...steering])).shape).toEqual([2, 1, 3]);
  });

  test.each([
    ['ReduceMax', 3],
    ['ReduceMin', -1.5],
    ['ReduceL1', 9.5],
  ])('%s', async (operator, expected) => {
    const nodes = [node(operator, ['a'], ['m']), node('Expand', ['m', 's'], ['w'])];
    expect((await weight(nodes, [a, int64s('s', [1, 1, 2])])).values).toEqual([expected, expected]);
  });
});

describe('normalisation of weights', () => {
  const squares = tensor(
    'a',
    [1, 4, 3],
    range(12, 1).map((v) => (v * v) / 10),
  );
  const parameters = [tensor('g', [4], [1, 2, 0.5, -1]), tensor('b', [4], [0, 1, 2, 3])];
  const running = [tensor('m', [4], [1, 2, 3, 4]), tensor('v', [4], [4, 1, 0.25, 9])];
  const near = (made: { values: number[] }, expected: number[]) => {
    expect(made.values.length).toBe(expected.length);
    made.values.forEach((value, i) => expect(value).toBeCloseTo(expected[i], 6));
  };
  const own = [
    -1.1111167795, -0.2020212326, 1.313138012, -1.363885853, 0.8369733894, 3.5269124636, 1.40077707,
    1.9745011519, 2.6247217781, 4.2057711241, 3.03710065, 1.7571282259,
  ];

  test.each([
    ['since opset 14', { training_mode: 1 }, ['w', 'rm', 'rv'], 15],
    ['by its outputs, opset 9', {}, ['w', 'rm', 'rv', 'sm', 'sv'], 9],
    ['without is_test, opset 6', {}, ['w'], 6],
  ])('BatchNormalization while training, %s', async (_, attributes, outputs, opset) => {
    const nodes = [node('BatchNormalization', ['a', 'g', 'b', 'm', 'v'], outputs, attributes)];
    near(await weight(nodes, [squares, ...parameters, ...running], { opset }), own);
  });

  test('BatchNormalization at inference', async () => {
    const nodes = [node('BatchNormalization', ['a', 'g', 'b', 'm', 'v'], ['w'], { epsilon: { float: 0.5 } })];
    near(
      await weight(nodes, [squares, ...parameters, ...running]),
      [
        -0.4242640687, -0.2828427125, -0.0471404521, 0.3468027353, 1.8164965809, 3.612789059, 3.0969655115,
        3.9629909152, 4.9444863729, 1.0533429464, 0.3720129777, -0.3742055595,
      ],
    );
  });

  test('standardised weights of a ResNetV2: reshape, BatchNormalization, reshape', async () => {
    const nodes = [
      node('Reshape', ['k', 'rows'], ['a']),
      node('BatchNormalization', ['a', 'g', 'b', 'm', 'v'], ['n', 'rm', 'rv'], { training_mode: 1 }),
      node('Reshape', ['n', 'kernels'], ['w']),
    ];
    const k = tensor(
      'k',
      [4, 1, 3],
      range(12, 1).map((v) => (v * v) / 10),
    );
    const steering = [int64s('rows', [1, 4, -1]), int64s('kernels', [4, 1, 3])];
    near(await weight(nodes, [k, ...steering, ...parameters, ...running]), own);
  });

  const powers = tensor('a', [2, 2, 3], [1, 2, 4, 8, 16, 32, 3, 9, 27, 81, 243, 729]);

  test('LayerNormalization over the last two axes', async () => {
    const nodes = [node('LayerNormalization', ['a', 'g', 'b'], ['w'], { axis: 1 })];
    near(
      await weight(nodes, [
        powers,
        tensor('g', [2, 3], range(6)),
        tensor(
          'b',
          [2, 3],
          range(6).map(() => 1),
        ),
      ]),
      [
        1, 0.2150129694, -0.2005683998, 0.3073643847, 3.0317311381, 10.9277771522, 1, 0.3292406759,
        -0.2019386733, -0.1747981226, 1.9460420525, 11.6042008758,
      ],
    );
  });

  test('Softmax over an axis, and before opset 13 over all from it on', async () => {
    const halves = tensor('a', [1, 2, 3], [0, 0.5, 1, 1.5, 2, 2.5]);
    const third = [0.1863237232, 0.3071958857, 0.5064803911];
    near(await weight([node('Softmax', ['a'], ['w'])], [halves]), [...third, ...third]);
    near(
      await weight([node('Softmax', ['a'], ['w'])], [halves], { opset: 12 }),
      [0.0339902028, 0.0560403704, 0.0923949506, 0.1523335204, 0.2511555154, 0.4140854404],
    );
    const large = tensor('a', [1, 1, 2], [1000, 1000]);
    near(await weight([node('Softmax', ['a'], ['w'], { axis: 2 })], [large]), [0.5, 0.5]);
  });

  test('parameters that do not fit', async () => {
    const nodes = [node('BatchNormalization', ['a', 'g', 'b', 'm', 'v'], ['w'])];
    const short = tensor('g', [3], [1, 2, 3]);
    expect((await reason(nodes, [squares, short, parameters[1], ...running])).message).toMatch(
      /BatchNormalization of \[1, 4, 3\] with parameters of shape \[3\] does not fit/,
    );
    expect(
      (await reason([node('BatchNormalization', ['a', 'g'], ['w'])], [squares, parameters[0]])).message,
    ).toMatch(/without its input 3/);
  });
});
