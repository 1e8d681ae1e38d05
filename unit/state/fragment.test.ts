import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  changedThresholds,
  DEFAULT_VIEW_STATE,
  formatFragment,
  parseFragment,
  VIEW_IDS,
} from '../../src/state/fragment';
import { KERNEL_SCALES, MOST_PINS } from '../../src/state/kernel-choices';

const ORDERS = ['stored', 'norm', 'peak', 'coefficient', 'similarity'] as const;

test('an empty fragment is the default', () => {
  expect(parseFragment('')).toEqual(DEFAULT_VIEW_STATE);
  expect(parseFragment('#')).toEqual(DEFAULT_VIEW_STATE);
  expect(formatFragment(DEFAULT_VIEW_STATE)).toBe('#');
});

test('reads every key', () => {
  const text =
    '#model=a%20b.onnx&view=filters&layer=3&size=3x3&x=4&y=2&backend=webgpu&sparseShare=0.2&sparsityEpsilon=1e-3' +
    '&sort=-entropy&layout=sequence&draw=lines&order=c3&scale=p99&pins=12.40.7';
  expect(parseFragment(text)).toEqual({
    model: 'a b.onnx',
    content: null,
    view: 'filters',
    layer: 3,
    size: '3x3',
    components: [4, 2],
    backend: 'webgpu',
    thresholds: { sparsityEpsilon: 0.001, sparseShare: 0.2 },
    sort: { column: 'entropy', descending: true },
    layout: 'sequence',
    drawing: 'lines',
    order: 'coefficient',
    orderComponent: 3,
    scale: 'p99',
    pins: [12, 40, 7],
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
  'sort=',
  'sort=--name',
  'sort=<b>',
  `sort=${'a'.repeat(50)}`,
  'layout=wild',
  'draw=image',
  'order=c',
  'order=c999999',
  'order=coefficient',
  'scale=p12',
  'pins=',
  'pins=-1.x.1e3.0x4',
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
        sort: fc.option(
          fc.record({ column: fc.constantFrom('name', 'entropy', 'l1'), descending: fc.boolean() }),
        ),
        layout: fc.option(fc.constantFrom('matrix' as const, 'sequence' as const)),
        drawing: fc.constantFrom('image' as const, 'rgb' as const, 'lines' as const),
        order: fc.constantFrom(...ORDERS),
        orderComponent: fc.nat(400),
        scale: fc.constantFrom(...KERNEL_SCALES),
        pins: fc.uniqueArray(fc.nat(999_999_999), { maxLength: MOST_PINS }),
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
        const orderComponent = state.order === 'coefficient' ? state.orderComponent : 0;
        expect(parseFragment(formatFragment(state))).toEqual({ ...state, orderComponent });
      },
    ),
  );
});

test('pins are distinct, and as many as can be', () => {
  expect(parseFragment('#pins=3.3.1').pins).toEqual([3, 1]);
  const many = Array.from({ length: 1000 }, (_, i) => i);
  expect(parseFragment(`#pins=${many.join('.')}`).pins).toEqual(many.slice(0, MOST_PINS));
});

test('any text is survived', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void parseFragment(text)));
});

test('a name as long as a file’s may be is taken whole, more is cut between characters', () => {
  const name = '\u{1f642}'.repeat(300);
  const { model } = parseFragment(`#model=${encodeURIComponent(name)}`);
  expect(model).toBe('\u{1f642}'.repeat(255));
});
