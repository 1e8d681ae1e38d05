import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DEFAULT_VIEW_STATE, formatFragment, parseFragment, VIEW_IDS } from '../../src/state/fragment';

test('an empty fragment is the default', () => {
  expect(parseFragment('')).toEqual(DEFAULT_VIEW_STATE);
  expect(parseFragment('#')).toEqual(DEFAULT_VIEW_STATE);
  expect(formatFragment(DEFAULT_VIEW_STATE)).toBe('#');
});

test('reads every key', () => {
  expect(parseFragment('#model=a%20b.onnx&view=filters&layer=3&size=3x3&x=4&y=2&backend=webgpu')).toEqual({
    model: 'a b.onnx',
    view: 'filters',
    layer: 3,
    size: '3x3',
    components: [4, 2],
    backend: 'webgpu',
  });
});

test.each([
  'view=nothing',
  'layer=-1',
  'layer=1e9',
  'layer=99999999999',
  'size=3x',
  'size=<b>',
  'x=a',
  'backend=gpu',
  'other=1',
])('ignores %s', (part) => expect(parseFragment(part)).toEqual(DEFAULT_VIEW_STATE));

test('what is written is read back', () => {
  const index = fc.option(fc.nat({ max: 999_999_999 }));
  fc.assert(
    fc.property(
      fc.record({
        view: fc.constantFrom(...VIEW_IDS),
        model: fc.option(fc.string({ minLength: 1, unit: 'grapheme' })),
        layer: index,
        size: fc.option(fc.constantFrom('3x3', '7', '3x3x3')),
        components: fc.tuple(fc.nat(400), fc.nat(400)),
        backend: fc.option(fc.constantFrom('cpu' as const, 'webgpu' as const)),
      }),
      (state) => {
        expect(parseFragment(formatFragment(state))).toEqual(state);
      },
    ),
  );
});

test('any text is survived', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void parseFragment(text)));
});
