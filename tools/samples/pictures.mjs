#!/usr/bin/env node
// Writes into the manifest what the first screen draws of each sample: kernels of its first layer, as int8. Like golden.py it
// knows the plain ONNX files that export.py writes and no other: weights are float32 initializers in raw_data.
import { readFileSync, writeFileSync } from 'node:fs';
import onnxProto from 'onnx-proto';

const FOLDER = new URL('../../public/samples/', import.meta.url);
const MANIFEST = new URL('manifest.json', FOLDER);
const MOST_KERNELS = 8;
const LARGEST = 127;

/** The first weight of the graph with a spatial extent. */
function firstWeight({ graph }) {
  const tensors = new Map(graph.initializer.map((tensor) => [tensor.name, tensor]));
  const weights = graph.node
    .filter(({ opType }) => opType === 'Conv' || opType === 'ConvTranspose')
    .map(({ input }) => tensors.get(input[1]));
  return weights.find(({ dims }) => dims.slice(2).some((extent) => Number(extent) > 1));
}

/** Kernels taken evenly from a weight, on the scale of its layer. */
function picture({ dims, rawData }) {
  const [outputs, inputs, ...kernel] = dims.map(Number);
  const taps = kernel.reduce((product, extent) => product * extent, 1);
  const filters = outputs * inputs;
  const values = new Float32Array(rawData.slice().buffer);
  const peak = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const count = Math.min(MOST_KERNELS, filters);
  const bytes = Int8Array.from({ length: count * taps }, (_, i) => {
    const filter = Math.floor((Math.floor(i / taps) * filters) / count);
    return Math.round((LARGEST * values[filter * taps + (i % taps)]) / peak);
  });
  return { kernel, count, values: Buffer.from(bytes.buffer).toString('base64') };
}

const manifest = JSON.parse(readFileSync(MANIFEST, 'utf8'));
for (const model of manifest.models) {
  const content = new Uint8Array(readFileSync(new URL(model.file, FOLDER)));
  model.picture = picture(firstWeight(onnxProto.onnx.ModelProto.decode(content)));
}
writeFileSync(MANIFEST, `${JSON.stringify(manifest, null, 2)}\n`);
