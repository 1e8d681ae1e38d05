import { describe, expect, test } from 'vitest';
import { createRandom } from '../../src/analysis/random';
import { model, node, tensor } from '../formats/support/onnx-writer';
import { analyseBytes } from '../support/analyse';

const DOUBLE = 11;
const random = createRandom(4);
const weights = Array.from({ length: 8 * 4 * 9 }, (_, i) => random.normal() * (i % 90 === 0 ? 1e-5 : 1));

async function measured(factor: number) {
  const values = new Uint8Array(Float64Array.from(weights, (value) => value * factor).buffer);
  const { document } = await analyseBytes(
    'm.onnx',
    Uint8Array.from(
      model({
        nodes: [node('Conv', ['x', 'w'], ['y'])],
        initializers: [tensor('w', [8, 4, 3, 3], values, DOUBLE)],
        inputs: ['x'],
      }),
    ),
  );
  return { layer: document.layers[0], basis: document.bases['3x3'] };
}

describe('double weights whose squares leave float64', () => {
  test.each([1e-200, 1e200, 1e-300, 1e-150, 1e150, 1e300])('times %f', async (factor) => {
    const usual = await measured(1);
    const { layer, basis } = await measured(factor);
    for (const key of [
      'sparsity',
      'varianceEntropy',
      'varianceEntropyRatio',
      'varianceEntropyClean',
    ] as const) {
      expect(layer.quality[key], key).toBeCloseTo(usual.layer.quality[key]!, 9);
    }
    expect(layer.quality.orthogonality).toBeCloseTo(usual.layer.quality.orthogonality!, 6);
    for (const key of ['normL1', 'normL2', 'peak'] as const) {
      expect(layer.quality[key]! / factor / usual.layer.quality[key]!, key).toBeCloseTo(1, 9);
    }
    expect(layer.notes).toEqual([expect.stringContaining('times a power of two')]);
    expect(basis.coefficientRange[0]).toBeCloseTo(usual.basis.coefficientRange[0], 9);
    expect(basis.filterCount).toBe(usual.basis.filterCount);
  });

  test('weights in the usual range are measured as they are, without a note', async () => {
    expect((await measured(1)).layer.notes).toEqual([]);
    expect((await measured(1e-30)).layer.notes).toEqual([]);
  });
});
