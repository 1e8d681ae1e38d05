import type { Floats } from '../job';
import type { CpuKernels } from './cpu-kernels';
import { loops } from './loops';
import { layOut, type WasmModule } from './wasm-module';

/** Rows packed together. */
const GROUP = 4;

/** RowGram in WebAssembly: rows packed in groups of four doubles, the Gram matrix taken strip by strip, never held whole. */
export function createRowGram(wasm: WasmModule): CpuKernels['rowGram'] {
  const { call, memory } = wasm;
  const stripGroups = call.stripGroups!();
  return (rows, scales, split) => {
    const width = rows.length / scales.length;
    const groups = Math.ceil(scales.length / GROUP);
    const layout = layOut(wasm, [
      GROUP * width * rows.BYTES_PER_ELEMENT,
      groups * GROUP * width * 8,
      groups * GROUP * 8,
      call.stripBytes!(groups),
    ]);
    if (!layout) return loops.rowGram(rows, scales, split);
    const [stage, packed, scalesAt, sums] = layout as [number, number, number, number];
    packRows(wasm, rows, width, stage, packed);
    new Float64Array(memory.buffer, scalesAt, groups * GROUP).fill(0).set(scales);
    let total = 0;
    const firstColumn = Math.floor(split / GROUP / stripGroups) * stripGroups;
    for (let first = firstColumn; first < groups; first += stripGroups) {
      total += call.strip!(packed, groups, width, scalesAt, sums, first, split);
    }
    return total;
  };
}

function packRows(
  { call, memory }: WasmModule,
  rows: Floats,
  width: number,
  stage: number,
  packed: number,
): void {
  const isDouble = rows instanceof Float64Array;
  const view = isDouble ? new Float64Array(memory.buffer) : new Float32Array(memory.buffer);
  const pack = isDouble ? call.packF64! : call.packF32!;
  const count = rows.length / width;
  for (let row = 0; row < count; row += GROUP) {
    const taken = Math.min(GROUP, count - row);
    view.set(rows.subarray(row * width, (row + taken) * width), stage / view.BYTES_PER_ELEMENT);
    pack(stage, width, taken, packed, row / GROUP, Math.ceil(count / GROUP));
  }
}
