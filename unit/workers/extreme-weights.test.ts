import { describe, expect, test } from 'vitest';
import { createRandom } from '../../src/analysis/random';
import { hasMoments } from '../../src/domain/statistics';
import { model, node, tensor } from '../formats/support/onnx-writer';
import { analyseBytes } from '../support/analyse';

const DOUBLE = 11;
const random = createRandom(4);
const weights = Array.from({ length: 8 * 4 * 9 }, (_, i) => random.normal() * (i % 90 === 0 ? 1e-5 : 1));

async function measured(values: readonly number[]) {
  const { document, result } = await analyseBytes(
    'm.onnx',
    Uint8Array.from(
      model({
        nodes: [node('Conv', ['x', 'w'], ['y'])],
        initializers: [tensor('w', [8, 4, 3, 3], new Uint8Array(Float64Array.from(values).buffer), DOUBLE)],
        inputs: ['x'],
      }),
    ),
  );
  return { layer: document.layers[0], basis: document.bases['3x3'], record: result };
}

describe('double weights whose squares leave float64', () => {
  test.each([1e-200, 1e200, 1e-300, 1e-150, 1e150, 1e300])('times %f', async (factor) => {
    const usual = await measured(weights);
    const { layer, basis } = await measured(weights.map((value) => value * factor));
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

  // Weights of 1e-318 have but some four digits, those of 1e-200 all sixteen.
  test.each([
    [[1e-200, 1e200], 9],
    [[1e-300, 1e300, 1], 9],
    [[1e-318, 1], 2],
    [[1e-318, 1e300], 2],
  ])('filters and rows lie as far apart as %j', async (factors, digits) => {
    const usual = await measured(weights);
    const { layer, basis } = await measured(
      weights.map((value, i) => value * factors[Math.floor(i / 36) % factors.length]),
    );
    expect(layer.quality.orthogonality).toBeCloseTo(usual.layer.quality.orthogonality!, Math.min(6, digits));
    const shares = usual.basis.explainedVarianceRatio;
    basis.explainedVarianceRatio.forEach((share, i) => expect(share).toBeCloseTo(shares[i], digits));
    basis.coefficientRange.forEach((end, i) => {
      expect(end).toBeCloseTo(usual.basis.coefficientRange[i], digits);
    });
    const strongest = Math.max(...factors);
    const weakRows = Array.from({ length: 8 }, (_, row) => factors[row % factors.length]).filter(
      (own) => own < strongest,
    );
    expect(layer.quality.sparsity).toBe(weakRows.length / 8);
  });

  test('the note says what 64-bit numbers cannot hold, and no more', async () => {
    const notes = async (factor: number) => {
      const { layer, record } = await measured(weights.map((value) => value * factor));
      return {
        note: (layer.notes as string[])[0],
        layer,
        statistics: record.statistics[0]!,
        variance: record.layers[0].tapVariance,
      };
    };
    const held = await notes(1e-100);
    expect(held.note).toMatch(/times a power of two\.$/);
    expect(held.variance[4]).toBeGreaterThan(0);
    expect(hasMoments(held.statistics.moments)).toBe(true);

    const weak = await notes(1e-200);
    expect(weak.note).toContain('variances of taps and covariances that 64-bit numbers cannot hold are 0');
    expect(weak.note).not.toContain('norms');
    expect(hasMoments(weak.statistics.moments)).toBe(false);

    const strong = await notes(1e307 * 4);
    expect(strong.note).toContain('variances of taps and covariances and norms');
    expect(strong.layer.quality.normL1).toBeNull();
    expect(strong.layer.quality.peak).toBeGreaterThan(1e307);
  });

  test('weights in the usual range are measured as they are, without a note', async () => {
    expect((await measured(weights)).layer.notes).toEqual([]);
    expect((await measured(weights.map((value) => value * 1e-30))).layer.notes).toEqual([]);
  });
});
