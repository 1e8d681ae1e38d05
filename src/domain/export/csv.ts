export type CsvCell = string | number | null;

/** What spreadsheets take for the start of a formula, and its full-width and small forms. */
const SIGN = /^[=+\-@＝＋－＠﹦﹢﹣﹫]/;
/** What a spreadsheet may be told to split cells at. Blanks are not among them: names such as `conv + bn` stay as they are. */
const SEPARATOR = /[,;:|\t\r\n]/;
/** Separators, and what a spreadsheet skips between one and the cell's text: blanks, what cannot be seen, quotes. */
const GAP =
  /^[,;:|\s\p{Cc}\p{Default_Ignorable_Code_Point}"]*|[,;:|\s\p{Cc}\p{Default_Ignorable_Code_Point}"]+/gu;

/**
 * RFC 4180 text: rows end in CRLF, cells with quote, comma or line break are quoted.
 *
 * Text comes from untrusted files, so where a spreadsheet would read a formula, at the start of a text cell or after what it may
 * take for the end of one (quotes bind only while the separator is the comma), an apostrophe stands before it, which
 * spreadsheets read as "text follows". Number cells are written as they are; null and non-finite numbers are empty.
 */
export function csvText(rows: readonly (readonly CsvCell[])[]): string {
  return rows.map((row) => `${row.map(csvCell).join(',')}\r\n`).join('');
}

function csvCell(cell: CsvCell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return Number.isFinite(cell) ? String(cell) : '';
  const safe = withoutFormulas(cell);
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function withoutFormulas(text: string): string {
  const safe = text.replace(GAP, (gap, at: number) => {
    if (!SIGN.test(text.charAt(at + gap.length))) return gap;
    const start = endOfSeparators(gap);
    return at > 0 && start === 0 ? gap : `${gap.slice(0, start)}'${gap.slice(start)}`;
  });
  return /^[\t\r\n]/.test(safe) ? `'${safe}` : safe;
}

/** The place after the last separator; 0 where there is none. */
function endOfSeparators(gap: string): number {
  let end = gap.length;
  while (end > 0 && !SEPARATOR.test(gap[end - 1])) end--;
  return end;
}
