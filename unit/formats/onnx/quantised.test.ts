import { describe, expect, test } from 'vitest';
import { convModel, f32, int64s, model, node, packedVarints, tensor } from '../support/onnx-writer';
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
      /a scale of shape \[2\] does not fit quantised values of shape \[2, 3, 1\]/,
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

  test.each([
    ['float8e4m3fn', 17, {}, [0.25, 0.9375, 224, -224]],
    ['float8e4m3fn unsaturated', 17, { saturate: 0 }, [0.25, 0.9375, NaN, NaN]],
    ['float8e5m2', 19, {}, [0.25, 1, 1024, -1024]],
    ['float4e2m1', 23, {}, [0.25, 1, 3, -3]],
    ['int2', 26, {}, [0.5, 0.5, 0.5, -1]],
    ['uint2', 25, {}, [0.5, 1, 1.5, 0]],
  ])('QuantizeLinear to %s, by output_dtype or zero point', async (_, type, attributes, expected) => {
    const initializers = [tensor('a', [1, 1, 4], [0.26, 0.95, 1000, -1000]), scale([0.5], [])];
    const made = (inputs: string[], more: Uint8Array[], given = {}) => {
      const nodes = [
        node('QuantizeLinear', inputs, ['q'], { ...attributes, ...given }),
        node('DequantizeLinear', ['q', 's'], ['w']),
      ];
      return onlyWeight(convModel({ nodes, initializers: [...initializers, ...more] }));
    };
    expect(await made(['a', 's'], [], { output_dtype: type })).toEqual(expected);
    expect(await made(['a', 's', 'z'], [tensor('z', [], Uint8Array.of(0), type)])).toEqual(expected);
  });

  test('weights of two bits, raw and in the typed field', async () => {
    const raw = tensor('q', [1, 1, 5], Uint8Array.of(0xe4, 0x03), 26);
    expect(await weights([raw, scale([0.5], [])], {}, ['q', 's'])).toEqual([0, 0.5, -1, -0.5, -0.5]);
    const typed = tensor('q', [1, 1, 5], [[5, packedVarints([0xe4, 0x02])]], 25);
    expect(await weights([typed, scale([0.5], [])], {}, ['q', 's'])).toEqual([0, 0.5, 1, 1.5, 1]);
  });

  test('scales that are powers of two, in blocks (MXFP4)', async () => {
    const parts = [
      tensor('q', [1, 4, 1], Uint8Array.of(0x21, 0xf7), 23),
      tensor('s', [1, 2, 1], Uint8Array.of(128, 126), 24),
    ];
    expect(await weights(parts, { axis: 1, block_size: 2 }, ['q', 's'])).toEqual([1, 2, 3, -3]);
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
    ['of no attributes: signed, rounded to even, not narrow', {}, 2, 0, [-1, -0.5, 0, 0, 0.5, 0.5]],
    ['of one bit', { signed: 1, narrow: 1 }, 1, 0, [-0.5, -0.5, 0.5, 0.5, 0.5, 0.5]],
  ])('%s', async (_, attributes, bits, zero, expected) => {
    expect((await quantised(attributes, bits, zero)).map((v) => v + 0)).toEqual(expected);
  });

  const signed = { signed: 1, narrow: 0 };
  test.each([
    ['ROUND', [-2, -1, 0, 0, 1, 2]],
    ['half_even', [-2, -1, 0, 0, 1, 2]],
    ['CEIL', [-1, 0, 1, 1, 1, 2]],
    ['FLOOR', [-2, -1, 0, 0, 0, 1]],
    ['UP', [-2, -1, 1, 1, 1, 2]],
    ['DOWN', [-1, 0, 0, 0, 0, 1]],
    ['HALF_UP', [-2, -1, 0, 1, 1, 2]],
    ['HALF_DOWN', [-1, -1, 0, 0, 1, 1]],
  ])('rounding mode %s', async (word, expected) => {
    const domain = 'qonnx.custom_op.general';
    const nodes = [
      node('Quant', ['a', 's', 'z', 'b'], ['w'], { ...signed, rounding_mode: { word } }, { domain }),
    ];
    const initializers = [
      tensor('a', [1, 1, 6], [-1.5, -0.75, 0.25, 0.5, 0.75, 1.5]),
      scale([1], []),
      tensor('z', [], [0]),
      tensor('b', [], [8]),
    ];
    expect((await onlyWeight(convModel({ nodes, initializers }))).map((v) => v + 0)).toEqual(expected);
  });

  test('bit widths by channel, one bit among them', async () => {
    const made = (attributes: Record<string, number>, widths: number[]) => {
      const domain = 'qonnx.custom_op.general';
      const nodes = [node('Quant', ['a', 's', 'z', 'b'], ['w'], attributes, { domain })];
      const initializers = [
        tensor('a', [3, 1, 2], [-9, 9, -9, 9, -0.5, 0]),
        scale([1], []),
        tensor('z', [], [0]),
        tensor('b', [3, 1, 1], widths),
      ];
      return openBytes(convModel({ nodes, initializers }));
    };
    const values = async (opened: ReturnType<typeof made>) =>
      Array.from((await (await opened).readFilters(0)).values, (v) => v + 0);
    expect(await values(made({ signed: 1 }, [2, 4, 1]))).toEqual([-2, 1, -8, 7, -1, 1]);
    expect(await values(made({ signed: 1, narrow: 1 }, [2, 4, 3]))).toEqual([-1, 1, -7, 7, 0, 0]);
    expect(await values(made({ signed: 0 }, [2, 3, 1]))).toEqual([0, 3, 0, 7, 0, 0]);
    expect((await made({}, [2, 33, 1])).description.warnings[1].message).toMatch(
      /a Quant has a bit width or a rounding that is not known/,
    );
  });

  test('BipolarQuant is the sign times a scale by output channel', async () => {
    const nodes = [node('BipolarQuant', ['a', 's'], ['w'], {}, { domain: 'onnx.brevitas' })];
    const initializers = [tensor('a', [2, 1, 2], [-1, 0, 3, -0.1]), tensor('s', [2, 1, 1], [0.5, 2])];
    expect(await onlyWeight(convModel({ nodes, initializers }))).toEqual([-0.5, 0.5, 2, -2]);
  });
});

describe('quantisers of TensorRT exporters', () => {
  const domain = 'trt';
  const fp8 = (type: number) => tensor('q', [1, 1, 4], Uint8Array.of(0x38, 0xb8, 0x7e, 0x01), type);
  const values = [0.5, -0.5, 224, 2 ** -10];

  test.each([
    ['declared as float8', 17],
    ['declared as bytes', 2],
    ['declared as int8', 3],
  ])('TRT_FP8DequantizeLinear, %s', async (_, type) => {
    const nodes = [node('TRT_FP8DequantizeLinear', ['q', 's'], ['w'], {}, { domain })];
    const bytes = convModel({ nodes, initializers: [fp8(type), scale([0.5], [])] });
    expect(await onlyWeight(bytes)).toEqual(values);
    expect((await openBytes(bytes)).description.layers[0].storedType).toBe('float8e4m3fn');
  });

  test('TRT_FP8QuantizeLinear, in no domain', async () => {
    const nodes = [
      node('TRT_FP8QuantizeLinear', ['a', 's'], ['q']),
      node('TRT_FP8DequantizeLinear', ['q', 's'], ['w']),
    ];
    const a = tensor('a', [1, 1, 4], [0.51, -0.51, 1000, 0.0009]);
    expect(await onlyWeight(convModel({ nodes, initializers: [a, scale([0.5], [])] }))).toEqual(values);
  });

  test('TRT_INT4QuantizeLinear and back, in blocks', async () => {
    const attributes = { axis: 0, block_size: 2 };
    const nodes = [
      node('TRT_INT4QuantizeLinear', ['a', 's'], ['q'], attributes, { domain }),
      node('TRT_INT4DequantizeLinear', ['q', 's'], ['w'], attributes, { domain }),
    ];
    const initializers = [tensor('a', [4, 1, 1], [0.9, -99, 3, 99]), scale([1, 2], [2, 1, 1])];
    expect(await onlyWeight(convModel({ nodes, initializers }))).toEqual([1, -8, 4, 14]);
  });

  test('TRT_MXFP8DequantizeLinear, its scales declared as bytes', async () => {
    const nodes = [
      node('TRT_MXFP8DequantizeLinear', ['q', 's'], ['w'], { axis: -1, block_size: 2 }, { domain }),
    ];
    const scales = tensor('s', [1, 1, 2], Uint8Array.of(128, 126), 2);
    expect(await onlyWeight(convModel({ nodes, initializers: [fp8(17), scales] }))).toEqual([
      2,
      -2,
      224,
      2 ** -10,
    ]);
  });
});

describe('FakeQuantize of NNCF', () => {
  const domain = 'org.openvinotoolkit';
  const bounds = ['il', 'ih', 'ol', 'oh'];
  const made = (values: number[][], dims: number[], levels: number) => {
    const nodes = [node('FakeQuantize', ['a', ...bounds], ['w'], { levels }, { domain })];
    const a = tensor('a', [2, 1, 4], [-1.5, -1, -0.8, -0.25, 0.2, 0.75, 1, 9]);
    return openBytes(
      convModel({ nodes, initializers: [a, ...bounds.map((name, i) => tensor(name, dims, values[i]))] }),
    );
  };
  const read = async (opened: ReturnType<typeof made>) =>
    Array.from((await (await opened).readFilters(0)).values);

  test('even steps of one range to those of another, kept to its ends', async () => {
    const expected = [-2, -2, -2, 0.5, 0.5, 3, 3, 3];
    expect(await read(made([[-1], [1], [-2], [3]], [], 5))).toEqual(expected);
  });

  test('ranges by channel', async () => {
    const values = [
      [-1, 0],
      [0, 2],
      [-1, 0],
      [0, 2],
    ];
    expect(await read(made(values, [2, 1, 1], 3))).toEqual([-1, -1, -1, 0, 0, 1, 1, 2].map((v) => v + 0));
  });

  test('binary weights, in no domain: two levels on both sides of an empty range', async () => {
    const nodes = [node('FakeQuantize', ['a', 'zero', 'zero', 'low', 'high'], ['w'], { levels: 2 })];
    const initializers = [
      tensor('a', [1, 1, 4], [-1, 0, 0.001, 5]),
      tensor('zero', [], [0]),
      tensor('low', [], [-0.5]),
      tensor('high', [], [0.5]),
    ];
    expect(await onlyWeight(convModel({ nodes, initializers }))).toEqual([-0.5, -0.5, 0.5, 0.5]);
  });

  test('levels that are none', async () => {
    expect((await made([[-1], [1], [-2], [3]], [], 1)).description.warnings[1].message).toMatch(
      /a FakeQuantize to 1 levels is not followed/,
    );
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

  test.each([
    ['input first', 'xs', 's'],
    ['weight first', 's', 'xs'],
  ])('the two scales in a Mul each, %s', async (_, first, second) => {
    const nodes = [
      ...dynamic.slice(0, 3),
      node('Mul', ['c', first], ['m']),
      node('Mul', ['m', second], ['n']),
      node('Mul', ['n', 'gain'], ['y']),
    ];
    const initializers = [q, scale([0.5], []), int8('z', [], [1]), tensor('gain', [], [100])];
    const bytes = model({ nodes, initializers });
    expect(await onlyWeight(bytes)).toEqual([0, 0.5, 1, 1.5]);
    expect((await openBytes(bytes)).description.warnings).toEqual([]);
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
