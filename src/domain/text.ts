/**
 * Text from files (names of nodes, tensors, operators, the files themselves) is untrusted: it can be as long as the file, hold
 * characters that cannot be seen, turn the direction of what stands beside it, or be no valid Unicode at all. Every such
 * text is drawn, spoken and put into sentences through `shown` or `isolated`; exports keep it as it is.
 */

/** Code points of a name that are shown unless told otherwise: more than names of real nodes have, less than fill a screen. */
export const NAME_LENGTH = 200;

/**
 * What cannot be seen or changes how its neighbours are seen: controls, bidi controls, zero-width and other ignorable
 * characters (fillers, tags, variation selectors), line and paragraph separators, interlinear annotations, the blank
 * Braille pattern, noncharacters, halves of surrogate pairs, and combining marks beyond the fourth on one base.
 */
const HIDDEN =
  /[\p{Cc}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}\uFFF9-\uFFFB\u2800\p{Noncharacter_Code_Point}\p{Cs}]|^\p{M}|(?<=\p{M}{4})\p{M}/gu;

/** Emoji are joined by, and take their colours from, characters that are hidden elsewhere. */
const EMOJI =
  /^\p{Extended_Pictographic}\uFE0F?\p{Emoji_Modifier}?(?:\u200D\p{Extended_Pictographic}\uFE0F?\p{Emoji_Modifier}?)*$/u;

const PLAIN = /^[ -~]*$/;
/** Letters and digits that run from right to left. */
const RIGHT_TO_LEFT = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u;
const NAMED: Readonly<Record<string, string>> = { '\t': '\\t', '\n': '\\n', '\r': '\\r' };
/** An escape, which is not cut, or what lies between two. */
const ESCAPES = /(\\(?:u\{[\dA-F]+\}|[tnr]))/;

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/**
 * The text as it can be shown: hidden characters as `\n`, `\u{202E}`; longer than `most` code points, cut in the middle,
 * since both the beginning and the end of a name tell it apart, and between graphemes.
 */
export function shown(text: string, most = NAME_LENGTH): string {
  if (text.length <= most && PLAIN.test(text)) return text;
  return cutMiddle(pieces(ends(text, most)), most, (piece) => [...piece].length);
}

/**
 * The text as `shown`, for use within a sentence that is plain text (an alert, the page's title, an accessible name, text in
 * SVG or on a canvas): where it holds letters that run from right to left it stands between U+2068 and U+2069, so that the
 * words around keep their order. In HTML a `bdi` does the same.
 */
export function isolated(text: string, most = NAME_LENGTH): string {
  const visible = shown(text, most);
  return RIGHT_TO_LEFT.test(visible) ? `\u2068${visible}\u2069` : visible;
}

/** A name for a sentence that is plain text: between quotes, those within it escaped. */
export function quoted(name: string, most = 120): string {
  return `"${isolated(name.replace(/["\\]/g, '\\$&'), most)}"`;
}

/**
 * The text without what lies too far from both ends to be among `most` code points of it, for a name as long as a file; what
 * is left is still too long, so that a cut shows.
 */
export function ends(text: string, most: number): string {
  return text.length > 4 * most ? text.slice(0, 2 * most) + text.slice(-2 * most) : text;
}

/** The parts of a text that are not to be cut: graphemes, and escapes in place of hidden characters. */
export function pieces(text: string): string[] {
  return Array.from(graphemes.segment(text), ({ segment }) => segment).flatMap((grapheme) =>
    EMOJI.test(grapheme) ? [grapheme] : grapheme.replace(HIDDEN, escape).split(ESCAPES).filter(Boolean),
  );
}

/**
 * `parts` joined, or where their sizes add up to more than `most`, as many from both ends as fit around `mark`; the mark
 * alone where none does.
 */
export function cutMiddle(
  parts: readonly string[],
  most: number,
  sizeOf: (part: string) => number,
  mark = '…',
): string {
  const sizes = parts.map(sizeOf);
  if (sizes.reduce((sum, size) => sum + size, 0) <= most) return parts.join('');
  let left = most - sizeOf(mark);
  let [head, tail] = [0, parts.length];
  // The end first: of an odd number of pieces it shows one more.
  for (let atEnd = true; ; atEnd = !atEnd) {
    left -= sizes[atEnd ? tail - 1 : head];
    if (left < 0) break;
    if (atEnd) tail--;
    else head++;
  }
  return parts.slice(0, head).join('') + mark + parts.slice(tail).join('');
}

function escape(character: string): string {
  return NAMED[character] ?? `\\u{${character.codePointAt(0)!.toString(16).toUpperCase()}}`;
}
