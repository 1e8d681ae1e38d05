import { binOf, histogramEdges } from './histogram';

/**
 * 2-D counts of two components of coefficients (n x d row-major): size x size cells over [-extent, extent]^2, row-major,
 * the second component rising by row; cells as in `binOf`, values outside and NaN not counted.
 */
export function densityReference(
  coefficients: ArrayLike<number>,
  d: number,
  [first, second]: readonly [number, number],
  size: number,
  extent: number,
): Uint32Array {
  const edges = histogramEdges([-extent, extent], size);
  const counts = new Uint32Array(size * size);
  for (let row = 0; row < coefficients.length; row += d) {
    const x = binOf(coefficients[row + first], edges);
    const y = binOf(coefficients[row + second], edges);
    if (x >= 0 && y >= 0) counts[y * size + x]++;
  }
  return counts;
}
