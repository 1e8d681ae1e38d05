import { describe, expect, test } from 'vitest';
import { attribute, functionProto, graph, message, model, node, tensor } from '../support/onnx-writer';
import { openBytes } from '../support/open-bytes';

function w(name = 'w', values = [1, 2]) {
  return tensor(name, [1, 1, 2], values);
}

function conv(input: string, output: string, weight = 'w', name = '') {
  return node('Conv', [input, weight], [output], {}, { name });
}

async function open(...parts: Parameters<typeof model>) {
  return (await openBytes(model(...parts))).description;
}

async function depths(...parts: Parameters<typeof model>) {
  return (await open(...parts)).layers.map(({ label, facts, convDepth, depthFraction }) => [
    label,
    facts.depth,
    convDepth,
    depthFraction,
  ]);
}

describe('depth', () => {
  test('counts the longest path of nodes from a real input; parallel convolutions share a rank', async () => {
    const nodes = [
      conv('x', 'a'),
      conv('x', 'b'),
      node('Relu', ['b'], ['c']),
      node('Add', ['a', 'c'], ['d']),
      conv('d', 'e'),
      node('Relu', ['x'], ['r']),
      node('Relu', ['r'], ['s']),
      conv('s', 'f'),
    ];
    expect(await depths({ nodes, initializers: [w()] })).toEqual([
      ['a', 0, 0, 0],
      ['b', 0, 0, 0],
      ['e', 3, 2, 1],
      ['f', 2, 1, 0.5],
    ]);
  });

  test('does not depend on the order of the nodes, the list does', async () => {
    const nodes = [conv('a', 'b'), conv('x', 'a')];
    expect(await depths({ nodes, initializers: [w()] })).toEqual([
      ['b', 1, 1, 1],
      ['a', 0, 0, 0],
    ]);
  });

  test('inputs that are initializers do not count, nodes no input reaches have depth 0', async () => {
    const nodes = [node('Relu', ['k'], ['a']), conv('a', 'b'), conv('x', 'c')];
    expect(await depths({ nodes, initializers: [w(), w('k')], inputs: ['x', 'w', 'k'] })).toEqual([
      ['b', 0, 0, 0],
      ['c', 0, 0, 0],
    ]);
  });

  test('a transposed layer takes a rank only where a Conv has its depth', async () => {
    const up = (input: string, output: string) => node('ConvTranspose', [input, 'w'], [output]);
    const nodes = [conv('x', 'a'), up('x', 'b'), up('a', 'c')];
    expect(await depths({ nodes, initializers: [w()] })).toEqual([
      ['a', 0, 0, 0],
      ['b', 0, 0, 0],
      ['c', 1, null, null],
    ]);
  });

  test('nodes on a cycle and behind it get depth 0 and one warning', async () => {
    const nodes = [
      conv('x', 'a'),
      node('Add', ['a', 'l'], ['k']),
      node('Relu', ['k'], ['l']),
      conv('l', 'b'),
    ];
    const { layers, warnings } = await open({ nodes, initializers: [w()] });
    expect(layers.map((l) => l.facts.depth)).toEqual([0, 0]);
    expect(warnings).toEqual([
      {
        code: 'cycle',
        message:
          '3 nodes lie on a cycle or behind one (the first is Add (unnamed, making "k")); their depth is unknown and given as 0.',
        node: '',
      },
    ]);
  });

  test('takes linear time: a ladder with 2^500 paths', async () => {
    const nodes = [conv('x', 't0')];
    for (let i = 0; i < 500; i++) nodes.push(node('Add', [`t${i}`, `t${i}`], [`t${i + 1}`]));
    nodes.push(conv('t500', 'y'));
    expect((await open({ nodes, initializers: [w()] })).layers[1].facts.depth).toBe(501);
  });
});

describe('bodies of If, Loop and Scan', () => {
  const body = (nodes: Uint8Array[], initializers: Uint8Array[] = [], inputs: string[] = []) =>
    ({ graph: graph({ nodes, initializers, inputs, outputs: [] }) }) as const;

  test('see outer names, even nested, and continue the depth of the node that holds them', async () => {
    const inner = node('If', ['c'], ['v'], { then_branch: body([conv('i', 'deep')]) });
    const outer = node('If', ['c'], ['z'], {
      then_branch: body([conv('a', 'i'), inner]),
      else_branch: body([conv('a', 'j', 'own')], [w('own')]),
    });
    const nodes = [conv('x', 'a'), outer, conv('z', 'b')];
    expect(await depths({ nodes, initializers: [w()], inputs: ['x', 'c'] })).toEqual([
      ['a', 0, 0, 0],
      ['i', 2, 1, 0.5],
      ['deep', 4, 2, 1],
      ['j', 2, 1, 0.5],
      ['b', 2, 1, 0.5],
    ]);
  });

  test('values a body captures count as inputs of its holder', async () => {
    const holder = node('If', [], ['z'], { then_branch: body([conv('r', 'i')]) });
    const nodes = [node('Relu', ['x'], ['r']), holder, conv('z', 'b')];
    expect(await depths({ nodes, initializers: [w()] })).toEqual([
      ['i', 2, 0, 0],
      ['b', 2, 0, 0],
    ]);
  });

  test('a name made inside a body hides the outer one, and stays inside', async () => {
    const hides = node('If', ['c'], ['z'], { then_branch: body([conv('x', 'i')], [w('w', [7, 7])]) });
    const model1 = await openBytes(
      model({ nodes: [hides, conv('x', 'o')], initializers: [w()], inputs: ['x', 'c'] }),
    );
    expect(Array.from((await model1.readFilters(0)).values)).toEqual([7, 7]);
    expect(Array.from((await model1.readFilters(1)).values)).toEqual([1, 2]);
    const leaks = node('If', ['c'], ['z'], { then_branch: body([], [w('only')]) });
    const { warnings } = await open({ nodes: [leaks, conv('x', 'o', 'only')], inputs: ['x', 'c'] });
    expect(warnings[1].message).toMatch(/"only" is defined nowhere/);
  });

  test('weights handed into a body are no constants', async () => {
    const loop = node('Loop', ['', 'c', 'w'], ['z'], {
      body: body([conv('x', 'i', 'carried')], [], ['n', 'c', 'carried']),
    });
    const { layers, warnings } = await open({ nodes: [loop], initializers: [w()], inputs: ['x', 'c'] });
    expect(layers).toEqual([]);
    expect(warnings[1].message).toMatch(/"carried" is handed in while the model runs/);
  });

  test('operators are counted inside bodies', async () => {
    const holder = node('If', ['c'], ['z'], {
      then_branch: body([conv('x', 'i'), node('Relu', ['i'], ['k'])]),
    });
    expect((await open({ nodes: [holder], initializers: [w()] })).facts.operatorCounts).toEqual({
      If: 1,
      Conv: 1,
      Relu: 1,
    });
  });
});

describe('local functions', () => {
  const block = functionProto({
    name: 'Block',
    domain: 'my',
    inputs: ['X', 'W'],
    outputs: ['Y'],
    nodes: [
      message(
        [1, 'X'],
        [1, 'W'],
        [2, 'h'],
        [3, 'inner'],
        [4, 'Conv'],
        [5, attribute('group', { reference: 'groups' })],
      ),
      node('Relu', ['h'], ['Y']),
    ],
    defaults: [attribute('groups', 1)],
  });
  const call = (input: string, weight: string, output: string, attributes = {}) =>
    node('Block', [input, weight], [output], attributes, { domain: 'my' });

  test('bind weights at the call and count as if expanded in place', async () => {
    const nodes = [call('x', 'w', 'a'), call('a', 'v', 'b', { groups: 2 })];
    const opened = await openBytes(
      model({ nodes, initializers: [w(), tensor('v', [2, 1, 2], [3, 4, 5, 6])] }, [block]),
    );
    const { layers, facts } = opened.description;
    const { operatorCounts } = facts;
    expect(layers.map((l) => [l.name, l.label, l.weightName, l.groups, l.kind, l.facts.depth])).toEqual([
      ['inner', 'inner', 'w', 1, 'full', 0],
      ['inner', 'inner (2)', 'v', 2, 'depthwise', 2],
    ]);
    expect(operatorCounts).toEqual({ Block: 2, Conv: 1, Relu: 1 });
    expect(Array.from((await opened.readFilters(1)).values)).toEqual([3, 4, 5, 6]);
  });

  test('the same weight bound twice is one weight', async () => {
    const { layers } = await open(
      { nodes: [call('x', 'w', 'a'), call('a', 'w', 'b')], initializers: [w()] },
      [block],
    );
    expect(layers.map((l) => l.weightId)).toEqual([0, 0]);
  });

  test('overloads are told apart; nested calls, and outputs passed through', async () => {
    const passes = functionProto({
      name: 'F',
      domain: 'my',
      inputs: ['X', 'W'],
      outputs: ['X', 'W'],
      nodes: [],
    });
    const nests = functionProto({
      name: 'F',
      domain: 'my',
      overload: 'conv',
      inputs: ['X', 'W'],
      outputs: ['Y'],
      nodes: [node('F', ['X', 'W'], ['p', 'q'], {}, { domain: 'my' }), call('p', 'q', 'Y')],
    });
    const nodes = [node('F', ['x', 'w'], ['y'], {}, { domain: 'my', overload: 'conv' })];
    const { layers } = await open({ nodes, initializers: [w()] }, [block, passes, nests]);
    expect(layers.map((l) => [l.weightName, l.facts.depth])).toEqual([['w', 1]]);
  });

  test('recursion ends with a warning', async () => {
    const self = functionProto({
      name: 'R',
      domain: 'my',
      inputs: ['X'],
      outputs: ['Y'],
      nodes: [node('R', ['X'], ['Y'], {}, { domain: 'my' })],
    });
    const { warnings } = await open(
      { nodes: [node('R', ['x'], ['y'], {}, { domain: 'my' }), conv('y', 'z')], initializers: [w()] },
      [self],
    );
    expect(warnings.map((w) => w.code)).toEqual(['recursive-function']);
  });

  test('functions that multiply without end are refused', async () => {
    const doubling = Array.from({ length: 40 }, (_, i) =>
      functionProto({
        name: `f${i}`,
        domain: 'my',
        inputs: ['X'],
        outputs: ['Y'],
        nodes: [1, 2].map((k) => node(`f${i + 1}`, ['X'], [`y${k}`], {}, { domain: 'my' })),
      }),
    );
    const opening = open({ nodes: [node('f0', ['x'], ['y'], {}, { domain: 'my' })] }, doubling);
    await expect(opening).rejects.toMatchObject({
      code: 'too-large',
      message: expect.stringMatching(/"m\.onnx" has more than 250,000 nodes/) as string,
    });
  });
});

describe('layers', () => {
  test('labels: name, else output, else weight, else a number; repeats are told apart', async () => {
    const nodes = [
      conv('x', 'a', 'w', 'same'),
      conv('x', 'b', 'w', 'same'),
      conv('x', 'same (2)'),
      node('Conv', ['x', 'w'], [''], {}, { name: '  ' }),
      node('Conv', ['x', 'n'], []),
    ];
    const constant = node('Constant', [], ['n'], { value: { tensor: w('') } });
    const { layers } = await open({ nodes: [...nodes, constant], initializers: [w()] });
    expect(layers.map((l) => l.label)).toEqual(['same', 'same (2)', 'same (2) (2)', 'w', 'n']);
    expect(layers.map((l) => l.name)).toEqual(['same', 'same', '', '  ', '']);
  });

  test('a BatchNormalization on the output is told; one elsewhere is not', async () => {
    const nodes = [
      conv('x', 'a'),
      node('BatchNormalization', ['a', 's', 'b', 'm', 'v'], ['n']),
      conv('n', 'c'),
      node('Relu', ['c'], ['r']),
      node('BatchNormalization', ['r', 's', 'b', 'm', 'v'], ['o']),
    ];
    expect((await open({ nodes, initializers: [w()] })).layers.map((l) => l.batchNorm)).toEqual([
      'unfolded',
      'none',
    ]);
  });

  test('kinds, strides and dilations', async () => {
    const weight = tensor(
      'k',
      [4, 2, 3],
      Array.from({ length: 24 }, (_, i) => i),
    );
    const one = tensor(
      'd',
      [4, 1, 3],
      Array.from({ length: 12 }, (_, i) => i),
    );
    const nodes = [
      node('Conv', ['x', 'k'], ['a'], { group: 2, strides: [2], dilations: [3] }),
      node('Conv', ['x', 'd'], ['b'], { group: 4 }),
      node('Conv', ['x', 'd'], ['c']),
      node('ConvTranspose', ['x', 'k'], ['e'], { group: 2 }),
    ];
    const { layers } = await open({ nodes, initializers: [weight, one] });
    expect(
      layers.map((l) => [l.kind, l.groups, l.strides, l.dilations, l.storedFilterCount, l.taps]),
    ).toEqual([
      ['grouped', 2, [2], [3], 8, 3],
      ['depthwise', 4, null, null, 4, 3],
      ['full', 1, null, null, 4, 3],
      ['transposed', 2, null, null, 8, 3],
    ]);
  });

  test('kernel_shape that contradicts the weight: the weight wins, with a warning', async () => {
    const nodes = [node('Conv', ['x', 'w'], ['y'], { kernel_shape: [5] }, { name: 'c' })];
    const { layers, warnings } = await open({ nodes, initializers: [w()] });
    expect(layers[0].kernel).toEqual([2]);
    expect(warnings).toEqual([
      {
        code: 'shape-mismatch',
        message:
          'Conv "c" declares the kernel [5], but its weight "w" is [1, 1, 2]; the weight\'s size is used.',
        node: 'c',
      },
    ]);
  });

  test('groups that do not divide the weight are told', async () => {
    for (const group of [0, -1, 3]) {
      const { layers, warnings } = await open({
        nodes: [node('Conv', ['x', 'w'], ['y'], { group })],
        initializers: [w()],
      });
      expect(layers).toHaveLength(1);
      expect(warnings.map((v) => v.code)).toEqual(['group-mismatch']);
    }
  });

  test('warnings stay one line, whatever a damaged file calls its operators', async () => {
    const operator = 'Conv\n\u0000<b>'.padEnd(400, 'x');
    const nodes = [
      node(operator, ['x', 'w'], ['a'], {}, { name: 'n' }),
      node(operator, ['w'], ['c']),
      conv('x', 'y', 'c', 'conv'),
    ];
    const { warnings } = await open({ nodes, initializers: [w()] });
    expect(warnings.length).toBeGreaterThan(2);
    for (const { message } of warnings) {
      // eslint-disable-next-line no-control-regex
      expect(message).not.toMatch(/[\u0000-\u001f]/);
      expect(message.length).toBeLessThan(500);
    }
  });

  test('no convolution is no error', async () => {
    const { layers, warnings } = await open({ nodes: [node('Relu', ['x'], ['y'])] });
    expect(layers).toEqual([]);
    expect(warnings).toEqual([
      { code: 'no-convolutions', message: '"m.onnx" has no convolution: there are no filters to read.' },
    ]);
  });

  test('operator types named like object members are counted', async () => {
    const nodes = ['__proto__', 'constructor', 'toString', 'constructor'].map((op) => node(op, ['x'], []));
    const { operatorCounts } = (await open({ nodes })).facts;
    expect(Object.entries(operatorCounts)).toEqual([
      ['__proto__', 1],
      ['constructor', 2],
      ['toString', 1],
    ]);
  });
});
