import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu/dist/backend_webgpu';
import { gridOf, runProgram } from './program';
import { tileProducts, UPPER_TILE } from './wgsl';

/** Side of a tile of the Gram matrix; 16 x 16 invocations hold 4 x 4 of its entries each. */
const TILE = 64;
/** Columns in workgroup memory at a time (two tiles of 2 KiB). */
const DEPTH = 8;
const LANES = 256;

/**
 * RowGram: one workgroup a tile of the Gram matrix; only its sum of magnitudes leaves. Entries are sums over batches
 * of columns. With a split, tiles of the panel i < split <= j; else of the upper triangle.
 */
export function rowGram(
  backend: WebGPUBackend,
  rows: TensorInfo,
  scales: TensorInfo,
  split: number,
): TensorInfo {
  const count = rows.shape[0];
  const across = Math.ceil((count - split) / TILE);
  const tiles = split === 0 ? (across * (across + 1)) / 2 : across * Math.ceil(split / TILE);
  const runs = gridOf(tiles);
  return runProgram(
    backend,
    {
      key: 'RowGram',
      inputs: ['rows', 'scales'],
      outputShape: [runs.count],
      runs,
      workgroupSize: LANES,
      uniforms: [
        { name: 'split', type: 'uint32', value: split },
        { name: 'across', type: 'uint32', value: across },
        { name: 'tiles', type: 'uint32', value: tiles },
      ],
      code: CODE,
    },
    [rows, scales],
    'float32',
  );
}

const CODE = `
${UPPER_TILE}
var<workgroup> left : array<f32, ${TILE * DEPTH}>;
var<workgroup> right : array<f32, ${TILE * DEPTH}>;

fn weight(row : u32, column : u32) -> f32 {
  if (row >= u32(uniforms.rowsShape.x) || column >= u32(uniforms.rowsShape.y)) { return 0.0; }
  return rows[row * u32(uniforms.rowsShape.y) + column] * scales[row];
}

fn main() {
  let wanted = min(runIndex(), uniforms.tiles - 1u);
  var tile = vec2<u32>(wanted / uniforms.across, wanted % uniforms.across);
  if (uniforms.split == 0u) { tile = upperTile(wanted, uniforms.across); }
  let top = tile.x * ${TILE}u;
  let start = uniforms.split + tile.y * ${TILE}u;
  let lane = localIndex;
  let row = (lane / 16u) * 4u;
  let column = (lane % 16u) * 4u;
  var total = array<vec4<f32>, 4>();
  for (var first = 0u; first < u32(uniforms.rowsShape.y); first += ${DEPTH}u) {
    for (var at = lane; at < ${TILE * DEPTH}u; at += ${LANES}u) {
      // Neighbouring lanes read neighbouring columns of a row.
      let r = at / ${DEPTH}u;
      let c = at % ${DEPTH}u;
      left[c * ${TILE}u + r] = weight(top + r, first + c);
      right[c * ${TILE}u + r] = weight(start + r, first + c);
    }
    workgroupBarrier();
    ${tileProducts(TILE, DEPTH)}
    workgroupBarrier();
  }
  let count = u32(uniforms.rowsShape.x);
  var sum = 0.0;
  for (var r = 0u; r < 4u; r++) {
    for (var c = 0u; c < 4u; c++) {
      let i = top + row + r;
      let j = start + column + c;
      let inside = i < j && j < count && (uniforms.split == 0u || i < uniforms.split);
      if (inside && runIndex() < uniforms.tiles) { sum += abs(total[r][c]); }
    }
  }
  left[lane] = sum;
  for (var reach = ${LANES / 2}u; reach > 0u; reach >>= 1u) {
    workgroupBarrier();
    if (lane < reach) { left[lane] += left[lane + reach]; }
  }
  if (lane == 0u) { result[runIndex()] = left[0]; }
}`;
