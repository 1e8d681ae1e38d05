import { describe, expect, test } from 'vitest';
import { model, node, tensor, type Field } from '../formats/support/onnx-writer';
import { analyseBytes } from '../support/analyse';

function good(name: string): Uint8Array {
  return tensor(
    name,
    [4, 2, 3, 3],
    Array.from({ length: 72 }, (_, i) => Math.sin(i * i)),
  );
}

/** Promises eight integers in a packed field, whose number shows only when they are read. */
function bad(name: string): Uint8Array {
  const values: Field[] = [[5, Uint8Array.of(1, 2, 3, 4, 5, 0x81, 0x82, 0x01)]];
  return tensor(name, [2, 1, 2, 2], values, 10);
}

async function analyse(...weights: [name: string, tensor: Uint8Array][]) {
  const nodes = weights.map(([name], i) => node('Conv', [`x${i}`, name], [`x${i + 1}`], {}, { name }));
  const bytes = model({ nodes, initializers: weights.map(([, each]) => each), inputs: ['x0'] });
  return analyseBytes('m.onnx', Uint8Array.from(bytes));
}

describe('a layer whose weights cannot be read', () => {
  test('is noted, and the others are as without it', async () => {
    const { document, result } = await analyse(['a', good('a')], ['broken', bad('broken')], ['b', good('b')]);
    const alone = (await analyse(['a', good('a')], ['b', good('b')])).document;
    expect(document.layers.map(({ filterCount }) => filterCount)).toEqual([8, 0, 8]);
    expect(result.layers[1].notes).toEqual([
      expect.stringMatching(/^"m\.onnx": the weight "broken" of layer "broken" needs 8 values/),
    ]);
    expect(document.layers[1].quality).toMatchObject({ sparsity: null, varianceEntropy: null, peak: null });
    expect([document.layers[0].quality, document.layers[2].quality]).toEqual(
      alone.layers.map(({ quality }) => quality),
    );
    expect(document.bases).toEqual(alone.bases);
  });

  test('where none can, the model fails with the first reason', async () => {
    await expect(analyse(['broken', bad('broken')], ['worse', bad('worse')])).rejects.toThrow(
      /the weight "broken" of layer "broken" needs 8 values/,
    );
  });
});
