import type { ChartTable, TableCell } from './types';

/**
 * Text as a spreadsheet must not run it: a cell of text that starts with =, +, -, @, tab or carriage return gets a
 * leading apostrophe. Layer names come from files, so they are not trusted. Numbers are printed as numbers and stay untouched.
 */
function safeText(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}

function csvField(cell: TableCell): string {
  if (cell === null) return '';
  // All digits of a double, with a plain hyphen: the CSV is for programs. NaN and Infinity as words.
  if (typeof cell === 'number') return String(cell);
  const text = safeText(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** RFC 4180: comma, CRLF, quotes doubled; a header row; null is an empty field. */
export function toCsv(table: ChartTable): string {
  return [table.columns, ...table.rows].map((row) => row.map(csvField).join(',') + '\r\n').join('');
}

/** A file name every system takes: letters of any script, digits, dot, dash, underscore; never empty. */
export function safeFilename(name: string, extension: string): string {
  const stem = name
    .normalize('NFC')
    .replace(/[^\p{L}\p{M}\p{N}._-]+/gu, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
    .slice(0, 120);
  return `${stem || 'chart'}.${extension}`;
}
