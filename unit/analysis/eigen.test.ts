import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { orderAndSign, symmetricEigen, symmetricEigenvalues } from '../../src/analysis/eigen';
import { createRandom } from '../../src/analysis/random';
import golden from '../golden/analysis/eigen.json';
import { maxDifference } from './support';

const FORMULAS: Record<string, (i: number, j: number) => number> = {
  min: (i, j) => Math.min(i, j) + 1,
  hilbert: (i, j) => 1 / (i + j + 1),
  cosine: (i, j) => Math.cos(i * i + j * j),
};

function matrixOf(d: number, element: (i: number, j: number) => number): Float64Array {
  return Float64Array.from({ length: d * d }, (_, k) => element(Math.floor(k / d), k % d));
}

function randomSymmetric(d: number, seed: number): Float64Array {
  const random = createRandom(seed);
  const a = new Float64Array(d * d);
  for (let i = 0; i < d; i++) for (let j = 0; j <= i; j++) a[i * d + j] = a[j * d + i] = random.normal();
  return a;
}

/** Largest of |A v - lambda v| and of |v_i . v_j - delta_ij|. */
function errors(a: Float64Array, d: number): { residual: number; orthonormality: number } {
  const { values, vectors } = symmetricEigen(a, d);
  let residual = 0;
  let orthonormality = 0;
  for (let i = 0; i < d; i++) {
    const v = vectors.subarray(i * d, (i + 1) * d);
    for (let r = 0; r < d; r++) {
      const product = v.reduce((sum, value, c) => sum + a[r * d + c] * value, 0);
      residual = Math.max(residual, Math.abs(product - values[i] * v[r]));
    }
    for (let j = 0; j <= i; j++) {
      const product = v.reduce((sum, value, t) => sum + value * vectors[j * d + t], 0);
      orthonormality = Math.max(orthonormality, Math.abs(product - (i === j ? 1 : 0)));
    }
  }
  return { residual, orthonormality };
}

test.each(golden)('eigenvalues of "$formula", d = $d, as LAPACK finds them', ({ formula, d, values }) => {
  const found = symmetricEigen(matrixOf(d, FORMULAS[formula]), d).values;
  expect(maxDifference(found, values) / values[0]).toBeLessThan(1e-14);
});

test.each([1, 2, 3, 9, 25, 32, 33, 49, 121])('d = %i: A V = V D with orthonormal rows', (d) => {
  const { residual, orthonormality } = errors(randomSymmetric(d, d), d);
  expect(residual).toBeLessThan(1e-14 * d);
  expect(orthonormality).toBeLessThan(2e-15 * Math.max(d, 5));
});

test.each([1, 2, 9, 32, 33, 49, 121])('d = %i: the values alone are those of the pairs', (d) => {
  const matrix = randomSymmetric(d, d + 1);
  const { values } = symmetricEigen(matrix, d);
  const alone = symmetricEigenvalues(matrix, d);
  expect(maxDifference(alone, values) / Math.abs(values[0])).toBeLessThan(1e-14 * Math.sqrt(d));
  expect([...alone]).toEqual([...alone].sort((a, b) => b - a));
});

/* Such matrices come from box filters and from one weight per filter: the reduction runs down through all magnitudes. */
test.each([33, 49, 64, 121])('d = %i: the rows stay orthonormal where all or few taps vary alike', (d) => {
  for (let seed = 0; seed < 16; seed++) {
    const scale = 0.5 + createRandom(seed, d).uniform();
    const alike = matrixOf(d, () => scale);
    const few = matrixOf(d, (i, j) => (i % 7 === 5 && j % 7 === 5 ? scale : 0));
    for (const matrix of [alike, few]) expect(errors(matrix, d).orthonormality).toBeLessThan(2e-15 * d);
  }
});

test('values alone of a matrix of zeros, and of one holding NaN', () => {
  expect([...symmetricEigenvalues(new Float64Array(40 * 40), 40)]).toEqual(new Array(40).fill(0));
  expect(symmetricEigenvalues(new Float64Array(40 * 40).fill(NaN), 40).every(Number.isNaN)).toBe(true);
});

describe('symmetricEigen', () => {
  test('values fall, and the loading of largest magnitude is positive', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer(), (d, seed) => {
        const { values, vectors } = symmetricEigen(randomSymmetric(d, seed), d);
        for (let i = 0; i < d; i++) {
          if (i > 0) expect(values[i]).toBeLessThanOrEqual(values[i - 1]);
          const row = [...vectors.subarray(i * d, (i + 1) * d)];
          expect(row[row.map(Math.abs).indexOf(Math.max(...row.map(Math.abs)))]).toBeGreaterThan(0);
        }
      }),
    );
  });

  test.each([9, 40])('d = %i: scaling the matrix by a power of two scales the values alone', (d) => {
    const a = randomSymmetric(d, 5);
    const plain = symmetricEigen(a, d);
    for (const scale of [2 ** -900, 2 ** 900]) {
      const scaled = symmetricEigen(
        a.map((value) => value * scale),
        d,
      );
      expect(scaled.vectors).toEqual(plain.vectors);
      expect(scaled.values).toEqual(plain.values.map((value) => value * scale));
    }
  });

  test('renaming the axes renames the loadings', () => {
    const d = 6;
    const a = randomSymmetric(d, 11);
    const order = [3, 0, 5, 1, 4, 2];
    const renamed = symmetricEigen(
      matrixOf(d, (i, j) => a[order[i] * d + order[j]]),
      d,
    );
    const plain = symmetricEigen(a, d);
    const expected = matrixOf(d, (i, t) => plain.vectors[i * d + order[t]]);
    expect(maxDifference(renamed.values, plain.values)).toBeLessThan(1e-14);
    expect(maxDifference(renamed.vectors, expected)).toBeLessThan(1e-13);
  });

  test.each([1, 4, 40])('d = %i: zero and unit matrices keep the axes in order', (d) => {
    const unit = matrixOf(d, (i, j) => (i === j ? 1 : 0));
    expect(symmetricEigen(new Float64Array(d * d), d)).toEqual({
      values: new Float64Array(d),
      vectors: unit,
    });
    expect(symmetricEigen(unit, d)).toEqual({ values: new Float64Array(d).fill(1), vectors: unit });
  });

  test.each([9, 50])('d = %i: rank one', (d) => {
    const { values } = symmetricEigen(
      matrixOf(d, () => 1),
      d,
    );
    expect(values[0]).toBeCloseTo(d, 12);
    expect(maxDifference(values.subarray(1), new Float64Array(d - 1))).toBeLessThan(1e-13);
  });

  test.each([2, 40])('d = %i: NaN or Inf end in NaN and do not hang', (d) => {
    for (const bad of [NaN, Infinity]) {
      const { values, vectors } = symmetricEigen(
        matrixOf(d, (i, j) => (i + j === 1 ? bad : 1)),
        d,
      );
      expect(values.every(Number.isNaN) && vectors.every(Number.isNaN)).toBe(true);
    }
  });
});

test('orderAndSign sorts, keeps the order of equal values, takes the first on a tie and leaves no -0', () => {
  const { values, vectors } = orderAndSign([1, 3, 1], [0, -1, 0, 0.6, 0, -0.6, -0.6, 0.8, 0], 3);
  expect([...values]).toEqual([3, 1, 1]);
  expect([...vectors]).toEqual([0.6, 0, -0.6, 0, 1, 0, -0.6, 0.8, 0]);
  const rounded = orderAndSign([1, 0], [-0.6, 0.6000000000000001, 0.8, -0.8000001], 2).vectors;
  expect([...rounded]).toEqual([0.6, -0.6000000000000001, -0.8, 0.8000001]);
  expect(orderAndSign([1], [-1], 1).vectors).toEqual(Float64Array.of(1));
});
