import type { Floats } from '../job';
import { plainRowSquares, type RowSquares } from '../row-gram-plan';
import type { CpuKernels } from './cpu-kernels';
import { loops } from './loops';
import { layOut, type WasmModule } from './wasm-module';

/** Rows packed together. */
const GROUP = 4;
/** Room for packed columns, and for the tiles of the strips that are summed at once. */
const PACKED_BYTES = 4 * 2 ** 20;
const SUMS_BYTES = 8 * 2 ** 20;

/**
 * RowGram in WebAssembly: rows packed as floats, some columns at a time; the Gram matrix is taken in strips of columns, as many
 * at once as have room, so that memory is bounded whatever the number and width of rows.
 */
export function createRowGram(wasm: WasmModule): CpuKernels['rowGram'] {
  const { call, memory } = wasm;
  const stripGroups = call.stripGroups();
  const block = call.blockColumns();
  return (rows, scales, split) => {
    const width = rows.length / scales.length;
    const groups = Math.ceil(scales.length / GROUP);
    const packedRows = call.packedGroups(groups) * GROUP;
    const stripBytes = call.stripBytes(groups);
    const strips = Math.max(1, Math.floor(SUMS_BYTES / stripBytes)) * stripGroups;
    const columns = Math.min(width, Math.max(1, Math.floor(PACKED_BYTES / (packedRows * 4) / block)) * block);
    const layout = layOut(wasm, [
      GROUP * columns * rows.BYTES_PER_ELEMENT,
      packedRows * Math.ceil(columns / block) * block * 4,
      packedRows * 8,
      Math.min(strips / stripGroups, Math.ceil(groups / stripGroups)) * stripBytes,
    ]);
    if (!layout) return loops.rowGram(rows, scales, split);
    const [stage, packed, scalesAt, sums] = layout;
    new Float64Array(memory.buffer, scalesAt, packedRows).fill(0).set(scales);

    let total = 0;
    let packedFrom = -1;
    const firstGroup = Math.floor(split / GROUP / stripGroups) * stripGroups;
    for (let top = firstGroup; top < groups; top += strips) {
      const end = Math.min(top + strips, groups);
      const sumsOf = (first: number) => sums + ((first - top) / stripGroups) * stripBytes;
      new Uint8Array(memory.buffer, sums, Math.ceil((end - top) / stripGroups) * stripBytes).fill(0);
      for (let from = 0; from < width; from += columns) {
        const to = Math.min(from + columns, width);
        if (packedFrom !== from) packColumns(wasm, { rows, width, from, to, stage, scalesAt, packed });
        packedFrom = from;
        for (let first = top; first < end; first += stripGroups) {
          call.accumulate(packed, groups, to - from, sumsOf(first), first, split);
        }
      }
      for (let first = top; first < end; first += stripGroups) {
        total += call.reduce(groups, sumsOf(first), first, split);
      }
    }
    return total;
  };
}

/** Rows go through the stage one by one. */
export function createRowSquares(wasm: WasmModule): RowSquares {
  return (values, rows) => {
    const width = values.length / rows;
    const layout = layOut(wasm, [width * values.BYTES_PER_ELEMENT]);
    if (!layout) return plainRowSquares(values, rows);
    const [stage] = layout as [number];
    const { call, memory } = wasm;
    const isDouble = values instanceof Float64Array;
    const view = isDouble ? new Float64Array(memory.buffer) : new Float32Array(memory.buffer);
    const squares = isDouble ? call.squaresF64 : call.squaresF32;
    return Float64Array.from({ length: rows }, (_, row) => {
      view.set(values.subarray(row * width, (row + 1) * width), stage / view.BYTES_PER_ELEMENT);
      return squares(stage, width);
    });
  };
}

interface Columns {
  rows: Floats;
  width: number;
  from: number;
  to: number;
  stage: number;
  scalesAt: number;
  packed: number;
}

/** Packs the columns from ... to of all rows, each row times its scale. */
function packColumns({ call, memory }: WasmModule, { rows, width, from, to, ...at }: Columns): void {
  const isDouble = rows instanceof Float64Array;
  const view = isDouble ? new Float64Array(memory.buffer) : new Float32Array(memory.buffer);
  const pack = isDouble ? call.packF64 : call.packF32;
  const stageAt = at.stage / view.BYTES_PER_ELEMENT;
  const columns = to - from;
  const count = rows.length / width;
  const groups = call.packedGroups(Math.ceil(count / GROUP));
  for (let group = 0; group < groups; group++) {
    const taken = Math.min(GROUP, count - group * GROUP);
    if (taken <= 0) {
      call.packNothing(columns, at.packed, group, groups);
      continue;
    }
    for (let k = 0; k < taken; k++) {
      const row = (group * GROUP + k) * width;
      view.set(rows.subarray(row + from, row + to), stageAt + k * columns);
    }
    pack(at.stage, columns, taken, at.scalesAt + group * GROUP * 8, at.packed, group, groups);
  }
}
