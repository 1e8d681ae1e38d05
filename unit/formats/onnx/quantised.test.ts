import { describe, expect, test } from 'vitest';
import { convModel, f32, int64s, model, node, tensor } from '../support/onnx-writer';
import { onlyWeight, openBytes } from '../support/open-bytes';

const f = Math.fround;
function int8(name: string, dims: number[], values: number[]) {
  return tensor(
    name,
    dims,
    Uint8Array.from(values, (v) => v & 255),
    3,
  );
}

function scale(values: number[], dims = [values.length]) {
  return tensor('s', dims, values);
}

describe('DequantizeLinear', () => {
  const weights = (initializers: Uint8Array[], attributes = {}, inputs = ['q', 's', 'z']) =>
    onlyWeight(convModel({ nodes: [node('DequantizeLinear', inputs, ['w'], attributes)], initializers }));
  const q = int8('q', [2, 3, 1], [-1, 0, 1, 2, 3, 4]);

  test('per tensor, with and without a zero point, in float64', async () => {
    expect(await weights([q, scale([0.1], []), int8('z', [], [2])])).toEqual(
      [-3, -2, -1, 0, 1, 2].map((v) => v * f(0.1)),
    );
    expect(await weights([q, scale([0.1], [])], {}, ['q', 's'])).toEqual(
      [-1, 0, 1, 2, 3, 4].map((v) => v * f(0.1)),
    );
  });

  test('per axis: 1 where not given, negative from the end', async () => {
    const parts = [q, scale([1, 2, 4]), int8('z', [3], [0, 1, 0])];
    expect(await weights(parts)).toEqual([-1, -2, 4, 2, 4, 16]);
    expect(await weights(parts, { axis: -2 })).toEqual([-1, -2, 4, 2, 4, 16]);
    expect(await weights([q, scale([1, 10]), int8('z', [2], [0, 1])], { axis: 0 })).toEqual([
      -1, 0, 1, 10, 20, 30,
    ]);
  });

  test('in blocks along an axis', async () => {
    const parts = [q, scale([1, 2, 10, 20], [2, 2, 1]), int8('z', [2, 2, 1], [0, 0, 0, 1])];
    expect(await weights(parts, { axis: 1, block_size: 2 })).toEqual([-1, 0, 2, 20, 30, 60]);
  });

  test('int4 weights', async () => {
    const packed = tensor('q', [1, 1, 3], Uint8Array.of(0x2f, 0x08), 22);
    expect(await weights([packed, scale([0.5], [])], {}, ['q', 's'])).toEqual([-0.5, 1, -4]);
  });

  test('a scale that fits no axis is a warning', async () => {
    const nodes = [node('DequantizeLinear', ['q', 's'], ['w'])];
    const { description } = await openBytes(convModel({ nodes, initializers: [q, scale([1, 2])] }));
    expect(description.warnings[1].message).toMatch(
      /a scale of shape \[2\] does not fit quantised values of shape \[2,3,1\]/,
    );
  });

  test('QuantizeLinear before it rounds half to even and saturates', async () => {
    const nodes = [
      node('QuantizeLinear', ['a', 's', 'z'], ['q']),
      node('DequantizeLinear', ['q', 's', 'z'], ['w']),
    ];
    const initializers = [
      tensor('a', [1, 1, 4], [0.25, 0.75, 1000, -1000]),
      scale([0.5], []),
      int8('z', [], [0]),
    ];
    expect(await onlyWeight(convModel({ nodes, initializers }))).toEqual([0, 1, 63.5, -64]);
  });

  test('QuantizeLinear rounds to the type its zero point is cast to', async () => {
    const nodes = [
      node('Cast', ['z'], ['z8'], { to: 3 }),
      node('QuantizeLinear', ['a', 's', 'z8'], ['q']),
      node('DequantizeLinear', ['q', 's', 'z8'], ['w']),
    ];
    const initializers = [
      tensor('a', [1, 1, 4], [0.25, 0.75, 1000, -1000]),
      scale([0.5], []),
      int64s('z', [0], []),
    ];
    expect(await onlyWeight(convModel({ nodes, initializers }))).toEqual([0, 1, 63.5, -64]);
  });

  test('the layer says what is stored', async () => {
    const nodes = [node('DequantizeLinear', ['q', 's'], ['w'])];
    const { description } = await openBytes(convModel({ nodes, initializers: [q, scale([1], [])] }));
    expect(description.layers[0]).toMatchObject({
      storedType: 'int8 (dequantised)',
      weightName: 'q',
      shape: [2, 3, 1],
    });
  });
});

describe('Quant of QONNX and Brevitas', () => {
  const values = [-1.3, -0.26, 0.24, 0.25, 0.75, 9];
  const quantised = async (attributes: Record<string, number | { word: string }>, bits: number, zero = 0) => {
    const domain = 'qonnx.custom_op.general';
    const nodes = [node('Quant', ['a', 's', 'z', 'b'], ['w'], attributes, { domain })];
    const initializers = [
      tensor('a', [1, 1, 6], values),
      scale([0.5], []),
      tensor('z', [], [zero]),
      tensor('b', [], [bits]),
    ];
    return onlyWeight(convModel({ nodes, initializers }));
  };

  test.each([
    ['signed and narrow', { signed: 1, narrow: 1 }, 2, 0, [-0.5, -0.5, 0, 0, 0.5, 0.5]],
    ['signed', { signed: 1, narrow: 0 }, 2, 0, [-1, -0.5, 0, 0, 0.5, 0.5]],
    [
      'rounded up',
      { signed: 1, narrow: 0, rounding_mode: { word: 'CEIL' } },
      3,
      0,
      [-1, 0, 0.5, 0.5, 1, 1.5],
    ],
    ['unsigned with a zero point', { signed: 0, narrow: 1 }, 3, 2, [-1, -0.5, 0, 0, 1, 2]],
    ['of one bit', { signed: 1, narrow: 1 }, 1, 0, [-0.5, -0.5, 0.5, 0.5, 0.5, 0.5]],
  ])('%s', async (_, attributes, bits, zero, expected) => {
    expect((await quantised(attributes, bits, zero)).map((v) => v + 0)).toEqual(expected);
  });

  test('BipolarQuant is the sign times a scale by output channel', async () => {
    const nodes = [node('BipolarQuant', ['a', 's'], ['w'], {}, { domain: 'onnx.brevitas' })];
    const initializers = [tensor('a', [2, 1, 2], [-1, 0, 3, -0.1]), tensor('s', [2, 1, 1], [0.5, 2])];
    expect(await onlyWeight(convModel({ nodes, initializers }))).toEqual([-0.5, 0.5, 2, -2]);
  });
});

describe('QLinearConv', () => {
  const conv = node(
    'QLinearConv',
    ['x', 'xs', 'xz', 'q', 's', 'z', 'ys', 'yz'],
    ['y'],
    {},
    { name: 'qconv' },
  );

  test('scale and zero point by output channel, or one for all', async () => {
    const q = int8('q', [2, 1, 2], [1, 2, 3, 4]);
    const perChannel = model({ nodes: [conv], initializers: [q, scale([1, 10]), int8('z', [2], [0, 1])] });
    expect(await onlyWeight(perChannel)).toEqual([1, 2, 20, 30]);
    const perTensor = model({ nodes: [conv], initializers: [q, scale([2], []), int8('z', [], [1])] });
    expect(await onlyWeight(perTensor)).toEqual([0, 2, 4, 6]);
  });
});

describe('ConvInteger', () => {
  const q = int8('q', [2, 1, 2], [1, 2, 3, 4]);
  const conv = node('ConvInteger', ['xq', 'q', 'xz', 'z'], ['i'], {}, { name: 'iconv' });
  const dynamic = [
    node('DynamicQuantizeLinear', ['x'], ['xq', 'xs', 'xz']),
    conv,
    node('Cast', ['i'], ['c'], { to: 1 }),
    node('Mul', ['xs', 's'], ['m']),
    node('Mul', ['c', 'm'], ['y']),
  ];

  test('dynamic quantisation: the constant factor of the scale is the weight scale', async () => {
    const bytes = model({ nodes: dynamic, initializers: [q, scale([0.5], []), int8('z', [], [1])] });
    expect(await onlyWeight(bytes)).toEqual([0, 0.5, 1, 1.5]);
    expect((await openBytes(bytes)).description.warnings).toEqual([]);
  });

  test('a scale by channel, shaped to broadcast', async () => {
    const bytes = model({ nodes: dynamic, initializers: [q, scale([1, 10], [1, 2, 1]), int8('z', [], [0])] });
    expect(await onlyWeight(bytes)).toEqual([1, 2, 30, 40]);
  });

  test('a wholly constant scale is used with a warning', async () => {
    const nodes = [conv, node('Cast', ['i'], ['c'], { to: 1 }), node('Mul', ['c', 's'], ['y'])];
    const bytes = model({
      nodes,
      initializers: [q, scale([2], []), int8('z', [], [0])],
      inputs: ['xq', 'xz'],
    });
    expect(await onlyWeight(bytes)).toEqual([2, 4, 6, 8]);
    expect((await openBytes(bytes)).description.warnings.map((w) => w.code)).toEqual(['input-scale']);
  });

  test('no scale: a warning, raw integers are no weights', async () => {
    const { description } = await openBytes(
      model({ nodes: [dynamic[0], conv], initializers: [q, int8('z', [], [0])] }),
    );
    expect(description.layers).toEqual([]);
    expect(description.warnings[1].message).toBe(
      'ConvInteger "iconv" is left out: the scale of its integers is missing: no Mul follows it; export it with the scales of its integers, or before it is quantised.',
    );
  });
});

describe('convolutions of other domains', () => {
  test('FusedConv is a Conv; reordered ones are not guessed', async () => {
    const w = tensor('w', [1, 1, 2], f32([1, 2]));
    const fused = node('FusedConv', ['x', 'w'], ['y'], {}, { domain: 'com.microsoft' });
    const { description } = await openBytes(model({ nodes: [fused], initializers: [w] }));
    expect(description.layers[0]).toMatchObject({ facts: { operator: 'FusedConv' }, shape: [1, 1, 2] });
    for (const operator of ['NhwcConv', 'NchwcConv', 'QLinearConv', 'Conv']) {
      const domain =
        operator === 'NchwcConv' ? 'com.microsoft.nchwc' : operator === 'Conv' ? 'my.ops' : 'com.microsoft';
      const foreign = node(operator, ['x', 'w'], ['y'], {}, { name: 'n', domain });
      const opened = await openBytes(model({ nodes: [foreign], initializers: [w] }));
      expect(opened.description.layers).toEqual([]);
      expect(opened.description.warnings[1]).toMatchObject({
        code: 'unknown-convolution',
        message: `${operator} "n" of the domain "${domain}" is left out: the order it stores its weights in is not known, and not guessed; export the model with standard operators.`,
      });
    }
  });

  test('a deformable convolution has no fixed kernels', async () => {
    const deformable = node('DeformConv', ['x', 'w', 'o'], ['y'], {}, { name: 'd' });
    const w = tensor('w', [1, 1, 2], f32([1, 2]));
    const { description } = await openBytes(model({ nodes: [deformable], initializers: [w] }));
    expect(description.warnings[1].message).toBe(
      'DeformConv "d" is left out: its taps move with the input, so its kernels have no fixed shape.',
    );
  });
});
