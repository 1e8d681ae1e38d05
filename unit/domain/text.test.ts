import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cutMiddle, isolated, NAME_LENGTH, quoted, shown } from '../../src/domain/text';

const HIDDEN = [
  ['NUL', '\0', '\\u{0}'],
  ['new line', '\n', '\\n'],
  ['tab', '\t', '\\t'],
  ['carriage return before new line', '\r\n', '\\r\\n'],
  ['delete', '\u007F', '\\u{7F}'],
  ['C1 control', '\u0085', '\\u{85}'],
  ['soft hyphen', '\u00AD', '\\u{AD}'],
  ['grapheme joiner', '\u034F', '\\u{34F}'],
  ['Arabic letter mark', '\u061C', '\\u{61C}'],
  ['Hangul filler', '\u3164', '\\u{3164}'],
  ['zero-width space', '\u200B', '\\u{200B}'],
  ['zero-width joiner', '\u200D', '\\u{200D}'],
  ['left-to-right mark', '\u200E', '\\u{200E}'],
  ['right-to-left override', '\u202E', '\\u{202E}'],
  ['line separator', '\u2028', '\\u{2028}'],
  ['paragraph separator', '\u2029', '\\u{2029}'],
  ['word joiner', '\u2060', '\\u{2060}'],
  ['pop isolate', '\u2069', '\\u{2069}'],
  ['blank Braille pattern', '\u2800', '\\u{2800}'],
  ['byte order mark', '\uFEFF', '\\u{FEFF}'],
  ['variation selector', '\uFE0F', '\\u{FE0F}'],
  ['supplementary variation selector', '\u{E0100}', '\\u{E0100}'],
  ['tag', '\u{E0041}', '\\u{E0041}'],
  ['annotation anchor', '\uFFF9', '\\u{FFF9}'],
  ['noncharacter', '\uFFFF', '\\u{FFFF}'],
  ['high surrogate alone', '\uD83D', '\\u{D83D}'],
  ['low surrogate alone', '\uDE00', '\\u{DE00}'],
] as const;

describe('shown', () => {
  test.each(HIDDEN)('writes a %s in full', (_, character, written) => {
    expect(shown(`a${character}b`)).toBe(`a${written}b`);
    expect(shown(character)).toBe(written);
  });

  test.each([
    'layer4.1/conv2/Conv',
    'Свёртка 3',
    '合成層　１',
    'שכבה',
    'طبقة',
    'e\u0301',
    '👩🏽‍🔬',
    '❤️',
    '🇫🇷',
    'a b',
    '',
  ])('leaves %j as it is', (name) => {
    expect(shown(name)).toBe(name);
  });

  test('a pile of combining marks grows no higher than four', () => {
    expect(shown(`a${'\u0301'.repeat(6)}`)).toBe(`a${'\u0301'.repeat(4)}\\u{301}\\u{301}`);
    expect(shown('\u0301a')).toBe('\\u{301}a');
  });

  test('cuts in the middle: names differ at their end', () => {
    expect(shown('backbone/stage3/block7/conv2', 13)).toBe('backbo…/conv2');
    expect(shown('x'.repeat(NAME_LENGTH))).not.toContain('…');
    expect(shown('x'.repeat(NAME_LENGTH + 1))).toHaveLength(NAME_LENGTH);
  });

  test('cuts neither surrogate pairs nor graphemes nor its own escapes', () => {
    expect(shown('😀'.repeat(9), 4)).toBe('😀…😀😀');
    expect(shown('👩🏽‍🔬'.repeat(3), 6)).toBe('…👩🏽‍🔬');
    expect(shown('ab\u202E\u202E\u202Ecd', 13)).toBe('ab…\\u{202E}cd');
  });

  test('whatever the text, the result is short, well-formed and holds nothing hidden', () => {
    const units = fc.array(
      fc.oneof(
        fc.nat(0xffff).map((unit) => String.fromCharCode(unit)),
        fc.constantFrom(...HIDDEN.map(([, character]) => character), '\u0301', '😀', '👩🏽‍🔬', 'a', 'א'),
      ),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(units, fc.integer({ min: 1, max: 40 }), (parts, most) => {
        const text = shown(parts.join(''), most);
        expect([...text].length).toBeLessThanOrEqual(most);
        expect(
          text.replaceAll(/\p{Extended_Pictographic}[\p{Emoji_Modifier}\uFE0F\u200D]+/gu, ''),
        ).not.toMatch(/[\p{Cc}\p{Cs}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}]|\p{M}{5}/u);
      }),
      { numRuns: 2000 },
    );
  });

  test('takes no longer for a name of 30 MB', () => {
    const before = performance.now();
    expect(shown(`${'\u202Ea'.repeat(15_000_000)}end`)).toMatch(/^\\u\{202E\}a.*….*aend$/);
    expect(performance.now() - before).toBeLessThan(2000);
  });
});

describe('isolated', () => {
  test('isolates what runs from right to left, and nothing else', () => {
    expect(isolated('conv1')).toBe('conv1');
    expect(isolated('模型')).toBe('模型');
    expect(isolated('שכבה')).toBe('\u2068שכבה\u2069');
    expect(isolated('a\u{10A00}')).toBe('\u2068a\u{10A00}\u2069');
  });

  test('a name cannot close its own isolation', () => {
    expect(isolated('א\u2069ב')).toBe('\u2068א\\u{2069}ב\u2069');
  });
});

test('quoted names cannot end their quotes, hide or turn the sentence', () => {
  expect(quoted('conv1')).toBe('"conv1"');
  expect(quoted('a" is fine, "b\\')).toBe('"a\\" is fine, \\"b\\\\"');
  expect(quoted('a\u202Eb\n')).toBe('"a\\u{202E}b\\n"');
  expect(quoted('שכבה')).toBe('"\u2068שכבה\u2069"');
  expect([...quoted('😀'.repeat(5000))]).toHaveLength(122);
});

describe('cutMiddle', () => {
  test('counts in any unit', () => {
    const width = (part: string) => (part === 'w' ? 3 : 1);
    expect(cutMiddle([...'wwiiww'], 14, width)).toBe('wwiiww');
    expect(cutMiddle([...'wwiiww'], 13, width)).toBe('ww…ww');
    expect(cutMiddle([...'wwiiww'], 0, width)).toBe('…');
  });
});
