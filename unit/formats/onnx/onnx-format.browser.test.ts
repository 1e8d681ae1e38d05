import { describe, expect, test } from 'vitest';
import { blobSource } from '../../../src/formats/byte-source';
import { detectFormat } from '../../../src/formats/registry';
import { convModel, int64s, model, node, tensor } from '../support/onnx-writer';

async function open(bytes: Uint8Array) {
  const source = blobSource('m.onnx', new Blob([bytes as Uint8Array<ArrayBuffer>]));
  return (await detectFormat(source)).open(source, { companions: new Map() });
}

/* In a browser onnx-proto has neither Node's Buffer nor Long: 64-bit integers arrive as plain numbers. */
describe('in a browser', () => {
  test('a dropped Blob is listed and read', async () => {
    const opened = await open(convModel({ initializers: [tensor('w', [2, 1, 2], [1, 2, 3, 4])] }));
    expect(opened.description.layers[0]).toMatchObject({ name: 'conv', shape: [2, 1, 2] });
    expect(Array.from((await opened.readFilters(0, { first: 1, count: 1 })).values)).toEqual([3, 4]);
  });

  test('negative and large integers keep their value', async () => {
    const nodes = [
      node('Slice', ['a'], ['b'], { starts: [-2], ends: [2 ** 40], axes: [-1] }),
      node('Reshape', ['b', 's'], ['w']),
    ];
    const opened = await open(
      convModel({ nodes, initializers: [tensor('a', [1, 4], [1, 2, 3, 4]), int64s('s', [1, -1, 2])] }),
    );
    expect(Array.from((await opened.readFilters(0)).values)).toEqual([3, 4]);
  });

  test('names in any script', async () => {
    const name = 'свёртка <b>卷积</b> 🧠';
    const { description } = await open(
      model({
        nodes: [node('Conv', ['x', 'w'], ['y'], {}, { name })],
        initializers: [tensor('w', [1, 1, 1], [1])],
      }),
    );
    expect(description.layers[0].name).toBe(name);
  });
});
