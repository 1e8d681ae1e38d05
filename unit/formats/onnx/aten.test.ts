import { describe, expect, test } from 'vitest';
import { int64s, model, node, tensor } from '../support/onnx-writer';
import { openBytes } from '../support/open-bytes';

const w = tensor(
  'w',
  [4, 1, 3],
  Array.from({ length: 12 }, (_, i) => i),
);
const settings = [int64s('two', [2]), int64s('three', [3]), int64s('none', [0]), int64s('groups', [2], [])];
const yes = tensor('yes', [], Uint8Array.of(1), 9);
const no = tensor('no', [], Uint8Array.of(0), 9);

function aten(operator: string, inputs: string[], domain = 'org.pytorch.aten') {
  return node('ATen', inputs, ['y'], { operator: { word: operator } }, { name: 'fallback', domain });
}

async function layersOf(of: Uint8Array) {
  const { description } = await openBytes(model({ nodes: [of], initializers: [w, ...settings, yes, no] }));
  return description.layers.map((layer) => ({ ...layer, operator: layer.facts.operator }));
}

describe('convolutions that torch.onnx leaves to PyTorch', () => {
  const general = ['x', 'w', '', 'two', 'none', 'three'];

  test.each([
    ['_convolution', ['x', 'w'], 'Conv', 1, null, null],
    ['_convolution', [...general, 'no', 'none', 'groups'], 'Conv', 2, [2], [3]],
    ['aten::convolution', [...general, 'yes', 'none', 'groups'], 'ConvTranspose', 2, [2], [3]],
    ['conv1d', [...general, 'groups'], 'Conv', 2, [2], [3]],
    [
      'conv_transpose1d',
      ['x', 'w', '', 'two', 'none', 'none', 'groups', 'three'],
      'ConvTranspose',
      2,
      [2],
      [3],
    ],
  ])('%s %j', async (operator, inputs, kind, groups, strides, dilations) => {
    for (const domain of ['org.pytorch.aten', 'com.microsoft', ''])
      expect(await layersOf(aten(operator, inputs, domain))).toMatchObject([
        {
          facts: { operator: kind },
          groups,
          strides,
          dilations,
          shape: [4, 1, 3],
          weightName: 'w',
          name: 'fallback',
        },
      ]);
  });

  test('settings as attributes, and operators of their own name', async () => {
    const attributes = { stride: [2], transposed: 1, groups: 4 };
    const named = node('_convolution', ['x', 'w'], ['y'], attributes, { domain: 'aten' });
    expect(await layersOf(named)).toMatchObject([
      { facts: { operator: 'ConvTranspose' }, groups: 4, strides: [2], dilations: null },
    ]);
  });

  test('the kernels are read in their order', async () => {
    const bytes = model({ nodes: [aten('_convolution', ['x', 'w'])], initializers: [w] });
    const opened = await openBytes(bytes);
    expect(Array.from((await opened.readFilters(0, { first: 1, count: 1 })).values)).toEqual([3, 4, 5]);
  });

  test('groups that are made while the model runs, and other operators', async () => {
    const running = model({ nodes: [aten('conv1d', ['x', 'w', '', '', '', '', 'x'])], initializers: [w] });
    expect((await openBytes(running)).description.warnings[1].code).toBe('no-weights');
    const foreign = model({ nodes: [aten('conv_tbc', ['x', 'w'])], initializers: [w] });
    expect((await openBytes(foreign)).description.warnings[1].code).toBe('unknown-convolution');
    const none = model({ nodes: [aten('cumsum', ['x'])], initializers: [w] });
    await expect(openBytes(none)).resolves.toMatchObject({ description: { layers: [] } });
  });
});
