import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  changedThresholds,
  DEFAULT_VIEW_STATE,
  formatFragment,
  parseFragment,
  VIEW_IDS,
} from '../../src/state/fragment';

test('an empty fragment is the default', () => {
  expect(parseFragment('')).toEqual(DEFAULT_VIEW_STATE);
  expect(parseFragment('#')).toEqual(DEFAULT_VIEW_STATE);
  expect(formatFragment(DEFAULT_VIEW_STATE)).toBe('#');
});

test('reads every key', () => {
  const text =
    '#model=a%20b.onnx&view=filters&layer=3&size=3x3&x=4&y=2&backend=webgpu&sparseShare=0.2&sparsityEpsilon=1e-3';
  expect(parseFragment(text)).toEqual({
    model: 'a b.onnx',
    content: null,
    view: 'filters',
    layer: 3,
    size: '3x3',
    components: [4, 2],
    backend: 'webgpu',
    thresholds: { sparsityEpsilon: 0.001, sparseShare: 0.2 },
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
  'sparseShare=',
  'sparseShare=NaN',
  'sparseShare=Infinity',
  'sparseShare=0x1',
  'sparseShare=1e9',
  'sparseShare=0.14',
  'other=1',
])('ignores %s', (part) => expect(parseFragment(part)).toEqual(DEFAULT_VIEW_STATE));

test('thresholds beyond their sliders are drawn to the end', () => {
  const { thresholds } = parseFragment('#sparsityEpsilon=0&sparseShare=7&lowEntropy=-1&randomMargin=0.3');
  expect(thresholds).toEqual({ sparsityEpsilon: 1e-4, sparseShare: 1, lowEntropy: 0, randomMargin: 0.2 });
});

test('what is written is read back', () => {
  const index = fc.option(fc.nat({ max: 999_999_999 }));
  fc.assert(
    fc.property(
      fc.record({
        view: fc.constantFrom(...VIEW_IDS),
        model: fc.option(fc.string({ minLength: 1, unit: 'grapheme' })),
        content: fc.option(fc.stringMatching(/^[0-9a-f]{16}$/)),
        layer: index,
        size: fc.option(fc.constantFrom('3x3', '7', '3x3x3')),
        components: fc.tuple(fc.nat(400), fc.nat(400)),
        backend: fc.option(fc.constantFrom('cpu' as const, 'webgpu' as const)),
        thresholds: fc
          .record(
            {
              sparsityEpsilon: fc.double({ min: 1e-4, max: 0.5, noNaN: true }),
              sparseShare: fc.integer({ min: 0, max: 400 }).map((step) => step / 400),
              lowEntropy: fc.double({ min: 1e-9, max: 1, noNaN: true }),
              randomMargin: fc.double({ min: 0.001, max: 0.2, noNaN: true }),
            },
            { requiredKeys: [] },
          )
          .map(changedThresholds),
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

test('a name as long as a file’s may be is taken whole, more is cut between characters', () => {
  const name = '\u{1f642}'.repeat(300);
  const { model } = parseFragment(`#model=${encodeURIComponent(name)}`);
  expect(model).toBe('\u{1f642}'.repeat(255));
});
