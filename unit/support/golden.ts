/** Compares an exported analysis with golden results, quantity by quantity; returns one line a difference. */

export interface Tolerances {
  /** Absolute, for entropies and what derives from them. */
  entropy: number;
  /** Absolute. */
  orthogonality: number;
  /** Relative to the value, for norms and peaks. */
  norm: number;
  /** Of scaled filters' means (absolute; they lie in [-1, 1]) and, relative to the largest, of variances. */
  moment: number;
  /** Absolute, of a coefficient: filters this near to a bin's edge may be counted beside it. */
  coefficient: number;
}

/** The CPU backend computes in float64, but for the products of rows: float32 over short runs, joined in float64. */
export const CPU: Tolerances = {
  entropy: 1e-9,
  orthogonality: 1e-6,
  norm: 1e-9,
  moment: 1e-10,
  coefficient: 1e-12,
};

/** WebGPU sums in float32 over short runs, joined in float64. */
export const WEBGPU: Tolerances = {
  entropy: 1e-4,
  orthogonality: 1e-5,
  norm: 1e-6,
  moment: 1e-6,
  coefficient: 1e-6,
};

type Json = Record<string, unknown>;

interface GoldenBasis {
  filterCount: number;
  mean: number[];
  components: number[][];
  explainedVariance: number[];
  explainedVarianceRatio: number[];
  coefficientRange: [number, number];
  histogram: number[][];
  deciles: number[];
  decileFilterCounts: number[];
  decileDrift: number[][];
}

export interface Golden {
  producer: string;
  irVersion: number;
  opsets: Record<string, number>;
  layers: (Json & { quality: Record<string, number | null> })[];
  bases: Record<string, GoldenBasis>;
}

export interface Exported extends Omit<Golden, 'producer' | 'irVersion' | 'opsets'> {
  model: Pick<Golden, 'producer' | 'irVersion' | 'opsets'>;
}

const EXACT = [
  'name',
  'operator',
  'kernel',
  'shape',
  'groups',
  'depth',
  'convDepth',
  'filterCount',
  'nonFiniteCount',
];
const ENTROPIES = [
  'varianceEntropy',
  'randomThreshold',
  'varianceEntropyRatio',
  'varianceEntropyClean',
  'varianceEntropyCleanRatio',
];

export function differences(actual: Exported, golden: Golden, tolerances: Tolerances): string[] {
  const found: string[] = [];
  const same = (where: string, a: unknown, b: unknown) => {
    if (JSON.stringify(a) !== JSON.stringify(b))
      found.push(`${where}: ${JSON.stringify(a)} is not ${JSON.stringify(b)}`);
  };
  const near = (where: string, a: number | null, b: number | null, tolerance: number) => {
    if (a === null || b === null) return same(where, a, b);
    if (!(Math.abs(a - b) <= tolerance)) found.push(`${where}: ${a} is not ${b} within ${tolerance}`);
  };

  same('producer', actual.model.producer, golden.producer);
  same('irVersion', actual.model.irVersion, golden.irVersion);
  same('opsets', sorted(actual.model.opsets), sorted(golden.opsets));
  same('layer count', actual.layers.length, golden.layers.length);
  golden.layers.forEach((layer, i) => {
    const mine = actual.layers[i];
    if (!mine) return;
    const where = `layer ${i}`;
    for (const field of EXACT) same(`${where} ${field}`, mine[field], layer[field]);
    near(`${where} depthFraction`, mine.depthFraction as number, layer.depthFraction as number, 1e-12);
    const { quality } = layer;
    same(`${where} quality fields`, Object.keys(mine.quality).sort(), Object.keys(quality).sort());
    near(`${where} sparsity`, mine.quality.sparsity, quality.sparsity, 1e-12);
    for (const field of ENTROPIES)
      near(`${where} ${field}`, mine.quality[field], quality[field], tolerances.entropy);
    near(
      `${where} orthogonality`,
      mine.quality.orthogonality,
      quality.orthogonality,
      tolerances.orthogonality,
    );
    for (const field of ['normL1', 'normL2', 'peak']) {
      near(
        `${where} ${field}`,
        mine.quality[field],
        quality[field],
        tolerances.norm * Math.abs(quality[field] ?? 0),
      );
    }
  });
  same('bases', Object.keys(actual.bases).sort(), Object.keys(golden.bases).sort());
  for (const [key, basis] of Object.entries(golden.bases)) {
    const mine = actual.bases[key];
    if (mine) compareBasis(key, mine, basis, tolerances, same, near);
  }
  return found;
}

function compareBasis(
  key: string,
  mine: GoldenBasis,
  golden: GoldenBasis,
  tolerances: Tolerances,
  same: (where: string, a: unknown, b: unknown) => void,
  near: (where: string, a: number | null, b: number | null, tolerance: number) => void,
): void {
  same(`${key} filterCount`, mine.filterCount, golden.filterCount);
  same(`${key} deciles`, mine.deciles, golden.deciles);
  // The oracle counts a decile by its histogram, from coefficients computed anew: the filters at the very ends of the range
  // may round out of it. Each then also moves the drift a little.
  const outside = golden.filterCount - sum(golden.decileFilterCounts);
  golden.decileFilterCounts.forEach((count, i) => {
    near(`${key} filters of decile ${i}`, mine.decileFilterCounts[i], count, Math.min(2, outside));
  });
  golden.mean.forEach((value, i) => near(`${key} mean ${i}`, mine.mean[i], value, tolerances.moment));
  const largest = golden.explainedVariance[0];
  golden.explainedVariance.forEach((value, i) => {
    near(`${key} explainedVariance ${i}`, mine.explainedVariance[i], value, tolerances.moment * largest);
    near(
      `${key} EVR ${i}`,
      mine.explainedVarianceRatio[i],
      golden.explainedVarianceRatio[i],
      tolerances.moment,
    );
  });

  const turns = rotationBounds(golden.explainedVariance, tolerances.moment);
  const [low, high] = golden.coefficientRange;
  const worstTurn = Math.max(...turns);
  near(`${key} range low`, mine.coefficientRange[0], low, tolerances.coefficient + worstTurn * Math.abs(low));
  near(
    `${key} range high`,
    mine.coefficientRange[1],
    high,
    tolerances.coefficient + worstTurn * Math.abs(high),
  );
  golden.components.forEach((component, i) => {
    if (turns[i] > 0.05) return;
    component.forEach((value, j) => {
      near(`${key} component ${i} tap ${j}`, mine.components[i][j], value, turns[i] + tolerances.moment);
    });
  });
  golden.histogram.forEach((counts, i) => {
    const shift = tolerances.coefficient + Math.min(1, worstTurn) * Math.max(-low, high);
    const moved = counts.reduce((all, count, bin) => all + Math.abs(count - mine.histogram[i][bin]), 0) / 2;
    same(`${key} histogram ${i} total`, sum(mine.histogram[i]), sum(counts));
    near(`${key} histogram ${i} filters in another bin`, moved, 0, movable(golden, counts, shift));
  });
  const drift = tolerances !== CPU ? 1e-2 : outside > 0 ? 1e-3 : 1e-9;
  golden.decileDrift.forEach((row, i) =>
    row.forEach((value, j) =>
      near(`${key} drift ${i},${j}`, mine.decileDrift[i][j], value, drift * (1 + value)),
    ),
  );
}

/**
 * How far component i may turn when the covariance moves by `moment` of its largest eigenvalue: the perturbation over the
 * gap to the nearest other eigenvalue (Davis-Kahan). Components of near-equal variance turn freely.
 */
function rotationBounds(variance: readonly number[], moment: number): number[] {
  return variance.map((value, i) => {
    const gap = Math.min(...variance.map((other, j) => (i === j ? Infinity : Math.abs(other - value))));
    return (2 * moment * variance[0]) / gap;
  });
}

/** Filters that may lie within `shift` of one of the bin edges: each edge's neighbourhood at its bins' density. */
function movable(golden: GoldenBasis, counts: readonly number[], shift: number): number {
  const width = (golden.coefficientRange[1] - golden.coefficientRange[0]) / counts.length;
  const near = counts.reduce((all, count) => all + (4 * count * shift) / width, 0);
  return shift < 1e-9 ? Math.ceil(near) : 2 + Math.ceil(near);
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

function sorted(record: Record<string, number>): [string, number][] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
}
