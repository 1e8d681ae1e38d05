/**
 * Orthogonality 1 - sum_ij |(U U^T - I)_ij| / (c (c - 1)) in float64 (section 4, [Q]): U are the `rows` x `columns`
 * row-major rows L2-normalised; zero rows stay zero (and count 1 each on the diagonal), rows with NaN or Inf are left
 * out. 1 for orthogonal rows, 0 or less for parallel ones; null for fewer than two rows left. O(rows^2 columns).
 */
export function orthogonalityReference(
  values: ArrayLike<number>,
  rows: number,
  columns: number,
): number | null {
  const unit: Float64Array[] = [];
  for (let r = 0; r < rows; r++) {
    const row = normalised(values, r * columns, columns);
    if (row) unit.push(row);
  }
  const c = unit.length;
  if (c < 2) return null;
  let sum = 0;
  for (let i = 0; i < c; i++) {
    const a = unit[i];
    sum += Math.abs(dot(a, a) - 1);
    for (let j = i + 1; j < c; j++) sum += 2 * Math.abs(dot(a, unit[j]));
  }
  return 1 - sum / (c * (c - 1));
}

/** The row divided by its length, zeros for a zero row, null for one that is not finite. */
function normalised(values: ArrayLike<number>, from: number, length: number): Float64Array | null {
  const row = new Float64Array(length);
  let largest = 0;
  for (let k = 0; k < length; k++) {
    row[k] = values[from + k];
    const magnitude = Math.abs(row[k]);
    if (!(magnitude <= Number.MAX_VALUE)) return null;
    if (magnitude > largest) largest = magnitude;
  }
  if (largest === 0) return row;
  // Squares of the raw entries could leave the range of float64.
  for (let k = 0; k < length; k++) row[k] /= largest;
  const norm = Math.sqrt(dot(row, row));
  for (let k = 0; k < length; k++) row[k] /= norm;
  return row;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k] * b[k];
  return sum;
}
