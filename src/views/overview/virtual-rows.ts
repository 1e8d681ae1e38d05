/** Tables up to this long have all rows in the document. */
export const MOST_PLAIN_ROWS = 150;
/** Rows kept above and below what is in view. */
const MARGIN = 12;

export interface RowWindow {
  first: number;
  /** One past the last. */
  end: number;
  /** Heights that stand for the rows left out, in pixels. */
  before: number;
  after: number;
}

export function allRows(count: number): RowWindow {
  return { first: 0, end: count, before: 0, after: 0 };
}

/** Which rows of `count` are in the document when `scrollTop` pixels of a list `height` pixels high are scrolled away. */
export function rowWindow(count: number, rowHeight: number, scrollTop: number, height: number): RowWindow {
  if (count <= MOST_PLAIN_ROWS) return allRows(count);
  const visible = Math.ceil(height / rowHeight);
  const top = Math.min(Math.max(0, Math.floor(scrollTop / rowHeight)), Math.max(0, count - visible));
  const first = Math.max(0, top - MARGIN);
  const end = Math.min(count, top + visible + MARGIN);
  return { first, end, before: first * rowHeight, after: (count - end) * rowHeight };
}
