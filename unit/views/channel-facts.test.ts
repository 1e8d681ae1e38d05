import { expect, test } from 'vitest';
import { channelFacts } from '../../src/views/layer/channel-facts';
import type { Layer } from '../../src/domain/model';
import type { LayerTraits } from '../../src/domain/traits';
import { layer, layerTraits, modelRecord } from '../support/model-record';

const [result] = modelRecord().layers;

function facts(changes: Partial<Layer> = {}, traits: Partial<LayerTraits> | null = {}) {
  const measured = { ...result, traits: traits && { ...layerTraits(), ...traits } };
  return Object.fromEntries(channelFacts(layer(0, changes), measured, 0.01).map((fact) => [fact.name, fact]));
}

test('dead channels are counted and listed', () => {
  expect(facts()['Dead output channels']).toMatchObject({ value: '1 of 4', items: ['3'] });
  expect(facts()['Dead output channels'].reading).toContain('below 1 % of the layer’s largest weight');
  expect(facts()['Dead input channels']).toMatchObject({ value: '0 of 2', items: [], reading: 'None.' });
});

test('double filters are named by input and output channel', () => {
  expect(facts()['Double filters']).toMatchObject({ value: '1 of 8', items: ['1 → 2 repeats 0 → 1'] });
  expect(facts({ kind: 'transposed' })['Double filters'].items).toEqual(['2 → 1 repeats 1 → 0']);
  const grouped = facts({ kind: 'grouped', groups: 2, shape: [4, 2, 3, 3] });
  expect(grouped['Double filters'].items).toEqual(['3 → 2 repeats 0 → 1']);
});

test('chance and opposite signs are told where there are any', () => {
  const filters = { count: 700, flipped: 3, pairs: [[1, 0]] as [number, number][] };
  const doubles = { ...layerTraits().doubles!, filters, filtersByChance: 12.3 };
  const fact = facts({}, { doubles })['Double filters'];
  expect(fact.reading).toContain('about 12.3 of Gaussian filters');
  expect(fact.reading).toContain('(3 with opposite sign)');
  expect(fact.more).toBe(699);
});

test('what is not compared is said or left out', () => {
  const none = { filters: null, filtersByChance: 0, rows: null, columns: null };
  const some = facts({}, { doubles: none });
  expect(some['Double filters']).toMatchObject({ value: '—' });
  expect(some['Double output channels']).toBeUndefined();
  expect(Object.keys(facts({}, { doubles: null }))).toEqual(['Dead output channels', 'Dead input channels']);
  expect(facts({ kernel: [1, 1], taps: 1 })['Double filters']).toBeUndefined();
  expect(facts({}, null)).toEqual({});
});
