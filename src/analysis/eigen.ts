import { jacobi } from './eigen-jacobi';
import { tridiagonalEigen, tridiagonalEigenvalues } from './eigen-tridiagonal';

/** Eigenvalues falling; row i of `vectors` (d x d row-major) is the unit eigenvector of `values[i]`, its sign as `orderAndSign`. */
export interface Eigen {
  values: Float64Array;
  vectors: Float64Array;
}

/** Up to this size Jacobi rotations are as fast as QL and more accurate on small eigenvalues. */
const JACOBI_LIMIT = 32;

/** Loadings from this share of the largest magnitude on tie with it: symmetric patterns have many that only rounding tells apart. */
const TIE = 1 - 1e-9;

/**
 * Eigenpairs of a symmetric d x d row-major matrix in float64 (the mean of both triangles is used): cyclic Jacobi up to
 * d = 32, Householder tridiagonalisation with implicit QL above. Iterations are bounded. Sorted by falling value (equal
 * values keep their order); sign as `orderAndSign`. Zero matrix: zeros and the unit vectors. A matrix holding NaN or
 * Inf: NaN throughout.
 */
export function symmetricEigen(matrix: ArrayLike<number>, d: number): Eigen {
  const { work, scale } = balanced(matrix, d);
  if (scale === null) return { values: new Float64Array(d).fill(NaN), vectors: work.fill(NaN) };
  const { values, vectors } = d <= JACOBI_LIMIT ? jacobi(work, d) : tridiagonalEigen(work, d);
  for (let i = 0; i < d; i++) values[i] *= scale;
  return orderAndSign(values, vectors, d);
}

/** The values of `symmetricEigen` alone, falling; for large d in about a quarter of its time. */
export function symmetricEigenvalues(matrix: ArrayLike<number>, d: number): Float64Array {
  if (d <= JACOBI_LIMIT) return symmetricEigen(matrix, d).values;
  const { work, scale } = balanced(matrix, d);
  if (scale === null) return new Float64Array(d).fill(NaN);
  const values = tridiagonalEigenvalues(work, d);
  return values
    .sort()
    .reverse()
    .map((value) => value * scale);
}

/**
 * The mean of both triangles over a power of two, which keeps squares in range and rounds nothing; scale null for a matrix
 * that holds NaN or Inf.
 */
function balanced(matrix: ArrayLike<number>, d: number): { work: Float64Array; scale: number | null } {
  const work = new Float64Array(d * d);
  let largest = 0;
  for (let i = 0; i < d; i++) {
    for (let j = 0; j <= i; j++) {
      const value = i === j ? matrix[i * d + i] : matrix[i * d + j] / 2 + matrix[j * d + i] / 2;
      work[i * d + j] = value;
      work[j * d + i] = value;
      largest = Math.max(largest, Math.abs(value));
    }
  }
  if (!Number.isFinite(largest)) return { work, scale: null };
  const scale = largest === 0 ? 1 : 2 ** Math.min(1000, Math.max(-1000, Math.floor(Math.log2(largest))));
  for (let i = 0; i < work.length; i++) work[i] /= scale;
  return { work, scale };
}

/**
 * Sorts eigenpairs by falling value and fixes signs: the loading of largest magnitude (first of those within `TIE`) is positive.
 * `values` holds d numbers, row i of `vectors` (d x d row-major) belongs to `values[i]`; both are copied.
 */
export function orderAndSign(values: ArrayLike<number>, vectors: ArrayLike<number>, d: number): Eigen {
  const order = Array.from({ length: d }, (_, i) => i).sort((a, b) => values[b] - values[a] || a - b);
  const sorted = { values: new Float64Array(d), vectors: new Float64Array(d * d) };
  order.forEach((from, to) => {
    sorted.values[to] = values[from];
    let largest = 0;
    for (let t = 0; t < d; t++) largest = Math.max(largest, Math.abs(vectors[from * d + t]));
    let first = 0;
    while (first < d - 1 && !(Math.abs(vectors[from * d + first]) >= largest * TIE)) first++;
    const isNegative = vectors[from * d + first] < 0;
    for (let t = 0; t < d; t++) {
      const loading = vectors[from * d + t];
      sorted.vectors[to * d + t] = isNegative ? 0 - loading : loading;
    }
  });
  return sorted;
}
