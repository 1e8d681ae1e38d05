export type CsvCell = string | number | null;

/** What spreadsheets take for the start of a formula, the full-width forms and blanks before it included. */
const FORMULA_START = /^(?:[\t\r\n]|\s*[=+\-@＝＋－＠])/u;

/**
 * RFC 4180 text: rows end in CRLF, cells with quote, comma or line break are quoted.
 *
 * Text comes from untrusted files, so a text cell that a spreadsheet would run as a formula gets an apostrophe in
 * front, which spreadsheets read as "text follows". Number cells are written as they are; null and non-finite numbers
 * are empty.
 */
export function csvText(rows: readonly (readonly CsvCell[])[]): string {
  return rows.map((row) => `${row.map(csvCell).join(',')}\r\n`).join('');
}

function csvCell(cell: CsvCell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return Number.isFinite(cell) ? String(cell) : '';
  const safe = FORMULA_START.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
