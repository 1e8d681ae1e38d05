import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvText } from '../../../src/domain/export/csv';
import { layersCsv } from '../../../src/domain/export/layers-csv';
import { modelReport } from '../../../src/analysis/report';
import { DEFAULT_THRESHOLDS } from '../../../src/domain/thresholds';
import { layer, modelRecord } from '../../support/model-record';

test('quotes what RFC 4180 wants quoted and ends rows in CRLF', () => {
  expect(csvText([['a,b', 'say "x"', 'two\nlines', 1.5, null]])).toBe(
    '"a,b","say ""x""","two\nlines",1.5,\r\n',
  );
});

test.each(['=1+1', '+1', '-1', '@sum(a1)', '\tx', '\rx', '＝1', ' =1', '\u00a0@x'])(
  'text %j is no formula',
  (text) => {
    const [cell] = csvText([[text]]).split('\r\n');
    expect(cell.replace(/^"/, '').startsWith("'")).toBe(true);
  },
);

test('numbers keep their sign and all their digits; non-finite ones are empty', () => {
  expect(csvText([[-0.1, 0.1 + 0.2, NaN, Infinity]])).toBe('-0.1,0.30000000000000004,,\r\n');
});

test('layersCsv has a header and one row per layer, names made safe', () => {
  const record = modelRecord([layer(0, { name: '=HYPERLINK("x")' }), layer(1)]);
  const rows = layersCsv(record, modelReport(record, DEFAULT_THRESHOLDS)).split('\r\n');
  expect(rows).toHaveLength(4);
  expect(rows[0].split(',')).toContain('varianceEntropyCleanRatio');
  expect(rows[1]).toContain('"\'=HYPERLINK(""x"")"');
  expect(rows[0]).toContain('verdict,verdicts,explanation');
  expect(rows[0].endsWith('sparsityEpsilon,sparseShare,lowEntropy,randomMargin')).toBe(true);
  expect(rows[2]).toContain(',healthy,healthy,');
  expect(rows[2].endsWith(',0.01,0.14,0.5,0.02')).toBe(true);
});

test.each([
  ['a;=1', "a;'=1"],
  ['a; =1', "a;' =1"],
  ['a\t=1', "a\t'=1"],
  ['a|+1', "a|'+1"],
  ['x:@1', "x:'@1"],
  ['a;;-1', "a;;'-1"],
  ['a;"=1"', '"a;\'""=1"""'],
  ['a,=1', '"a,\'=1"'],
  ['a\n=1', '"a\n\'=1"'],
  ['a;\u200B＝1', "a;'\u200B＝1"],
  ['﹦1', "'﹦1"],
  ['conv + bn - 2@x', 'conv + bn - 2@x'],
])('text %j is no formula either where the separator is another: %j', (text, cell) => {
  expect(csvText([[text]])).toBe(`${cell}\r\n`);
});

/** Cells as a spreadsheet might read them that splits at `separator`, heeding quotes or not; blanks and quotes skipped. */
function split(csv: string, separator: string): string[] {
  return csv.split(new RegExp(`[${separator}\\r\\n]`)).map((cell) => cell.replace(/^[\s"\u200B\0]+/u, ''));
}

test('no text starts a formula, whatever the cells are split at, and all of it comes back', () => {
  const text = fc.string({
    unit: fc.constantFrom(...',;:|\t\r\n "=+-@＝＋－＠﹦\'\u200B\0\u00a0ab1'),
    maxLength: 12,
  });
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 4 }), (cells) => {
      const csv = csvText([cells]);
      for (const separator of [',', ';', ':', '|', '\t', ',;:|\t', '']) {
        expect(split(csv, separator).filter((cell) => /^[=+\-@＝＋－＠﹦]/.test(cell))).toEqual([]);
      }
      const read = [...`,${csv.slice(0, -2)}`.matchAll(/,(?:"((?:[^"]|"")*)"|([^,"]*))/g)].map(
        ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain,
      );
      const bare = (all: readonly string[]) => all.map((cell) => cell.replaceAll("'", ''));
      expect(bare(read)).toEqual(bare(cells));
    }),
    { numRuns: 5000 },
  );
});

test('numbers stay numbers, whatever stands beside them', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      expect(
        Number(
          csvText([['=', value]])
            .trim()
            .split(',')[1],
        ),
      ).toBe(value === 0 ? 0 : value);
    }),
  );
});

test('a long run of blanks costs no more than its length', () => {
  const before = performance.now();
  csvText([[`${' \t'.repeat(1_000_000)}x`], [`x${'; '.repeat(1_000_000)}`]]);
  expect(performance.now() - before).toBeLessThan(3000);
});
