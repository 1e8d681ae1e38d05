import { expect, test } from 'vitest';
import { statusText } from '../../src/state/status-text';

const entry = { name: 'a.onnx', status: 'done' as const, layerCount: 1, filterCount: 1234567 };

test('ends on plain digits and plural words once done', () => {
  expect(statusText(entry, null)).toBe('a.onnx: 1 layers, 1234567 filters analysed');
});

test('says what is under way', () => {
  expect(statusText(entry, { name: 'b.onnx', stage: undefined, position: 1, total: 1 })).toBe(
    'Analysing b.onnx: starting',
  );
  expect(statusText(entry, { name: 'b.onnx', stage: 'filters', position: 2, total: 3 })).toBe(
    'Analysing b.onnx (2 of 3): measuring filters',
  );
});

test('never claims an analysis that was not', () => {
  expect(statusText(null, null)).toBe('');
  expect(statusText({ ...entry, status: 'failed' }, null)).toBe('a.onnx could not be analysed');
  expect(statusText({ ...entry, status: 'cancelled' }, null)).toBe('a.onnx was cancelled');
});
