import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { AnalysableModel } from '../../src/domain/model-data';
import { ModelEntry } from '../../src/state/model-entry.svelte';
import { modelRecord } from '../support/model-record';

const result = modelRecord();
const { description, layers, kernelSizes } = result;

function analysing(): ModelEntry {
  const entry = new ModelEntry('a', 'a.onnx', {
    name: 'a.onnx',
    byteLength: 1,
    path: 'a.onnx',
    drop: 1,
    sample: null,
    open: () => Promise.reject(new Error('not asked for')),
  });
  entry.begin({} as AnalysableModel);
  entry.receive({ type: 'description', description });
  return entry;
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test('the first layer is on screen at once, also after progress has been shown', () => {
  const entry = analysing();
  entry.receive({ type: 'progress', stage: 'filters', done: 0, total: layers.length });
  vi.runAllTimers();
  entry.receive({ type: 'layer', result: layers[1]! });
  expect(entry.layers[0]).toBeUndefined();
  expect(entry.layers[1]).toBe(layers[1]);
});

test('what follows comes together, nothing lost, the latest last', () => {
  const entry = analysing();
  entry.receive({ type: 'layer', result: layers[0]! });
  const shown = entry.layers;
  for (const layer of layers.slice(1)) entry.receive({ type: 'layer', result: layer });
  for (const kernelSize of kernelSizes) entry.receive({ type: 'kernelSize', result: kernelSize });
  layers.forEach((_, index) => {
    const figures = { orthogonality: 0.5 + index, doubles: null, entropyNull: null, notes: ['Late.'] };
    entry.receive({ type: 'late', index, figures });
  });
  entry.receive({ type: 'progress', stage: 'filters', done: 1, total: layers.length });
  entry.receive({ type: 'progress', stage: 'late', done: 2, total: layers.length });
  expect(entry.layers).toBe(shown);
  expect(entry.progress).toBeNull();
  expect(vi.getTimerCount()).toBe(1);
  vi.runAllTimers();
  expect(entry.layers.map((layer) => layer?.quality.orthogonality)).toEqual(layers.map((_, i) => 0.5 + i));
  expect(entry.layers[0]?.notes).toEqual(['Late.']);
  expect(entry.kernelSizes).toEqual(kernelSizes);
  expect(entry.progress).toEqual({ stage: 'late', done: 2, total: layers.length });
});

test('the end does not wait, and nothing is painted after it', () => {
  const entry = analysing();
  entry.receive({ type: 'layer', result: layers[0]! });
  entry.receive({ type: 'progress', stage: 'filters', done: 1, total: layers.length });
  entry.finish(result);
  expect(entry.layers).toEqual(layers);
  expect(entry.progress).toBeNull();
  expect(entry.status).toBe('done');
  expect(vi.getTimerCount()).toBe(0);
});
