import { describe, expect, test } from 'vitest';
import { createCpuBackend } from '../../src/compute/cpu/create-cpu-backend';
import { createRandom } from '../../src/analysis/random';
import { BackendEngine } from '../../src/workers/backend-engine';
import { model, node, tensor } from '../formats/support/onnx-writer';
import { analyseBytes, analyseFile } from '../support/analyse';

/** As many further engines as a browser would have helper workers, each with a reader and caches of its own. */
function engines(count: number) {
  return Promise.all(Array.from({ length: count }, async () => new BackendEngine(await createCpuBackend())));
}

const random = createRandom(21);
function weight(name: string, shape: number[]) {
  const count = shape.reduce((product, extent) => product * extent, 1);
  return tensor(
    name,
    shape,
    Array.from({ length: count }, () => random.normal()),
  );
}

describe('the same bytes are exported', () => {
  test.each(['texture-resnet', 'depthwise-net', 'shapes-unet'])(
    'in every run and by any number of engines: %s',
    async (id) => {
      const path = `public/samples/${id}.onnx`;
      const first = JSON.stringify((await analyseFile(path)).document);
      expect(JSON.stringify((await analyseFile(path)).document)).toBe(first);
      for (const count of [1, 2, 3]) {
        const { document } = await analyseFile(path, await engines(count));
        expect(JSON.stringify(document) === first, `${count} helpers`).toBe(true);
      }
    },
  );

  test('with shared weights, filters that are no numbers and more engines than layers', async () => {
    const broken = Array.from({ length: 72 }, (_, k) => (k % 20 === 3 ? NaN : random.normal()));
    const bytes = model({
      nodes: [
        node('ConvTranspose', ['x', 'a'], ['y0']),
        node('Conv', ['y0', 'b'], ['y1']),
        node('Conv', ['y1', 'a'], ['y2']),
        node('Conv', ['y2', 'b'], ['y']),
      ],
      initializers: [weight('a', [6, 6, 3, 3]), tensor('b', [4, 2, 3, 3], broken)],
      inputs: ['x'],
    });
    const [alone, ...others] = await Promise.all(
      [0, 1, 2, 3].map(async (count) => {
        const { document } = await analyseBytes('shared.onnx', Uint8Array.from(bytes), await engines(count));
        return JSON.stringify(document);
      }),
    );
    expect(others.map((text) => text === alone)).toEqual([true, true, true]);
  });
});

describe('a weight with several uses', () => {
  const chain = async (...operators: string[]) => {
    const nodes = operators.map((operator, i) => node(operator, [`y${i}`, 'w'], [`y${i + 1}`]));
    const bytes = model({ nodes, initializers: [weight('w', [4, 3, 3, 3])], inputs: ['y0'] });
    return (await analyseBytes('uses.onnx', Uint8Array.from(bytes))).document;
  };

  test('is pooled once, at its first use', async () => {
    const { layers, bases } = await chain('Conv', 'Conv', 'Conv');
    expect(layers.map(({ filterCount }) => filterCount)).toEqual([12, 12, 12]);
    expect(bases['3x3']).toMatchObject({ filterCount: 12, deciles: [0], decileFilterCounts: [12] });
  });

  test('is pooled at its first use that is not transposed', async () => {
    const { layers, bases } = await chain('ConvTranspose', 'Conv', 'ConvTranspose');
    expect(layers.map(({ filterCount }) => filterCount)).toEqual([12, 12, 12]);
    expect(bases['3x3']).toMatchObject({ filterCount: 12, deciles: [0], decileFilterCounts: [12] });
    expect((await chain('ConvTranspose', 'ConvTranspose')).bases).toEqual({});
  });
});
