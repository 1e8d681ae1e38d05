import { expect, test } from 'vitest';
import { csvText } from '../../../src/domain/export/csv';
import { layersCsv } from '../../../src/domain/export/layers-csv';
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

test('layersCsv has a header and one row a layer, names made safe', () => {
  const rows = layersCsv(modelRecord([layer(0, { name: '=HYPERLINK("x")' }), layer(1)])).split('\r\n');
  expect(rows).toHaveLength(4);
  expect(rows[0].split(',')).toContain('varianceEntropyCleanRatio');
  expect(rows[1]).toContain('"\'=HYPERLINK(""x"")"');
  expect(rows[2].split(',')).toHaveLength(rows[0].split(',').length);
});
