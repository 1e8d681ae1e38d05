import { expect } from 'vitest';
import { convModel, type GraphParts } from './onnx-writer';
import { openBytes } from './open-bytes';

/** The only layer of a model whose Conv takes its weight from `w`. */
export async function weight(
  nodes: Uint8Array[],
  initializers: Uint8Array[],
  more: Partial<GraphParts> = {},
) {
  const opened = await openBytes(convModel({ nodes, initializers, ...more }));
  const [layer] = opened.description.layers;
  if (!layer) throw new Error(opened.description.warnings.map((w) => w.message).join(' '));
  return { shape: layer.shape, values: Array.from((await opened.readFilters(0)).values) };
}

/** The warning of such a model where the weight cannot be read. */
export async function reason(
  nodes: Uint8Array[],
  initializers: Uint8Array[],
  more: Partial<GraphParts> = {},
) {
  const { description } = await openBytes(convModel({ nodes, initializers, ...more }));
  expect(description.layers).toEqual([]);
  return description.warnings[1];
}
