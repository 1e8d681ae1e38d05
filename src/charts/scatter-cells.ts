import { max, sum } from 'd3-array';
import { formatCount } from '../domain/format';
import { logIndex } from './colour';
import { formatValue } from './format-number';

/** The low end of the log colour scale at most, as a share of the densest cell. */
export const LOWEST_SHARE = 1e-5;

/** Up to so many filters are drawn as dots: a map of so few would be a handful of lit pixels. */
export const MOST_DOTS = 3_000;
/** Filters a filled cell that a map should have on average, so that it shows density and not single filters. */
export const FILTERS_A_CELL = 4;
const MOST_JOINED = 8;

/** What is drawn of the counts: the square about 0 that holds all filters, its cells joined by adding them up. */
export interface ScatterCells {
  counts: Uint32Array;
  /** Drawn cells a side. */
  blocks: number;
  /** The drawn square is [-extent, extent]^2. */
  extent: number;
  /** Cells of the histogram a side of a drawn one. */
  joined: number;
  densest: number;
  /** One dot a filled cell instead of a map. */
  dots: boolean;
}

/**
 * Half the side, in cells, of the smallest square about 0 that holds every filled cell, with a rim of a twentieth; whole
 * joined cells, so that joining adds up the same cells in every window. Without a filled cell the whole square.
 */
export function occupiedHalf(counts: Uint32Array, size: number): number {
  const middle = size / 2;
  let reach = 0;
  counts.forEach((count, cell) => {
    if (count === 0) return;
    const x = Math.abs((cell % size) + 0.5 - middle);
    const y = Math.abs(Math.floor(cell / size) + 0.5 - middle);
    reach = Math.max(reach, x + 0.5, y + 0.5);
  });
  if (reach === 0) return middle;
  return Math.min(middle, MOST_JOINED * Math.ceil((reach * 1.05) / MOST_JOINED));
}

function cropCounts(counts: Uint32Array, size: number, half: number): Uint32Array {
  const first = size / 2 - half;
  if (first === 0) return counts;
  const side = 2 * half;
  const cropped = new Uint32Array(side * side);
  for (let row = 0; row < side; row++) {
    const from = (first + row) * size + first;
    cropped.set(counts.subarray(from, from + side), row * side);
  }
  return cropped;
}

function joinCounts(counts: Uint32Array, size: number, joined: number): Uint32Array {
  if (joined === 1) return counts;
  const blocks = Math.ceil(size / joined);
  const added = new Uint32Array(blocks * blocks);
  for (let cell = 0; cell < counts.length; cell++) {
    const count = counts[cell];
    if (count === 0) continue;
    added[Math.floor(Math.floor(cell / size) / joined) * blocks + Math.floor((cell % size) / joined)] +=
      count;
  }
  return added;
}

/**
 * The finest cells that hold enough filters to show a density; few filters stay dots on the cells of the histogram, which
 * are size x size over [-extent, extent]^2.
 */
export function scatterCells(counts: Uint32Array, size: number, extent: number): ScatterCells {
  const inside = sum(counts);
  const dots = inside <= MOST_DOTS;
  const half = occupiedHalf(counts, size);
  const side = 2 * half;
  const drawn = cropCounts(counts, size, half);
  let joined = 1;
  let shown = drawn;
  while (!dots && joined < MOST_JOINED) {
    const filled = shown.reduce((n, count) => n + Number(count > 0), 0);
    if (inside >= FILTERS_A_CELL * filled) break;
    joined *= 2;
    shown = joinCounts(drawn, side, joined);
  }
  return {
    counts: shown,
    blocks: Math.ceil(side / joined),
    extent: (extent * side) / size,
    joined,
    densest: max(shown) ?? 0,
    dots,
  };
}

/** Share of the densest cell that is drawn as black: a quarter of a filter, so that a single one can be told from none. */
export function lowestShare(densest: number): number {
  return Math.max(LOWEST_SHARE, 1 / (4 * Math.max(1, densest)));
}

/** The scale beside the map, on screen and in exports: from a single filter where the range allows it. */
export function scatterEnds(densest: number): { low: string; high: string; from: number } {
  const lowest = lowestShare(densest);
  const least = Math.max(1, Math.ceil(lowest * densest));
  return {
    low: `${least > 1 ? '≤ ' : ''}${formatCount(least)}`,
    high: formatCount(Math.max(1, densest)),
    from: logIndex(least / Math.max(1, densest), lowest),
  };
}

export function scatterNote({ dots, extent, blocks }: ScatterCells): string {
  if (dots) return 'a dot per cell, its area the number of filters';
  return `filters per cell of ${formatValue((2 * extent) / blocks, 2)}, log`;
}

export interface ScatterCell {
  ix: number;
  iy: number;
}

/** A cell as the square it covers. */
export interface CellRange {
  x: [number, number];
  y: [number, number];
  /** Filters in it. */
  count: number;
}

export function cellRange({ counts, blocks, extent }: ScatterCells, at: ScatterCell): CellRange {
  const side = (2 * extent) / blocks;
  const span = (i: number): [number, number] => [i * side - extent, (i + 1) * side - extent];
  return { x: span(at.ix), y: span(at.iy), count: counts[at.iy * blocks + at.ix] ?? 0 };
}

/**
 * The filters of a cell by their coefficients (n x taps) on two components: as many as it counts, those nearest its middle, since
 * rounding may put one at its edge just outside. Fewer where not all filters of the cell are among them.
 */
export function filtersInCell(
  { x, y, count }: CellRange,
  coefficients: ArrayLike<number>,
  taps: number,
  [first, second]: readonly [number, number],
): number[] {
  const half = (x[1] - x[0]) / 2;
  const near: { filter: number; distance: number }[] = [];
  for (let filter = 0; (filter + 1) * taps <= coefficients.length; filter++) {
    const dx = Math.abs(coefficients[filter * taps + first] - (x[0] + half));
    const dy = Math.abs(coefficients[filter * taps + second] - (y[0] + half));
    const distance = Math.max(dx, dy);
    if (distance <= half * 1.0001) near.push({ filter, distance });
  }
  return near
    .sort((a, b) => a.distance - b.distance)
    .slice(0, count)
    .map(({ filter }) => filter)
    .sort((a, b) => a - b);
}

/** The filled cell nearest to `from`, within `reach` cells; null where there is none. */
export function nearestFilled(
  { counts, blocks }: ScatterCells,
  from: ScatterCell,
  reach: number,
): ScatterCell | null {
  return bestFilled(
    counts,
    blocks,
    (dx, dy) => (Math.hypot(dx, dy) <= reach ? Math.hypot(dx, dy) : Infinity),
    from,
  );
}

/** The next filled cell in the direction (dx, dy): of those within 45° the nearest; `from` where there is none. */
export function nextFilled(
  { counts, blocks }: ScatterCells,
  from: ScatterCell,
  dx: number,
  dy: number,
): ScatterCell {
  const cost = (x: number, y: number) => {
    const along = x * dx + y * dy;
    const across = Math.abs(x * dy) + Math.abs(y * dx);
    return along > 0 && across <= along ? along + across : Infinity;
  };
  return bestFilled(counts, blocks, cost, from) ?? from;
}

function bestFilled(
  counts: Uint32Array,
  blocks: number,
  cost: (dx: number, dy: number) => number,
  from: ScatterCell,
): ScatterCell | null {
  let best: ScatterCell | null = null;
  let least = Infinity;
  counts.forEach((count, cell) => {
    if (count === 0) return;
    const at = { ix: cell % blocks, iy: Math.floor(cell / blocks) };
    const price = cost(at.ix - from.ix, at.iy - from.iy);
    if (price < least) [best, least] = [at, price];
  });
  return best;
}
