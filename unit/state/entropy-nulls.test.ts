import { expect, test, vi } from 'vitest';
import { EntropyNulls } from '../../src/state/entropy-nulls.svelte';
import { layer, modelRecord } from '../support/model-record';

const [result] = modelRecord().layers;
const five = layer(0, { kernel: [5, 5], taps: 25 });

test('simulates what has no published threshold, a moment later', async () => {
  const nulls = new EntropyNulls();
  expect(nulls.of(five, result)).toBeNull();
  nulls.want([five], [result]);
  await vi.waitFor(() => expect(nulls.of(five, result)).not.toBeNull());
  const { mean, low, high } = nulls.of(five, result)!;
  expect(low).toBeLessThanOrEqual(mean);
  expect(mean).toBeLessThanOrEqual(high);
  expect(high).toBeLessThanOrEqual(Math.log10(7));
});

test.each([
  ['pointwise', layer(0, { kernel: [1, 1], taps: 1 }), result],
  ['a single filter', five, { ...result, filterCount: 1 }],
  ['a published threshold', layer(0), { ...result, quality: { ...result.quality, randomThreshold: 0.9 } }],
])('%s needs none', async (_, of, measured) => {
  const nulls = new EntropyNulls();
  nulls.want([of], [measured]);
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(nulls.of(of, measured)).toBeNull();
});

test('layers not measured yet are passed over', async () => {
  const nulls = new EntropyNulls();
  const seven = layer(1, { kernel: [7, 7], taps: 49 });
  nulls.want([five, seven], [undefined, { ...result, index: 1 }]);
  await vi.waitFor(() => expect(nulls.of(seven, result)).not.toBeNull());
  expect(nulls.of(five, result)).toBeNull();
});
