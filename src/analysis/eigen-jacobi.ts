/** Sweeps until rest are 6 to 10 for d <= 32; the bound only guards against the unforeseen. */
const MAX_SWEEPS = 40;
/** Off-diagonal elements below this share of the norm move no eigenvalue by a representable amount. */
const NEGLIGIBLE = 2 ** -70;

/**
 * Cyclic Jacobi on a symmetric d x d row-major matrix (overwritten), entries of order one. Unsorted; row i of `vectors`
 * belongs to `values[i]`. Golub & Van Loan, Matrix Computations, 8.5.
 */
export function jacobi(a: Float64Array, d: number): { values: Float64Array; vectors: Float64Array } {
  const vectors = new Float64Array(d * d);
  let squares = 0;
  for (let i = 0; i < d; i++) vectors[i * (d + 1)] = 1;
  for (let i = 0; i < a.length; i++) squares += a[i] * a[i];
  const negligible = Math.sqrt(squares) * NEGLIGIBLE;

  let rotated = squares > 0;
  for (let sweep = 0; rotated && sweep < MAX_SWEEPS; sweep++) {
    rotated = false;
    for (let p = 0; p < d - 1; p++) {
      for (let q = p + 1; q < d; q++) {
        if (Math.abs(a[p * d + q]) <= negligible) continue;
        rotated = true;
        rotate(a, vectors, d, p, q);
      }
    }
  }
  return { values: Float64Array.from({ length: d }, (_, i) => a[i * (d + 1)]), vectors };
}

/** One rotation that makes a[p][q] zero; both triangles are kept so that rows stay contiguous. */
function rotate(a: Float64Array, vectors: Float64Array, d: number, p: number, q: number): void {
  const apq = a[p * d + q];
  const theta = (a[q * d + q] - a[p * d + p]) / (2 * apq);
  const t = theta === 0 ? 1 : Math.sign(theta) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  a[p * d + p] -= t * apq;
  a[q * d + q] += t * apq;
  a[p * d + q] = 0;
  a[q * d + p] = 0;
  for (let k = 0; k < d; k++) {
    if (k !== p && k !== q) {
      const akp = a[p * d + k];
      const akq = a[q * d + k];
      const nextP = c * akp - s * akq;
      const nextQ = s * akp + c * akq;
      a[p * d + k] = nextP;
      a[k * d + p] = nextP;
      a[q * d + k] = nextQ;
      a[k * d + q] = nextQ;
    }
    const vp = vectors[p * d + k];
    const vq = vectors[q * d + k];
    vectors[p * d + k] = c * vp - s * vq;
    vectors[q * d + k] = s * vp + c * vq;
  }
}
