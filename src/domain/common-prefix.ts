/** Ends of a step of a path, as exporters write them: `/layer1/conv`, `layer1.conv`, `layer1::conv`. */
const SEPARATOR = /::|[/.]/g;

/**
 * How many characters all labels begin with, up to and with a separator of paths, so that what is left of each starts with a
 * whole step. 0 for fewer than two labels: one alone has nothing to be told apart from.
 */
export function commonPrefixLength(labels: readonly string[]): number {
  if (labels.length < 2) return 0;
  let first = labels[0];
  let last = labels[0];
  for (const label of labels) {
    if (label < first) first = label;
    if (label > last) last = label;
  }
  // What the first and the last in order share, all between them share too.
  const most = Math.min(first.length, last.length);
  let same = 0;
  while (same < most && first[same] === last[same]) same++;
  let length = 0;
  for (const { 0: separator, index } of first.slice(0, same).matchAll(SEPARATOR)) {
    const end = index + separator.length;
    // A label that is the prefix itself would have nothing left.
    if (end < most) length = end;
  }
  return length;
}

/** The label with its first `length` characters told by `…/`; the label itself where that saves nothing. */
export function withoutPrefix(label: string, length: number): string {
  return length > 2 ? `…/${label.slice(length)}` : label;
}
