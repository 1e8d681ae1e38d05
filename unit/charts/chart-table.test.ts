import { describe, expect, it } from 'vitest';
import { safeFilename, toCsv } from '../../src/charts/chart-table';

describe('toCsv', () => {
  it('ends every record with CRLF and leaves null empty', () => {
    const csv = toCsv({ columns: ['layer', 'S', 'T'], rows: [['conv1', 0.25, null]] });
    expect(csv).toBe('layer,S,T\r\nconv1,0.25,\r\n');
  });

  it('quotes commas, quotes and line breaks, and doubles quotes', () => {
    const csv = toCsv({ columns: ['a,b'], rows: [['say "w"'], ['two\nlines'], ['two\r\nlines']] });
    expect(csv).toBe('"a,b"\r\n"say ""w"""\r\n"two\nlines"\r\n"two\r\nlines"\r\n');
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx'])('keeps a spreadsheet from running %j', (name) => {
    const record = toCsv({ columns: ['n'], rows: [[name]] }).slice('n\r\n'.length);
    expect(record.replace(/^"/, '').startsWith(`'${name}`)).toBe(true);
  });

  it('guards column names too', () => {
    expect(toCsv({ columns: ['=x'], rows: [] })).toBe("'=x\r\n");
  });

  it('keeps numbers whole, negative ones included', () => {
    const csv = toCsv({ columns: ['v'], rows: [[-0.1], [1e-300], [0.1 + 0.2], [NaN], [-Infinity]] });
    expect(csv).toBe('v\r\n-0.1\r\n1e-300\r\n0.30000000000000004\r\nNaN\r\n-Infinity\r\n');
  });

  it('gives the header alone for an empty table', () => {
    expect(toCsv({ columns: ['a', 'b'], rows: [] })).toBe('a,b\r\n');
  });
});

describe('safeFilename', () => {
  it.each([
    ['resnet18 depth profile', 'resnet18-depth-profile.svg'],
    ['../../etc/passwd', 'etc-passwd.svg'],
    ['模型 v1.2', '模型-v1.2.svg'],
    ['', 'chart.svg'],
    ['///', 'chart.svg'],
    ['a\u0000b\u202Ec', 'a-b-c.svg'],
  ])('turns %j into %s', (name, filename) => {
    expect(safeFilename(name, 'svg')).toBe(filename);
  });

  it('keeps names short', () => {
    expect(safeFilename('x'.repeat(1000), 'csv').length).toBeLessThanOrEqual(124);
  });
});
