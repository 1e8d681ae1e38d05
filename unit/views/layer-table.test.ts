import { describe, expect, test } from 'vitest';
import { channels } from '../../src/domain/model';
import { NO_CHOICES, type LayerChoices, type Sorting } from '../../src/state/layer-table.svelte';
import {
  arrangeRows,
  countFacets,
  nextSorting,
  readQuery,
  toggleChoice,
} from '../../src/views/overview/arrange-rows';
import { LAYER_COLUMNS } from '../../src/views/overview/layer-columns';
import type { LayerRow } from '../../src/views/overview/layer-rows';
import { MOST_PLAIN_ROWS, rowWindow } from '../../src/views/overview/virtual-rows';
import { layer, modelRecord } from '../support/model-record';

const [result] = modelRecord().layers;
function row(
  index: number,
  label: string,
  sparsity: number | null,
  changes: Partial<LayerRow> = {},
): LayerRow {
  return {
    layer: layer(index, { label }),
    result: { ...result, index, quality: { ...result.quality, sparsity } },
    verdict: { name: sparsity === null ? 'not-measurable' : 'low-diversity', explanation: '', excess: 0 },
    parameterShare: 0.25,
    sparsityEpsilon: 0.01,
    ...changes,
  };
}

const rows = [row(0, 'conv10', 0.5), row(1, 'conv9', null), row(2, 'Stem', 0.1), row(3, 'conv2', 0.5)];
function labels(arranged: LayerRow[]) {
  return arranged.map(({ layer }) => layer.label);
}

function arranged(
  given: LayerRow[],
  text: string,
  sorting: Sorting | null,
  choices: LayerChoices = NO_CHOICES,
) {
  return arrangeRows(given, readQuery(text), choices, sorting);
}

describe('arrangeRows', () => {
  test('keeps file order without a column', () => expect(arranged(rows, '', null)).toEqual(rows));

  test('sorts names as people count', () => {
    expect(labels(arranged(rows, '', { column: 'name', descending: false }))).toEqual([
      'conv2',
      'conv9',
      'conv10',
      'Stem',
    ]);
  });

  test('what is missing comes last either way, equals keep file order', () => {
    const sorted = (descending: boolean) => labels(arranged(rows, '', { column: 'sparsity', descending }));
    expect(sorted(false)).toEqual(['Stem', 'conv10', 'conv2', 'conv9']);
    expect(sorted(true)).toEqual(['conv10', 'conv2', 'Stem', 'conv9']);
  });

  test('finds by every word, in names, kinds, sizes and verdicts', () => {
    expect(labels(arranged(rows, 'CONV low diversity', null))).toEqual(['conv10', 'conv2']);
    expect(arranged(rows, '3x3 full', null)).toHaveLength(4);
    expect(arranged(rows, 'nothing', null)).toEqual([]);
  });

  test('reads conditions on the columns with figures, beside words and choices', () => {
    expect(labels(arranged(rows, 'sparsity > 20 %', null))).toEqual(['conv10', 'conv2']);
    expect(labels(arranged(rows, 'conv1 sparsity >= 50', null))).toEqual(['conv10']);
    expect(labels(arranged(rows, 'h < 0.5', null))).toEqual([]);
    expect(labels(arranged(rows, 'filters = 8 clean h > 0.5 sparsity < 0.2', null))).toEqual(['Stem']);
  });

  test('every column with figures can be named in a condition by its title', () => {
    for (const { title, numeric } of LAYER_COLUMNS) {
      expect(readQuery(`${title} > 0`).problem === null, title).toBe(numeric);
    }
  });

  test('keeps the layers of any chosen value of every kind of choice', () => {
    const verdict = toggleChoice(NO_CHOICES, 'verdict', 'not-measurable');
    expect(labels(arranged(rows, '', null, verdict))).toEqual(['conv9']);
    const both = toggleChoice(verdict, 'verdict', 'low-diversity');
    expect(arranged(rows, '', null, both)).toHaveLength(4);
    expect(arranged(rows, '', null, toggleChoice(both, 'kind', 'grouped'))).toEqual([]);
    expect(toggleChoice(verdict, 'verdict', 'not-measurable')).toEqual(NO_CHOICES);
    expect(arranged([row(0, 'a', 0, { verdict: null })], '', null, both)).toEqual([]);
  });

  test('within a verdict the most harm comes first', () => {
    const flagged = (index: number, excess: number, parameterShare: number) =>
      row(index, `conv${index}`, 0, {
        verdict: { name: 'sparse', explanation: '', excess },
        parameterShare,
      });
    const given = [flagged(0, 0.9, 0.1), flagged(1, 0.5, 0.6), flagged(2, 0.1, 0.3), row(3, 'low', 0)];
    const sorting = { column: 'verdict', descending: false };
    expect(labels(arranged(given, '', sorting))).toEqual(['conv1', 'conv0', 'conv2', 'low']);
  });
});

test('facets are counted over all rows, verdicts by gravity and sizes by weights', () => {
  const sized = (index: number, kernel: number[]) =>
    row(index, 'a', 0, { layer: layer(index, { kernel, kind: index === 0 ? 'depthwise' : 'full' }) });
  const given = [sized(0, [5, 5]), sized(1, [3]), row(2, 'b', null), row(3, 'c', 0, { verdict: null })];
  expect(countFacets(given)).toEqual({
    verdict: [
      ['low-diversity', 2],
      ['not-measurable', 1],
    ],
    kind: [
      ['full', 3],
      ['depthwise', 1],
    ],
    kernel: [
      ['3', 1],
      ['3x3', 2],
      ['5x5', 1],
    ],
  });
  expect(countFacets([])).toEqual({ verdict: [], kind: [], kernel: [] });
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
      parameterShare: 1,
      sparsityEpsilon: 0.01,
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

  test('one format down a column, points below each other', () => {
    const share = (sparsity: number | null) => text('sparsity', { quality: { ...result.quality, sparsity } });
    expect([0, 0.00004, 0.125, 1, null].map(share)).toEqual(['0.00 %', '0.00 %', '12.50 %', '100.00 %', '—']);
    const norm = (normL1: number) => text('l1', { quality: { ...result.quality, normL1 } });
    expect(norm(0.125)).toBe('0.125');
    expect(norm(12.5)).toBe('12.5\u2007\u2007');
    expect(norm(1250)).toBe('1,250\u2008\u2007\u2007\u2007');
  });

  test('dead channels by side, doubles with what chance brings', () => {
    expect([text('dead', { traits: null }), text('doubles', { traits: null })]).toEqual(['—', '—']);
    const traits = {
      signs: null,
      design: null,
      peaks: { rows: Float64Array.of(0.001, 0.7, 0.0001, 0.2), columns: Float64Array.of(0.7, 0.3) },
      doubles: {
        filters: { count: 3, flipped: 0, pairs: [] },
        filtersByChance: 0.01,
        rows: null,
        columns: null,
      },
      entropyNull: null,
    };
    expect(text('dead', { traits })).toBe('2 | 0');
    expect(text('doubles', { traits })).toBe('3');
    const some = { ...traits, doubles: { ...traits.doubles, filtersByChance: 2.6 } };
    expect(text('doubles', { traits: some })).toBe('3 (2.6)');
    expect(text('dead', { traits, filterCount: 0 })).toBe('—');
  });

  test('what rounding leaves of 0 is 0', () => {
    const quality = { ...result.quality, varianceEntropy: 3.2e-17, orthogonality: -2.2e-16, normL1: 3.2e-17 };
    expect(text('entropy', { quality })).toBe('0.000');
    expect(text('orthogonality', { quality })).toBe('0.000');
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
