/**
 * Names in a file are bytes, and two that differ in bytes are two names, valid UTF-8 or not. Text keeps them apart: a byte
 * that is no part of valid UTF-8 becomes a private character of its own, U+10FF00 plus the byte, and so do the bytes of
 * characters that are such private ones already.
 */
const FIRST_PRIVATE = 0x10ff00;

/** Valid UTF-8 that stands for the bytes and for no other ones; the bytes themselves where they are plain UTF-8. */
export function distinctUtf8(bytes: Uint8Array): Uint8Array {
  let plain = 0;
  while (plain < bytes.byteLength && bytes[plain] < 0x80) plain++;
  if (plain === bytes.byteLength) return bytes;
  let text = '';
  for (let at = 0; at < bytes.byteLength;) {
    const length = characterLength(bytes, at);
    const character = length > 0 ? new TextDecoder().decode(bytes.subarray(at, at + length)) : '';
    if (length === 0 || character.codePointAt(0)! >= FIRST_PRIVATE) {
      const end = at + Math.max(1, length);
      for (; at < end; at++) text += String.fromCodePoint(FIRST_PRIVATE + bytes[at]);
    } else {
      text += character;
      at += length;
    }
  }
  return new TextEncoder().encode(text);
}

/** A name for the eye: bytes that are no UTF-8 as `\xNN`. */
export function readableName(name: string): string {
  return name.replace(
    /[\u{10ff00}-\u{10ffff}]/gu,
    (character) => `\\x${(character.codePointAt(0)! - FIRST_PRIVATE).toString(16).padStart(2, '0')}`,
  );
}

/** Every result, message and export has a layer's names; known ones have some hundred characters. */
export const MAX_KEPT_NAME = 1024;

/** A name as results have it: readable, the end of a longer one left out. */
export function keptName(name: string): string {
  if (name.length <= MAX_KEPT_NAME) return readableName(name);
  const last = name.charCodeAt(MAX_KEPT_NAME - 1);
  const splitsPair = last >= 0xd800 && last < 0xdc00;
  return `${readableName(name.slice(0, MAX_KEPT_NAME - (splitsPair ? 1 : 0)))}…`;
}

/** Bytes of the valid UTF-8 character at `at` (RFC 3629: no overlong forms, no surrogates); 0 where there is none. */
function characterLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at];
  if (first < 0x80) return 1;
  const length = first >= 0xc2 && first < 0xe0 ? 2 : first >= 0xe0 && first < 0xf0 ? 3 : 4;
  if (first < 0xc2 || first > 0xf4 || at + length > bytes.byteLength) return 0;
  for (let i = 1; i < length; i++) if (bytes[at + i] >> 6 !== 0b10) return 0;
  const second = bytes[at + 1];
  const isOverlong = (first === 0xe0 && second < 0xa0) || (first === 0xf0 && second < 0x90);
  const isSurrogate = first === 0xed && second >= 0xa0;
  const isBeyond = first === 0xf4 && second >= 0x90;
  return isOverlong || isSurrogate || isBeyond ? 0 : length;
}
