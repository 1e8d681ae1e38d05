import { filterPeaks } from '../../analysis/filters';
import { binOf, histogramEdges } from '../../analysis/histogram';
import type { Floats } from '../job';
import { momentsWidth } from '../kernels';
import { plainRowSquares } from '../row-gram-plan';
import { scaleFilter } from '../scale-filter';
import type { CpuKernels, Projection } from './cpu-kernels';

/** Generic loops for every size and type; what WebAssembly does not take runs here. */
export const loops: CpuKernels = {
  peaks: (x, taps) => filterPeaks({ values: x, count: x.length / taps, taps }),
  moments,
  rowSquares: plainRowSquares,
  rowGram,

  range(projection) {
    let low = Infinity;
    let high = -Infinity;
    project(projection, (c) => {
      for (let i = 0; i < c.length; i++) {
        if (c[i] < low) low = c[i]!;
        if (c[i] > high) high = c[i]!;
      }
    });
    return [low, high];
  },

  histogram(projection, low, high, bins) {
    const edges = histogramEdges([low, high], bins);
    const counts = new Int32Array(projection.offsets.length * bins);
    project(projection, (c) => {
      for (let i = 0; i < c.length; i++) {
        const bin = binOf(c[i], edges);
        if (bin >= 0) counts[i * bins + bin]++;
      }
    });
    return counts;
  },

  density({ x, peaks, components, offsets }, first, second, size, extent) {
    const d = offsets.length;
    const edges = histogramEdges([-extent, extent], size);
    const counts = new Int32Array(size * size);
    const scaled = new Float64Array(d);
    for (let filter = 0; filter < peaks.length; filter++) {
      const peak = peaks[filter];
      if (Number.isNaN(peak)) continue;
      scaleFilter(x, filter * d, peak, scaled);
      let a = 0;
      let b = 0;
      for (let j = 0; j < d; j++) {
        a += scaled[j] * components[first * d + j];
        b += scaled[j] * components[second * d + j];
      }
      const column = binOf(a - offsets[first], edges);
      const row = binOf(b - offsets[second], edges);
      if (column >= 0 && row >= 0) counts[row * size + column]++;
    }
    return counts;
  },

  coefficients(projection) {
    const d = projection.offsets.length;
    const result = new Float32Array(projection.x.length).fill(NaN);
    project(projection, (c, filter) => result.set(c, filter * d));
    return result;
  },
};

/** Calls `visit` with the coefficients (one array, used again) of each finite filter. */
function project(
  { x, peaks, components, offsets }: Projection,
  visit: (c: Float64Array, filter: number) => void,
): void {
  const d = offsets.length;
  const c = new Float64Array(d);
  const scaled = new Float64Array(d);
  for (let filter = 0; filter < peaks.length; filter++) {
    const peak = peaks[filter];
    if (Number.isNaN(peak)) continue;
    const at = filter * d;
    scaleFilter(x, at, peak, scaled);
    for (let i = 0; i < d; i++) {
      let sum = 0;
      for (let j = 0; j < d; j++) sum += scaled[j] * components[i * d + j];
      c[i] = sum - offsets[i];
    }
    visit(c, filter);
  }
}

function moments(x: Floats, peaks: Floats, shifts: Floats, threshold: number): Float64Array {
  const d = shifts.length / 2;
  const total = new Float64Array(momentsWidth(d));
  const setWidth = (total.length - 2) / 3;
  const v = new Float64Array(d);
  const accumulate = (at: number) => {
    total[at] += 1;
    let pair = at + 1 + d;
    for (let i = 0; i < d; i++) {
      const value = v[i];
      total[at + 1 + i] += value;
      for (let j = i; j < d; j++) total[pair++] += value * v[j];
    }
  };
  let sumAbsolute = 0;
  let sumSquares = 0;
  for (let filter = 0; filter < peaks.length; filter++) {
    const peak = peaks[filter];
    if (Number.isNaN(peak)) continue;
    const at = filter * d;
    for (let j = 0; j < d; j++) {
      const value = x[at + j];
      sumAbsolute += Math.abs(value);
      sumSquares += value * value;
      v[j] = value - shifts[j];
    }
    accumulate(peak < threshold ? setWidth : 0);
    scaleFilter(x, at, peak, v);
    for (let j = 0; j < d; j++) v[j] -= shifts[d + j];
    accumulate(2 * setWidth);
  }
  total[total.length - 2] = sumAbsolute;
  total[total.length - 1] = sumSquares;
  return total;
}

/** Columns taken at once, so that four rows stay in the first-level cache. */
const COLUMNS = 1024;

function rowGram(rows: Floats, scales: Floats, split: number): number {
  const width = rows.length / scales.length;
  let total = 0;
  const dots = new Float64Array(scales.length);
  for (let i = 0; i < (split || scales.length); i++) {
    const from = split || i + 1;
    dots.fill(0);
    for (let start = 0; start < width; start += COLUMNS) {
      const end = Math.min(start + COLUMNS, width);
      for (let j = from; j < scales.length; j++) {
        let sum = 0;
        for (let k = start, a = i * width + start, b = j * width + start; k < end; k++, a++, b++) {
          sum += rows[a] * rows[b];
        }
        dots[j] += sum;
      }
    }
    for (let j = from; j < scales.length; j++) total += Math.abs(dots[j] * scales[i] * scales[j]);
  }
  return total;
}
