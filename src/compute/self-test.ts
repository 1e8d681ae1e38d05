import { symmetricEigen } from '../analysis/eigen';
import { layerMomentsReference } from '../analysis/filters';
import { binOf, histogramEdges } from '../analysis/histogram';
import { covariance } from '../analysis/moments';
import { orthogonalityReference } from '../analysis/orthogonality';
import { basisFromMoments, coefficientsReference, rangeReference } from '../analysis/pca';
import { createRandom } from '../analysis/random';
import type { FilterBank } from '../domain/filters';
import { BINS, type Basis, type LayerMoments, type Moments } from '../domain/results';
import type { ComputeBackend } from './backend';

const COUNT = 640;
const ROWS = 32;
const SPARSITY_EPSILON = 0.01;
/** Of sums against the product of their standard deviations; of eigenvalues against the largest; of coefficients. */
const TOLERANCE = {
  moments: 1e-6,
  norms: 1e-6,
  eigenvalues: 1e-5,
  coefficients: 2e-6,
  orthogonality: 1e-5,
} as const;

/**
 * Runs every verb on two small fixed banks (3x3 and 5x5, with zero, denormal, tiny, NaN and infinite filters among them) and holds
 * the results to the float64 reference. null where all is right, else what was wrong, as the end of a sentence. Errors
 * of the backend are passed on.
 */
export async function selfTest(backend: ComputeBackend): Promise<string | null> {
  for (const taps of [9, 25]) {
    const fault = await testBank(backend, hardBank(taps));
    if (fault !== null) return `${fault} of filters with ${taps} taps`;
  }
  return null;
}

async function testBank(backend: ComputeBackend, bank: FilterBank): Promise<string | null> {
  const options = { sparsityEpsilon: SPARSITY_EPSILON };
  const expected = layerMomentsReference(bank, options);
  const actual = await backend.layerMoments(bank, options);
  const fault = faultInMoments(actual, expected);
  if (fault !== null) return fault;

  const basis = basisFromMoments(expected.scaled);
  if (!basis) return 'the basis';
  const scatter = covariance(expected.scaled);
  const [eigen] = await backend.eigen([scatter], bank.taps);
  const { values } = symmetricEigen(scatter, bank.taps);
  if (!eigen || !areNear(eigen.values, values, TOLERANCE.eigenvalues * values[0])) return 'the eigenvalues';

  const orthogonality = await backend.orthogonality(bank, ROWS);
  const expectedOrthogonality = orthogonalityReference(bank.values, ROWS, bank.values.length / ROWS);
  if (!areNear([orthogonality ?? NaN], [expectedOrthogonality ?? NaN], TOLERANCE.orthogonality)) {
    return 'the orthogonality';
  }
  return faultInProjection(backend, bank, basis);
}

function faultInMoments(actual: LayerMoments, expected: LayerMoments): string | null {
  const exact = ['filterCount', 'nonFiniteCount', 'sparseCount', 'peak'] as const;
  for (const key of exact) if (actual[key] !== expected[key]) return `the ${COUNT_NAMES[key]}`;
  for (const key of ['normL1', 'normL2'] as const) {
    if (!areNear([actual[key]], [expected[key]], TOLERANCE.norms * expected[key])) return 'the norms';
  }
  for (const set of ['raw', 'clean', 'scaled'] as const) {
    if (!areMomentsNear(actual[set], expected[set])) return `the moments (${set})`;
  }
  return null;
}

const COUNT_NAMES = {
  filterCount: 'count',
  nonFiniteCount: 'count of non-finite filters',
  sparseCount: 'count of sparse filters',
  peak: 'largest weight',
} as const;

function areMomentsNear(actual: Moments, expected: Moments): boolean {
  if (actual.count !== expected.count) return false;
  const taps = expected.mean.length;
  const deviation = Array.from({ length: taps }, (_, t) => Math.sqrt(expected.scatter[t * (taps + 1)]));
  return expected.scatter.every((value, at) => {
    const scale = deviation[Math.floor(at / taps)] * deviation[at % taps];
    return Math.abs(actual.scatter[at] - value) <= TOLERANCE.moments * scale;
  });
}

async function faultInProjection(
  backend: ComputeBackend,
  bank: FilterBank,
  basis: Basis,
): Promise<string | null> {
  const { taps } = bank;
  const expected = coefficientsReference(bank, basis);
  const coefficients = await backend.coefficients(bank, basis);
  if (!areNear(coefficients, expected, TOLERANCE.coefficients)) return 'the coefficients';

  const expectedRange = rangeReference(expected);
  const range = await backend.coefficientRange(bank, basis);
  if (!expectedRange || !range || !areNear(range, expectedRange, TOLERANCE.coefficients)) {
    return 'the range of coefficients';
  }

  const { counts } = await backend.coefficientHistogram(bank, basis, expectedRange, BINS);
  const edges = histogramEdges(expectedRange, BINS);
  const bounds = countBounds(expected, taps, edges);
  if (counts.some((count, at) => count < bounds.least[at] || count > bounds.most[at])) return 'the histogram';

  const size = 16;
  const cells = await backend.coefficientDensity(bank, basis, [0, 1], size, 3.3);
  const total = cells.reduce((sum, count) => sum + count, 0);
  const grid = histogramEdges([-3.3, 3.3], size);
  let inside = 0;
  for (let at = 0; at < expected.length; at += taps) {
    if (binOf(expected[at], grid) >= 0 && binOf(expected[at + 1], grid) >= 0) inside++;
  }
  return total === inside ? null : 'the density';
}

/** Least and most counts each bin may have where coefficients are off by the tolerance. */
function countBounds(coefficients: Float64Array, taps: number, edges: Float64Array) {
  const bins = edges.length - 1;
  const least = new Uint32Array(taps * bins);
  const most = new Uint32Array(taps * bins);
  coefficients.forEach((value, at) => {
    if (Number.isNaN(value)) return;
    const base = (at % taps) * bins;
    const off = TOLERANCE.coefficients;
    const low = binOf(Math.max(value - off, edges[0]), edges);
    const high = binOf(Math.min(value + off, edges[bins]), edges);
    if (low === high) least[base + low]++;
    for (let bin = low; bin <= high; bin++) most[base + bin]++;
  });
  return { least, most };
}

/** Whether all differ by at most `tolerance`; NaN only equals NaN. */
function areNear(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): boolean {
  if (actual.length !== expected.length) return false;
  for (let i = 0; i < expected.length; i++) {
    if (
      Number.isNaN(expected[i]) ? !Number.isNaN(actual[i]) : !(Math.abs(actual[i] - expected[i]) <= tolerance)
    ) {
      return false;
    }
  }
  return true;
}

/** Seeded filters far from zero mean, with the hard ones among them: zero, denormal, tiny, NaN and infinite. */
function hardBank(taps: number): FilterBank {
  const random = createRandom(2203, 15331, taps);
  const values = Float32Array.from(
    { length: COUNT * taps },
    (_, at) => 0.05 * random.normal() + 0.02 * Math.sin(at % taps),
  );
  const fill = (filter: number, factor: number): void => {
    for (let at = filter * taps; at < (filter + 1) * taps; at++) values[at] *= factor;
  };
  fill(3, 0);
  fill(70, 1e-42);
  fill(130, 1e-30);
  for (let filter = 200; filter < 240; filter++) fill(filter, 1e-3);
  values[300 * taps + 2] = NaN;
  values[301 * taps + 1] = Infinity;
  values[302 * taps] = -Infinity;
  return { values, count: COUNT, taps };
}
