import type { Floats } from '../job';
import { momentsWidth } from '../kernels';
import type { CpuKernels, Projection } from './cpu-kernels';
import filtersModule from './filters.as.ts?wasm';
import { loops } from './loops';
import projectionModule from './projection.as.ts?wasm';
import { createRowGram, createRowSquares } from './row-gram';
import rowGramModule from './row-gram.as.ts?wasm';
import { layOut, loadWasm, type WasmModule } from './wasm-module';

/** Elements of a bank copied into WebAssembly memory at once: they stay in the second-level cache. */
const STAGE = 2 ** 15;

/** The kernels in WebAssembly SIMD; sizes beyond its memory, and what is asked for rarely, run in `loops`. */
export async function createSimdKernels(): Promise<CpuKernels> {
  const [filters, projection, rowGram] = await Promise.all([
    loadWasm(filtersModule),
    loadWasm(projectionModule),
    loadWasm(rowGramModule),
  ]);
  return {
    ...loops,
    peaks: (x, taps) => peaks(filters, x, taps) ?? loops.peaks(x, taps),
    moments: (...args) => moments(filters, ...args) ?? loops.moments(...args),
    range: (p) => range(projection, p) ?? loops.range(p),
    histogram: (p, ...args) => histogram(projection, p, ...args) ?? loops.histogram(p, ...args),
    rowSquares: createRowSquares(rowGram),
    rowGram: createRowGram(rowGram),
  };
}

/** Copies `x` (and `peaks`) stage by stage to the given addresses and calls `visit` with the filters in each. */
function eachStage(
  { memory }: WasmModule,
  x: Floats,
  taps: number,
  at: number,
  visit: (start: number, count: number) => void,
  peaks?: { values: Floats; at: number },
): void {
  const View = x instanceof Float64Array ? Float64Array : Float32Array;
  const view = new View(memory.buffer);
  const size = stageFilters(taps);
  for (let start = 0, total = x.length / taps; start < total; start += size) {
    const end = Math.min(start + size, total);
    view.set(x.subarray(start * taps, end * taps), at / View.BYTES_PER_ELEMENT);
    if (peaks) view.set(peaks.values.subarray(start, end), peaks.at / View.BYTES_PER_ELEMENT);
    visit(start, end - start);
  }
}

function stageFilters(taps: number): number {
  return Math.max(1, Math.floor(STAGE / taps));
}

function suffix(x: Floats) {
  return x instanceof Float64Array ? 'F64' : 'F32';
}

function peaks(wasm: WasmModule, x: Floats, taps: number): Floats | null {
  const size = stageFilters(taps);
  const layout = layOut(wasm, [size * taps * x.BYTES_PER_ELEMENT, size * x.BYTES_PER_ELEMENT]);
  if (!layout) return null;
  const [stage, out] = layout as [number, number];
  const View = x instanceof Float64Array ? Float64Array : Float32Array;
  const result = new View(x.length / taps);
  const run = wasm.call[`peaks${suffix(x)}`];
  eachStage(wasm, x, taps, stage, (start, count) => {
    run(stage, count, taps, out);
    result.set(new View(wasm.memory.buffer, out, count), start);
  });
  return result;
}

function moments(
  wasm: WasmModule,
  x: Floats,
  filterPeaks: Floats,
  shifts: Floats,
  threshold: number,
): Float64Array | null {
  const taps = shifts.length / 2;
  const size = stageFilters(taps);
  const bytes = x.BYTES_PER_ELEMENT;
  const setBytes = wasm.call.setBytes(taps);
  const width = momentsWidth(taps);
  const layout = layOut(wasm, [
    (size + 1) * taps * bytes,
    (size + 1) * bytes,
    16 * taps,
    3 * setBytes,
    16,
    width * 8,
    wasm.call.scratchBytes(size, taps),
  ]);
  if (!layout) return null;
  const [stage, peaksAt, shiftsAt, sets, norms, out, scratch] = layout as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const { buffer } = wasm.memory;
  new Float64Array(buffer, shiftsAt, 2 * taps).set(shifts);
  new Uint8Array(buffer, sets, 3 * setBytes).fill(0);
  new Float64Array(buffer, norms, 2).fill(0);
  const append = wasm.call[`append${suffix(x)}`];
  eachStage(
    wasm,
    x,
    taps,
    stage,
    (_, count) => append(stage, peaksAt, count, taps, shiftsAt, threshold, sets, norms, scratch),
    { values: filterPeaks, at: peaksAt },
  );
  const setWidth = (width - 2) / 3;
  for (let set = 0; set < 3; set++)
    wasm.call.finishSet(sets + set * setBytes, taps, out + set * setWidth * 8);
  const result = new Float64Array(width);
  result.set(new Float64Array(buffer, out, 3 * setWidth));
  result.set(new Float64Array(buffer, norms, 2), 3 * setWidth);
  return result;
}

/** Lays out a projection and runs `visit` on each stage; null where it does not fit. `extra` bytes are zeroed. */
function project(
  wasm: WasmModule,
  { x, peaks: filterPeaks, components, offsets }: Projection,
  extra: number,
  prepare: (at: number) => void,
  visit: (args: number[], extraAt: number) => void,
): number | null {
  const taps = offsets.length;
  const padded = Math.ceil(taps / 3) * 3;
  const size = stageFilters(taps);
  const bytes = x.BYTES_PER_ELEMENT;
  const sizes = [
    size * taps * bytes,
    size * bytes,
    padded * taps * 8,
    padded * 8,
    wasm.call.batchBytes(taps),
    extra,
  ];
  const layout = layOut(wasm, sizes);
  if (!layout) return null;
  const [stage, peaksAt, componentsAt, offsetsAt, batch, extraAt] = layout as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const { buffer } = wasm.memory;
  const packed = new Float64Array(buffer, componentsAt, padded * taps).fill(0);
  for (let i = 0; i < taps; i++) {
    for (let j = 0; j < taps; j++)
      packed[Math.floor(i / 3) * 3 * taps + 3 * j + (i % 3)] = components[i * taps + j]!;
  }
  new Float64Array(buffer, offsetsAt, padded).fill(0).set(offsets);
  prepare(extraAt);
  eachStage(
    wasm,
    x,
    taps,
    stage,
    (_, count) => visit([stage, peaksAt, count, taps, componentsAt, offsetsAt, batch], extraAt),
    { values: filterPeaks, at: peaksAt },
  );
  return extraAt;
}

function range(wasm: WasmModule, projection: Projection): [number, number] | null {
  const run = wasm.call[`range${suffix(projection.x)}`];
  const at = project(
    wasm,
    projection,
    16,
    (out) => new Float64Array(wasm.memory.buffer, out, 2).set([Infinity, -Infinity]),
    (args, out) => run(...args, out),
  );
  if (at === null) return null;
  const [low, high] = new Float64Array(wasm.memory.buffer, at, 2);
  return [low, high];
}

function histogram(
  wasm: WasmModule,
  projection: Projection,
  low: number,
  high: number,
  bins: number,
): Int32Array | null {
  const taps = projection.offsets.length;
  const run = wasm.call[`histogram${suffix(projection.x)}`];
  const cells = taps * (bins + 1);
  const at = project(
    wasm,
    projection,
    4 * cells,
    (counts) => new Int32Array(wasm.memory.buffer, counts, cells).fill(0),
    (args, counts) => run(...args, low, high, bins, counts),
  );
  if (at === null) return null;
  const counted = new Int32Array(wasm.memory.buffer, at, cells);
  const result = new Int32Array(taps * bins);
  for (let i = 0; i < taps; i++)
    result.set(counted.subarray(i * (bins + 1), (i + 1) * (bins + 1) - 1), i * bins);
  return result;
}
