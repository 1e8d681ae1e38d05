/** QL needs two iterations an eigenvalue on average; LAPACK gives up after 30 times d in total. */
const MAX_ITERATIONS = 60;
/**
 * Rows whose rest sums to less count as reduced: it moves no eigenvalue by a representable amount, and reflections made of
 * what low rank leaves, which shrinks with every row, would lose their length among the denormals.
 */
const NEGLIGIBLE = 2 ** -200;

/**
 * Eigenpairs of a symmetric d x d matrix (overwritten), its largest entry of order one: Householder reduction to
 * tridiagonal form, then implicit QL (EISPACK tred2 and tql2, with the transformation stored transposed so that every inner
 * loop runs along memory). O(d^3). Unsorted; row i of `vectors` belongs to `values[i]`.
 */
export function tridiagonalEigen(
  v: Float64Array,
  d: number,
): { values: Float64Array; vectors: Float64Array } {
  const diagonal = new Float64Array(d);
  const subdiagonal = new Float64Array(d);
  householder(v, d, diagonal, subdiagonal);
  implicitQl(diagonal, subdiagonal, v);
  return { values: diagonal, vectors: v };
}

/** Eigenvalues alone, unsorted; the matrix, its largest entry of order one, is overwritten. */
export function tridiagonalEigenvalues(v: Float64Array, d: number): Float64Array {
  const diagonal = new Float64Array(d);
  const subdiagonal = new Float64Array(d);
  tridiagonalise(v, d, diagonal, subdiagonal);
  for (let i = 0; i < d; i++) diagonal[i] = v[i * (d + 1)];
  implicitQl(diagonal, subdiagonal);
  return diagonal;
}

/**
 * Implicit QL on a tridiagonal matrix: `diagonal` (d) becomes the eigenvalues, `subdiagonal` (d, element i couples i - 1
 * and i, element 0 unused) is destroyed; rows of `vectors`, where given, are rotated along.
 */
export function implicitQl(diagonal: Float64Array, subdiagonal: Float64Array, vectors?: Float64Array): void {
  const n = diagonal.length;
  const e = subdiagonal;
  if (n === 0) return;
  e.copyWithin(0, 1);
  e[n - 1] = 0;
  let shift = 0;
  let size = 0;
  for (let l = 0; l < n; l++) {
    size = Math.max(size, Math.abs(diagonal[l]) + Math.abs(e[l]));
    let m = l;
    while (m < n - 1 && Math.abs(e[m]) > Number.EPSILON * size) m++;
    for (let iteration = 0; m > l && iteration < MAX_ITERATIONS; iteration++) {
      shift += wilkinsonShift(diagonal, e, l);
      qlSweep(diagonal, e, l, m, vectors);
      if (Math.abs(e[l]) <= Number.EPSILON * size) break;
    }
    diagonal[l] += shift;
    e[l] = 0;
  }
}

/** Shifts the rest of the diagonal by an eigenvalue estimate of its leading 2 x 2 block; returns the shift. */
function wilkinsonShift(diagonal: Float64Array, e: Float64Array, l: number): number {
  const g = diagonal[l];
  const p = (diagonal[l + 1] - g) / (2 * e[l]);
  const r = p < 0 ? -Math.hypot(p, 1) : Math.hypot(p, 1);
  diagonal[l] = e[l] / (p + r);
  diagonal[l + 1] = e[l] * (p + r);
  const h = g - diagonal[l];
  for (let i = l + 2; i < diagonal.length; i++) diagonal[i] -= h;
  return h;
}

function qlSweep(
  diagonal: Float64Array,
  e: Float64Array,
  l: number,
  m: number,
  vectors?: Float64Array,
): void {
  const n = diagonal.length;
  const next = diagonal[l + 1];
  const el1 = e[l + 1];
  let p = diagonal[m];
  let c = 1;
  let c2 = 1;
  let c3 = 1;
  let s = 0;
  let s2 = 0;
  for (let i = m - 1; i >= l; i--) {
    c3 = c2;
    c2 = c;
    s2 = s;
    const g = c * e[i];
    const h = c * p;
    const r = Math.hypot(p, e[i]);
    e[i + 1] = s * r;
    s = r === 0 ? 0 : e[i] / r;
    c = r === 0 ? 1 : p / r;
    p = c * diagonal[i] - s * g;
    diagonal[i + 1] = h + s * (c * g + s * diagonal[i]);
    if (!vectors) continue;
    const low = i * n;
    const high = low + n;
    for (let k = 0; k < n; k++) {
      const right = vectors[high + k];
      const left = vectors[low + k];
      vectors[high + k] = s * left + c * right;
      vectors[low + k] = c * left - s * right;
    }
  }
  // `next` is the shifted diagonal before the sweep; it undoes the scaling of the last rotation.
  p = next === 0 ? 0 : (-s * s2 * c3 * el1 * e[l]) / next;
  e[l] = s * p;
  diagonal[l] = c * p;
}

/** tred2: v becomes the accumulated transformation, transposed; `e[i]` couples i - 1 and i. */
function householder(v: Float64Array, n: number, d: Float64Array, e: Float64Array): void {
  const last = n - 1;
  tridiagonalise(v, n, d, e);
  accumulate(v, n, d);
  for (let j = 0; j < n; j++) {
    d[j] = v[j * n + last];
    v[j * n + last] = 0;
  }
  v[last * n + last] = 1;
}

/** The reduction itself: the tridiagonal form's diagonal is left in that of v, the reflections beside it and in d. */
function tridiagonalise(v: Float64Array, n: number, d: Float64Array, e: Float64Array): void {
  const at = (row: number, column: number): number => column * n + row;
  for (let j = 0; j < n; j++) d[j] = v[at(n - 1, j)];
  for (let i = n - 1; i > 0; i--) {
    let scale = 0;
    let h = 0;
    for (let k = 0; k < i; k++) scale += Math.abs(d[k]);
    if (scale < NEGLIGIBLE) {
      e[i] = d[i - 1];
      for (let j = 0; j < i; j++) {
        d[j] = v[at(i - 1, j)];
        v[at(i, j)] = 0;
        v[at(j, i)] = 0;
      }
    } else {
      for (let k = 0; k < i; k++) {
        d[k] /= scale;
        h += d[k] * d[k];
      }
      const f = d[i - 1];
      const g = f > 0 ? -Math.sqrt(h) : Math.sqrt(h);
      e[i] = scale * g;
      h -= f * g;
      d[i - 1] = f - g;
      reflect(v, n, d, e, i, h);
    }
    d[i] = h;
  }
  e[0] = 0;
}

/** Applies the reflection held in d (of squared length 2h) to the leading i x i block. */
function reflect(v: Float64Array, n: number, d: Float64Array, e: Float64Array, i: number, h: number): void {
  e.fill(0, 0, i);
  for (let j = 0; j < i; j++) {
    const f = d[j];
    const column = j * n;
    v[i * n + j] = f;
    let g = e[j] + v[column + j] * f;
    for (let k = j + 1; k < i; k++) {
      g += v[column + k] * d[k];
      e[k] += v[column + k] * f;
    }
    e[j] = g;
  }
  let f = 0;
  for (let j = 0; j < i; j++) {
    e[j] /= h;
    f += e[j] * d[j];
  }
  const half = f / (h + h);
  for (let j = 0; j < i; j++) e[j] -= half * d[j];
  for (let j = 0; j < i; j++) {
    const fj = d[j];
    const gj = e[j];
    const column = j * n;
    for (let k = j; k < i; k++) v[column + k] -= fj * e[k] + gj * d[k];
    d[j] = v[column + i - 1];
    v[column + i] = 0;
  }
}

function accumulate(v: Float64Array, n: number, d: Float64Array): void {
  for (let i = 0; i < n - 1; i++) {
    v[i * n + n - 1] = v[i * n + i];
    v[i * n + i] = 1;
    const h = d[i + 1];
    const source = (i + 1) * n;
    if (h !== 0) {
      for (let k = 0; k <= i; k++) d[k] = v[source + k] / h;
      for (let j = 0; j <= i; j++) {
        const column = j * n;
        let g = 0;
        for (let k = 0; k <= i; k++) g += v[source + k] * v[column + k];
        for (let k = 0; k <= i; k++) v[column + k] -= g * d[k];
      }
    }
    v.fill(0, source, source + i + 1);
  }
}
