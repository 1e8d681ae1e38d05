import { describe, expect, test } from 'vitest';
import {
  arrangeRows,
  LAYER_COLUMNS,
  nextSorting,
  type LayerRow,
} from '../../src/views/overview/layer-columns';
import { channels } from '../../src/domain/model';
import { MOST_PLAIN_ROWS, rowWindow } from '../../src/views/overview/virtual-rows';
import { layer, modelRecord } from '../support/model-record';

const [result] = modelRecord().layers;
function row(index: number, label: string, sparsity: number | null): LayerRow {
  return {
    layer: layer(index, { label }),
    result: { ...result, index, quality: { ...result.quality, sparsity } },
    verdict: { name: sparsity === null ? 'not-measurable' : 'low-diversity', explanation: '' },
  };
}

const rows = [row(0, 'conv10', 0.5), row(1, 'conv9', null), row(2, 'Stem', 0.1), row(3, 'conv2', 0.5)];
function labels(arranged: LayerRow[]) {
  return arranged.map(({ layer }) => layer.label);
}

describe('arrangeRows', () => {
  test('keeps file order without a column', () => expect(arrangeRows(rows, '', null)).toEqual(rows));

  test('sorts names as people count', () => {
    expect(labels(arrangeRows(rows, '', { column: 'name', descending: false }))).toEqual([
      'conv2',
      'conv9',
      'conv10',
      'Stem',
    ]);
  });

  test('what is missing comes last either way, equals keep file order', () => {
    const sorted = (descending: boolean) => labels(arrangeRows(rows, '', { column: 'sparsity', descending }));
    expect(sorted(false)).toEqual(['Stem', 'conv10', 'conv2', 'conv9']);
    expect(sorted(true)).toEqual(['conv10', 'conv2', 'Stem', 'conv9']);
  });

  test('finds by every word, in names, kinds, sizes and verdicts', () => {
    expect(labels(arrangeRows(rows, 'CONV low diversity', null))).toEqual(['conv10', 'conv2']);
    expect(arrangeRows(rows, '3x3 full', null)).toHaveLength(4);
    expect(arrangeRows(rows, 'nothing', null)).toEqual([]);
  });
});

test('a header sorts rising, falling, then not at all', () => {
  const first = nextSorting(null, 'depth');
  const second = nextSorting(first, 'depth');
  expect([first, second, nextSorting(second, 'depth')]).toEqual([
    { column: 'depth', descending: false },
    { column: 'depth', descending: true },
    null,
  ]);
  expect(nextSorting(second, 'name')).toEqual({ column: 'name', descending: false });
});

describe('printed figures', () => {
  const text = (id: string, part: Partial<LayerRow['result'] & object>) =>
    LAYER_COLUMNS.find((column) => column.id === id)!.text({
      layer: layer(0),
      result: { ...result, ...part },
      verdict: null,
    });

  test('a layer without finite filters has none', () => {
    for (const id of ['sparsity', 'entropy', 'clean', 'ratio', 'orthogonality', 'l1', 'l2'])
      expect(text(id, { filterCount: 0 }), id).toBe('—');
  });

  test('a single filter has no entropy, but norms', () => {
    expect(text('entropy', { filterCount: 1 })).toBe('—');
    expect(text('clean', { filterCount: 1 })).toBe('—');
    expect(text('l1', { filterCount: 1 })).not.toBe('—');
  });

  test('what rounding leaves of 0 is 0', () => {
    const quality = { ...result.quality, varianceEntropy: 3.2e-17, orthogonality: -2.2e-16, normL1: 3.2e-17 };
    expect(text('entropy', { quality })).toBe('0');
    expect(text('orthogonality', { quality })).toBe('0');
    expect(text('l1', { quality })).toBe('3.20 × 10⁻¹⁷');
  });
});

test('channels of grouped and transposed convolutions', () => {
  expect(channels(layer(0, { shape: [8, 4, 3, 3], groups: 2 }))).toEqual([8, 8]);
  expect(channels(layer(0, { shape: [8, 4, 3, 3], groups: 2, kind: 'transposed' }))).toEqual([8, 8]);
  expect(channels(layer(0, { shape: [16, 3, 3, 3] }))).toEqual([3, 16]);
  expect(channels(layer(0, { shape: [16, 3, 3, 3], kind: 'transposed' }))).toEqual([16, 3]);
});

describe('rowWindow', () => {
  test('short tables are whole', () => {
    expect(rowWindow(MOST_PLAIN_ROWS, 30, 9000, 600)).toEqual({
      first: 0,
      end: MOST_PLAIN_ROWS,
      before: 0,
      after: 0,
    });
  });

  test.each([0, 1, 299, 15_000, 29_400, 1e9, -50])('covers the view scrolled to %d', (scrollTop) => {
    const count = 1000;
    const { first, end, before, after } = rowWindow(count, 30, scrollTop, 600);
    const top = Math.min(Math.max(0, scrollTop), count * 30 - 600);
    expect(first * 30).toBeLessThanOrEqual(top);
    expect(end * 30).toBeGreaterThanOrEqual(top + 600);
    expect(before + (end - first) * 30 + after).toBe(count * 30);
    expect(end - first).toBeLessThan(60);
  });
});
