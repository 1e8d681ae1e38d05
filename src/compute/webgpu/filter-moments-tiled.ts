import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu/dist/backend_webgpu';
import { momentsWidth } from '../kernels';
import { thresholdUniform, type MomentsInputs } from './filter-moments';
import { filterNorms } from './filter-norms';
import { gridOf, runProgram } from './program';
import { IS_ORDINARY, MAGNITUDE, tileProducts, unitTapCode, UPPER_TILE } from './wgsl';

/** Side of a tile of the moment matrix; 8 x 8 invocations hold 4 x 4 of its entries each. */
const TILE = 32;
/** Filters in workgroup memory at a time (two tiles of 2 KiB). */
const BATCH = 16;
/** Filters a partial row sums up, so that partial rows stay smaller than the bank itself. */
const MAX_BLOCK = 1024;
const MAX_BLOCK_WIDE = 4096;
const WIDE_TAPS = 256;

/**
 * FilterMoments for many taps. With a constant 1 put before its taps, a set's count, sums and upper triangle are the upper
 * triangle of one (d+1) x (d+1) matrix of products, in the very order of a partial row. A workgroup makes one
 * tile of it for one set and one run of filters: products of a batch first, then the sum of batches, so that
 * float32 sees short sums only.
 */
export function filterMomentsTiled(
  backend: WebGPUBackend,
  { x, peaks, shifts }: MomentsInputs,
  threshold: number,
): TensorInfo {
  const [count, taps] = x.shape as [number, number];
  const limit = taps > WIDE_TAPS ? MAX_BLOCK_WIDE : MAX_BLOCK;
  const batches = Math.ceil(Math.min(count, limit) / BATCH);
  const block = batches * BATCH;
  const runs = gridOf(Math.ceil(count / block));
  const side = Math.ceil((taps + 1) / TILE);
  const width = momentsWidth(taps);
  const partials = runProgram(
    backend,
    {
      key: 'FilterMomentsTiled',
      inputs: ['x', 'peaks', 'shifts'],
      outputShape: [runs.count, width],
      runs,
      layers: 3 * ((side * (side + 1)) / 2),
      workgroupSize: 64,
      uniforms: [
        { name: 'batches', type: 'uint32', value: batches },
        { name: 'side', type: 'uint32', value: side },
        { name: 'width', type: 'uint32', value: width },
        thresholdUniform(threshold),
      ],
      code: CODE,
    },
    [x, peaks, shifts],
    'float32',
  );
  return filterNorms(backend, { x, peaks }, { block, runs, partials });
}

const CODE = `
${MAGNITUDE}
${IS_ORDINARY}
${unitTapCode(1)}
${UPPER_TILE}
const SPARSE = 1u;
const SCALED = 2u;
var<workgroup> member : array<u32, ${BATCH}>;
var<workgroup> left : array<f32, ${BATCH * TILE}>;
var<workgroup> right : array<f32, ${BATCH * TILE}>;

fn belongs(index : u32, kind : u32) -> bool {
  if (index >= u32(uniforms.xShape.x)) { return false; }
  let peak = bitcast<u32>(peaks[index]);
  if (peak >= INFINITE) { return false; }
  return kind == SCALED || (kind == SPARSE) == (peak < uniforms.threshold);
}

// Entry of the filter with a 1 before its taps; 0 beyond its end.
fn entry(index : u32, position : u32, kind : u32) -> f32 {
  let taps = u32(uniforms.xShape.y);
  if (position == 0u) { return 1.0; }
  if (position > taps) { return 0.0; }
  let v = x[index * taps + position - 1u];
  if (kind != SCALED) { return v - shifts[position - 1u]; }
  let peak = bitcast<u32>(peaks[index]);
  let shift = shifts[taps + position - 1u];
  if (isOrdinary(peak)) { return v / peaks[index] - shift; }
  return unit1(v, divisorOf1(peak)) - shift;
}

fn main() {
  let tiles = uniforms.side * (uniforms.side + 1u) / 2u;
  let kind = workgroupId.z / tiles;
  let tile = upperTile(workgroupId.z % tiles, uniforms.side);
  let lane = localIndex;
  let row = (lane / 8u) * 4u;
  let column = (lane % 8u) * 4u;
  var total = array<vec4<f32>, 4>();
  for (var batch = 0u; batch < uniforms.batches; batch++) {
    let first = (runIndex() * uniforms.batches + batch) * ${BATCH}u;
    if (lane < ${BATCH}u) { member[lane] = select(0u, 1u, belongs(first + lane, kind)); }
    workgroupBarrier();
    var members = 0u;
    for (var f = 0u; f < ${BATCH}u; f++) { members += member[f]; }
    if (members > 0u) {
      for (var at = lane; at < ${BATCH * TILE}u; at += 64u) {
        let f = at / ${TILE}u;
        let position = at % ${TILE}u;
        var a = 0.0;
        var b = 0.0;
        if (member[f] == 1u) {
          a = entry(first + f, tile.x * ${TILE}u + position, kind);
          b = entry(first + f, tile.y * ${TILE}u + position, kind);
        }
        left[at] = a;
        right[at] = b;
      }
    }
    workgroupBarrier();
    if (members > 0u) {
      ${tileProducts(TILE, BATCH)}
    }
    workgroupBarrier();
  }
  let order = u32(uniforms.xShape.y) + 1u;
  let base = runIndex() * uniforms.width + kind * (order * (order + 1u) / 2u);
  for (var r = 0u; r < 4u; r++) {
    for (var c = 0u; c < 4u; c++) {
      let i = tile.x * ${TILE}u + row + r;
      let j = tile.y * ${TILE}u + column + c;
      // Row i of the triangle starts after i rows of falling length.
      if (i <= j && j < order) { result[base + i * order - i * (i + 1u) / 2u + j] = total[r][c]; }
    }
  }
}`;
