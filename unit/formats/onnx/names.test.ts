import fc from 'fast-check';
import { expect, test } from 'vitest';
import { distinctUtf8, readableName } from '../../../src/formats/onnx/names';
import { graph, message } from '../support/onnx-writer';
import { openBytes } from '../support/open-bytes';

function decoded(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(distinctUtf8(bytes));
}

test('valid text stays as it is, but for the private characters that stand for bytes', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(decoded(new TextEncoder().encode(text))).toBe(text);
    }),
  );
  expect(readableName(decoded(new TextEncoder().encode('\u{10ff80}')))).toBe('\\xf4\\x8f\\xbe\\x80');
});

test('any two strings of bytes stay two names', () => {
  const bytes = fc.uint8Array({ maxLength: 6 });
  fc.assert(
    fc.property(bytes, bytes, (a, b) => {
      expect(decoded(a) === decoded(b)).toBe(Buffer.from(a).equals(Buffer.from(b)));
    }),
  );
});

test.each([[[0x80]], [[0xc0, 0x80]], [[0xed, 0xa0, 0x80]], [[0xf4, 0x90, 0x80, 0x80]], [[0xe0, 0x9f, 0xbf]]])(
  '%j, which is no UTF-8, is readable',
  (bytes) => {
    const expected = bytes.map((byte) => `\\x${byte.toString(16)}`).join('');
    expect(readableName(decoded(Uint8Array.from(bytes)))).toBe(expected);
  },
);

test('tensors whose names differ only in bytes that are no UTF-8 are two tensors', async () => {
  const name = (byte: number) => Uint8Array.of(0x77, byte);
  const weight = (byte: number, value: number) =>
    message(
      [1, 1],
      [1, 1],
      [1, 2],
      [2, 1],
      [8, name(byte)],
      [9, new Uint8Array(Float32Array.of(value, 1).buffer)],
    );
  const conv = (byte: number, output: string) => message([1, 'x'], [1, name(byte)], [2, output], [4, 'Conv']);
  const bytes = message(
    [1, 8],
    [
      7,
      graph({
        nodes: [conv(0x80, 'a'), conv(0x90, 'b')],
        initializers: [weight(0x80, 3), weight(0x90, 5)],
        inputs: ['x'],
      }),
    ],
  );
  const model = await openBytes(bytes);
  expect(model.description.layers.map(({ weightName }) => weightName)).toEqual(['w\\x80', 'w\\x90']);
  expect(Array.from((await model.readFilters(0)).values)).toEqual([3, 1]);
  expect(Array.from((await model.readFilters(1)).values)).toEqual([5, 1]);
});
