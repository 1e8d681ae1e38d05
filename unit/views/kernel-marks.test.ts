import { expect, test } from 'vitest';
import type { LayerTraits } from '../../src/domain/traits';
import { kernelMarks } from '../../src/views/layer/kernel-marks';
import { layer, layerTraits, modelRecord } from '../support/model-record';

const [result] = modelRecord().layers;

function marksOf(traits: Partial<LayerTraits>, changes = {}) {
  return kernelMarks(layer(0, changes), { ...result, traits: { ...layerTraits(), ...traits } }, 0.01);
}

test('kernels of dead channels and doubles are marked', () => {
  // Four output by two input channels: output channel 3 is dead, filter 5 a double.
  const marks = marksOf({})!;
  expect([...marks.kinds]).toEqual([0, 0, 0, 0, 0, 4, 1, 1]);
  expect(marks.labels[2]).toBe('double filter');
});

test('rows of a transposed convolution are input channels', () => {
  expect([...marksOf({}, { kind: 'transposed' })!.kinds]).toEqual([0, 0, 0, 0, 0, 4, 2, 2]);
});

test('double channels mark all their kernels', () => {
  const list = { count: 1, flipped: 0, pairs: [[1, 0]] as [number, number][] };
  const doubles = { ...layerTraits().doubles!, filters: null, columns: list };
  expect([...marksOf({ doubles })!.kinds]).toEqual([0, 8, 0, 8, 0, 8, 1, 9]);
});

test('where nothing is dead or double there are no marks', () => {
  const peaks = { rows: new Float64Array(4).fill(0.7), columns: new Float64Array(2).fill(0.7) };
  expect(marksOf({ peaks, doubles: null })).toBeNull();
  expect(kernelMarks(layer(0), { ...result, traits: null }, 0.01)).toBeNull();
});
