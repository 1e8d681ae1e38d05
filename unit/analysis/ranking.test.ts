import { expect, test } from 'vitest';
import { harmOf, parameterCount, parameterShares, severityKey } from '../../src/analysis/ranking';
import { VERDICTS, type VerdictName } from '../../src/analysis/verdict-names';
import { layer } from '../support/model-record';

function verdict(name: VerdictName, excess = 0) {
  return { name, excess, explanation: '' };
}

test('a weight that two layers share counts once, and each holds all of it', () => {
  const layers = [
    layer(0, { weightId: 0, storedFilterCount: 10, taps: 9 }),
    layer(1, { weightId: 0, storedFilterCount: 10, taps: 9 }),
    layer(2, { weightId: 1, storedFilterCount: 30, taps: 1 }),
  ];
  expect(parameterCount(layers)).toBe(120);
  expect(parameterShares(layers)).toEqual([0.75, 0.75, 0.25]);
});

test('a model without weights has no shares to divide by', () => {
  expect(parameterShares([])).toEqual([]);
  expect(parameterShares([layer(0, { storedFilterCount: 0 })])).toEqual([0]);
});

test('harm is the way past the threshold, weighted by the share of the weights', () => {
  expect(harmOf(verdict('sparse', 0.5), 0.5)).toBe(0.25);
  expect(harmOf(verdict('sparse', NaN), 0.5)).toBe(0);
  expect(harmOf(verdict('sparse', 3), 1)).toBe(1);
  expect(harmOf(verdict('all-zero'), 0.5)).toBe(0.5);
});

test('no harm lifts a layer above a graver verdict', () => {
  for (const [i, name] of VERDICTS.entries()) {
    const next = VERDICTS[i + 1];
    if (next) expect(severityKey(verdict(name), 0)).toBeLessThan(severityKey(verdict(next, 1), 1));
  }
  expect(severityKey(verdict('sparse', 0.9), 0.5)).toBeLessThan(severityKey(verdict('sparse', 0.9), 0.1));
});
