import { describe, expect, test } from 'vitest';
import { convModel, external, f32, model, node, tensor } from '../support/onnx-writer';
import { openBytes } from '../support/open-bytes';

const data = f32([0, 1, 2, 3, 4, 5]);
function conv(entries: Record<string, string>) {
  return convModel({ initializers: [external('w', [1, 1, 2], entries)] });
}

async function values(bytes: Uint8Array, companions: Record<string, Uint8Array>) {
  return Array.from((await (await openBytes(bytes, companions)).readFilters(0)).values);
}

describe('external data', () => {
  test('offset and length, both optional; sub-folders by base name', async () => {
    expect(await values(conv({ location: 'd.bin', offset: '8', length: '8' }), { 'd.bin': data })).toEqual([
      2, 3,
    ]);
    expect(await values(conv({ location: 'd.bin', offset: '16' }), { 'd.bin': data })).toEqual([4, 5]);
    expect(await values(conv({ location: 'd.bin' }), { 'd.bin': data })).toEqual([0, 1]);
    expect(await values(conv({ location: 'sub/dir/d.bin' }), { 'd.bin': data })).toEqual([0, 1]);
    expect(await values(conv({ location: './d.bin' }), { 'd.bin': data })).toEqual([0, 1]);
  });

  test('in a Constant node', async () => {
    const constant = node('Constant', [], ['w'], {
      value: { tensor: external('', [1, 1, 2], { location: 'd.bin', offset: '4' }) },
    });
    expect(await values(convModel({ nodes: [constant] }), { 'd.bin': data })).toEqual([1, 2]);
  });

  test('several files: those that are missing are asked for where nothing can be read', async () => {
    const nodes = ['a', 'b', 'c'].map((name) => node('Conv', ['x', name], [`y${name}`], {}, { name }));
    const initializers = [
      external('a', [1, 1, 2], { location: 'sub/z.bin' }),
      external('b', [1, 1, 2], { location: 'd.bin' }),
      external('c', [1, 1, 2], { location: 'd.bin' }),
    ];
    const bytes = model({ nodes, initializers });
    await expect(openBytes(bytes)).rejects.toMatchObject({
      code: 'missing-external-data',
      message: '"m.onnx" keeps its weights in "d.bin", "sub/z.bin": drop those files together with it.',
      details: { missing: ['d.bin', 'sub/z.bin'] },
    });
    const { layers, warnings } = (await openBytes(bytes, { 'd.bin': data })).description;
    expect(layers.map((l) => l.name)).toEqual(['b', 'c']);
    expect(warnings).toEqual([
      {
        code: 'missing-external-data',
        message:
          'Conv "a" is left out: the tensor "a" lies in the file "sub/z.bin", which was not dropped along; drop that file together with the model.',
        node: 'a',
      },
    ]);
  });

  test.each([
    '../d.bin',
    '/d.bin',
    'a/../d.bin',
    '..\\d.bin',
    'C:\\d.bin',
    'C:d.bin',
    '\\\\host\\d.bin',
    'https://h/d.bin',
    '',
    'd/',
    'a\0b',
  ])('the location %j is refused', async (location) => {
    await expect(openBytes(conv({ location }), { 'd.bin': data })).rejects.toMatchObject({
      code: 'malformed',
      details: { refused: [location] },
    });
  });

  test.each([
    [{ offset: '20' }, /needs 28 bytes of "d\.bin", which holds 24/],
    [{ length: '4' }, /promises 8 bytes but 4 are set aside in "d\.bin"/],
    [{ length: '12' }, /promises 8 bytes but 12 are set aside/],
    [{ offset: '-4' }, /impossible place \(offset "-4"/],
    [{ offset: '1e3' }, /impossible place/],
    [{ offset: '99999999999999999999' }, /impossible place/],
  ])('a place that does not fit is a warning: %j', async (entries, sentence) => {
    const bytes = model({
      nodes: [node('Conv', ['x', 'w'], ['y'])],
      initializers: [external('w', [1, 1, 2], { location: 'd.bin', ...entries }), tensor('other', [1], [1])],
    });
    const { layers, warnings } = (await openBytes(bytes, { 'd.bin': data })).description;
    expect(layers).toEqual([]);
    expect(warnings[1]).toMatchObject({
      code: 'bad-tensor',
      message: expect.stringMatching(sentence) as string,
    });
  });
});
