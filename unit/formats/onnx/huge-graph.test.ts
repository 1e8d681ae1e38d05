import { describe, expect, test } from 'vitest';
import { bytesSource } from '../../../src/formats/byte-source';
import { decodeSkeleton } from '../../../src/formats/onnx/decode-skeleton';
import { MAX_LAYERS } from '../../../src/formats/onnx/limits';
import { MAX_KEPT_NAME } from '../../../src/formats/onnx/names';
import { readOnnx } from '../../../src/formats/onnx/onnx-format';
import { buildSkeleton } from '../../../src/formats/onnx/skeleton';
import { WireCursor } from '../../../src/formats/onnx/wire';
import { metered } from '../support/metered-source';
import { attribute, message, model, node, tensor, type AttributeValue } from '../support/onnx-writer';

function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

async function nodesOf(nodes: Uint8Array[]) {
  const cursor = new WireCursor(bytesSource('m.onnx', model({ nodes })));
  return decodeSkeleton(await buildSkeleton(cursor, { start: 0, kind: 'model' }), 'm.onnx')!.graph.nodes;
}

function conv(attributes: Record<string, AttributeValue>): Uint8Array {
  return node('Conv', ['x', 'w'], ['y'], attributes);
}

describe('settings of nodes', () => {
  test('equal ones are held once', async () => {
    const usual = { dilations: [1, 1], group: 1, auto_pad: { word: 'NOTSET' } };
    const [a, b, c] = await nodesOf([conv(usual), conv(usual), conv({ ...usual, group: 2 })]);
    expect(b.attributes).toBe(a.attributes);
    expect(c.attributes.get('group')?.integer).toBe(2);
    expect(a.attributes.get('group')?.integer).toBe(1);
  });

  test.each<[string, Uint8Array[], Uint8Array[]]>([
    ['a list and a number', [attribute('a', 1)], [attribute('a', [1])]],
    ['one that is written and one that is not', [attribute('a', 0)], [attribute('a', { unwritten: 0 })]],
    ['types without a value', [attribute('a', { unwritten: 1 })], [attribute('a', { unwritten: 2 })]],
    ['zeros by their sign', [attribute('a', { float: 0 })], [attribute('a', { float: -0 })]],
    ['names that hold numbers', [attribute('a 2 1', [])], [attribute('a', 1)]],
    ['a reference', [attribute('a', { unwritten: 0 })], [attribute('a', { reference: 'b' })]],
  ])('%s are told apart', async (_, first, second) => {
    const withAttributes = (list: Uint8Array[]) =>
      message([1, 'x'], [4, 'Neg'], ...list.map((a): [number, Uint8Array] => [5, a]));
    const together = await nodesOf([withAttributes(first), withAttributes(second)]);
    const [a] = await nodesOf([withAttributes(first)]);
    const [b] = await nodesOf([withAttributes(second)]);
    expect(together.map((n) => n.attributes)).toEqual([a.attributes, b.attributes]);
    expect(together[0].attributes).not.toBe(together[1].attributes);
  });
});

test('names and settings that lie across the borders of what is read at once arrive whole, each byte read about once', async () => {
  const name = (i: number) => `${i}${'n'.repeat(i % 997)}`;
  const nodes = range(3000).map((i) => node('Conv', ['x', `w${name(i)}`], [`y${i}`], {}, { name: name(i) }));
  const initializers = range(3000).map((i) => tensor(`w${name(i)}`, [1, 1, 2], [i, 1]));
  const source = metered(bytesSource('m.onnx', model({ nodes, initializers })));
  const { layers } = (await readOnnx(source, { companions: new Map() })).description;
  expect(layers.map((layer) => layer.name)).toEqual(range(3000).map(name));
  expect(source.bytesRead).toBeLessThan(1.1 * source.byteLength);
  expect(source.reads).toBeLessThan(source.byteLength / 60_000 + 8);
});

test('of more convolutions than any network has, the first are listed and the others counted', async () => {
  const nodes = range(MAX_LAYERS + 7).map((i) => node('Conv', ['x', 'w'], [`y${i}`], {}, { name: `c${i}` }));
  const bytes = model({ nodes, initializers: [tensor('w', [1, 1, 2], [1, 2])], inputs: ['x'] });
  const { layers, warnings } = (await readOnnx(bytesSource('m.onnx', bytes), { companions: new Map() }))
    .description;
  expect([layers.length, layers.at(-1)!.name]).toEqual([MAX_LAYERS, `c${MAX_LAYERS - 1}`]);
  expect(warnings.map(({ message: text }) => text)).toEqual([
    '7 of the 10,007 convolutions of "m.onnx" are left out: Filterscope takes the first 10,000 in the order of the file.',
  ]);
});

test('a long name is not held whole by every layer that has it', async () => {
  const long = `\u{1f600}${'n'.repeat(100_000)}`;
  const nodes = range(3).map((i) => node('Conv', ['x', long], [`y${i}`], {}, { name: `c${i}${long}` }));
  const bytes = model({ nodes, initializers: [tensor(long, [1, 1, 2], [1, 2])], inputs: ['x'] });
  const opened = await readOnnx(bytesSource('m.onnx', bytes), { companions: new Map() });
  expect(JSON.stringify(opened.description).length).toBeLessThan(3 * 4 * 1100);
  const [{ name, weightName }] = opened.description.layers;
  expect(name).toMatch(/^c0\u{1f600}n+…$/u);
  expect(weightName).toHaveLength(MAX_KEPT_NAME + 1);
  expect([...(await opened.readFilters(2)).values]).toEqual([1, 2]);
});
