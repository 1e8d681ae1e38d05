import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu/dist/backend_webgpu';
import { symmetricEigen } from '../../analysis/eigen';
import { gridOf, runProgram } from './program';
import { MAGNITUDE } from './wgsl';

/** Largest matrix that fits the guaranteed 16 KiB of workgroup memory beside its rotations. */
const EIGEN_MAX_TAPS = 60;

const LANES = 64;
/** Float32 Jacobi settles within 6 to 8 sweeps at these sizes. */
const SWEEPS = 10;

/**
 * BatchedEigen: one workgroup a matrix, all matrices in one dispatch; Jacobi in the round-robin order, whose d / 2 rotations
 * of a round touch disjoint rows. Eigenvalues are the Rayleigh quotients of the vectors with the untouched matrix, which
 * squares the vectors' error. Matrices above EIGEN_MAX_TAPS do not fit workgroup memory and are decomposed in
 * float64 by the analysis code on the CPU, which is faster there than a single workgroup would be.
 */
export function batchedEigen(backend: WebGPUBackend, matrices: TensorInfo): TensorInfo[] {
  const [batch, taps] = matrices.shape as [number, number, number];
  if (taps > EIGEN_MAX_TAPS) return eigenOnCpu(backend, matrices);
  const vectors = runProgram(
    backend,
    {
      key: `BatchedEigen_${taps}`,
      inputs: ['matrices'],
      outputShape: [batch, taps, taps],
      runs: gridOf(batch),
      workgroupSize: LANES,
      code: vectorsCode(taps),
    },
    [matrices],
    'float32',
  );
  const values = runProgram(
    backend,
    {
      key: 'RayleighQuotients',
      inputs: ['matrices', 'vectors'],
      outputShape: [batch, taps],
      runs: gridOf(Math.ceil((batch * taps) / LANES)),
      workgroupSize: LANES,
      code: VALUES_CODE,
    },
    [matrices, vectors],
    'float32',
  );
  return [values, vectors];
}

function eigenOnCpu(backend: WebGPUBackend, matrices: TensorInfo): TensorInfo[] {
  const [batch, taps] = matrices.shape as [number, number, number];
  // Still on the CPU's side: tfjs uploads a tensor when a program first reads it.
  const elements = backend.readSync(matrices.dataId) as Float32Array;
  const values = new Float32Array(batch * taps);
  const vectors = new Float32Array(batch * taps * taps);
  for (let b = 0; b < batch; b++) {
    const pairs = symmetricEigen(elements.subarray(b * taps * taps, (b + 1) * taps * taps), taps);
    values.set(pairs.values, b * taps);
    vectors.set(pairs.vectors, b * taps * taps);
  }
  return [
    backend.makeTensorInfo([batch, taps], 'float32', values),
    backend.makeTensorInfo([batch, taps, taps], 'float32', vectors),
  ];
}

function vectorsCode(taps: number): string {
  const players = taps + (taps % 2);
  const pairs = players / 2;
  return `
${MAGNITUDE}
const TAPS = ${taps}u;
const NONE = 0xffffffffu;
var<workgroup> a : array<f32, ${taps * taps}>;
var<workgroup> pairs : array<vec2<u32>, ${pairs}>;
var<workgroup> turns : array<vec2<f32>, ${pairs}>;

// Pair k of a round of the circle method: every two of ${players} players meet once in ${players - 1} rounds.
fn pairOf(round : u32, k : u32) -> vec2<u32> {
  let others = ${players - 1}u;
  let p = select((round + k) % others, others, k == 0u);
  let q = (round + others - k) % others;
  if (max(p, q) >= TAPS) { return vec2<u32>(NONE); }
  return vec2<u32>(min(p, q), max(p, q));
}

// Cosine and sine of the rotation that makes a_pq zero.
fn turnOf(pair : vec2<u32>) -> vec2<f32> {
  let none = vec2<f32>(1.0, 0.0);
  if (pair.x == NONE) { return none; }
  let off = a[pair.x * TAPS + pair.y];
  if (abs(off) < 1e-18) { return none; }
  let theta = (a[pair.y * TAPS + pair.y] - a[pair.x * TAPS + pair.x]) / (2.0 * off);
  var t = 0.0;
  if (abs(theta) > 1e9) { t = 0.5 / theta; } else { t = select(-1.0, 1.0, theta >= 0.0) / (abs(theta) + sqrt(theta * theta + 1.0)); }
  var c = 1.0 / sqrt(t * t + 1.0);
  // One Newton step: c^2 (1 + t^2) = 1 to the last bit or two, whatever the device's square root.
  c *= 1.5 - 0.5 * (c * c * (1.0 + t * t));
  return vec2<f32>(c, t * c);
}

fn main() {
  let batch = u32(uniforms.matricesShape.x);
  // Surplus workgroups keep in step with the barriers but have no lane at work.
  let lanes = select(0u, TAPS, runIndex() < batch);
  let base = min(runIndex(), batch - 1u) * TAPS * TAPS;
  let lane = localIndex;
  var largest = 0u;
  for (var at = 0u; at < TAPS * TAPS; at++) { largest = max(largest, magnitude(matrices[base + at])); }
  let scale = select(1.0, bitcast<f32>(largest), largest >= 0x800000u && largest < INFINITE);
  for (var at = lane; at < TAPS * TAPS; at += ${LANES}u) { a[at] = matrices[base + at] / scale; }
  if (lane < lanes) {
    for (var i = 0u; i < TAPS; i++) { result[base + i * TAPS + lane] = select(0.0, 1.0, i == lane); }
  }
  for (var sweep = 0u; sweep < ${SWEEPS}u; sweep++) {
    for (var round = 0u; round < ${players - 1}u; round++) {
      workgroupBarrier();
      if (lane < ${pairs}u) {
        let pair = pairOf(round, lane);
        pairs[lane] = pair;
        turns[lane] = turnOf(pair);
      }
      workgroupBarrier();
      // Lane j turns column j of the matrix and of the vectors, which no other lane touches.
      if (lane < lanes) {
        for (var k = 0u; k < ${pairs}u; k++) {
          let pair = pairs[k];
          let turn = turns[k];
          if (turn.y == 0.0) { continue; }
          let p = pair.x * TAPS + lane;
          let q = pair.y * TAPS + lane;
          let ap = a[p];
          let aq = a[q];
          a[p] = turn.x * ap - turn.y * aq;
          a[q] = turn.y * ap + turn.x * aq;
          let vp = result[base + p];
          let vq = result[base + q];
          result[base + p] = turn.x * vp - turn.y * vq;
          result[base + q] = turn.y * vp + turn.x * vq;
        }
      }
      workgroupBarrier();
      if (lane < lanes) {
        for (var k = 0u; k < ${pairs}u; k++) {
          let pair = pairs[k];
          let turn = turns[k];
          if (turn.y == 0.0) { continue; }
          let p = lane * TAPS + pair.x;
          let q = lane * TAPS + pair.y;
          let ap = a[p];
          let aq = a[q];
          a[p] = turn.x * ap - turn.y * aq;
          a[q] = turn.y * ap + turn.x * aq;
        }
      }
    }
  }
  storageBarrier();
  if (lane < lanes) {
    var square = 0.0;
    for (var t = 0u; t < TAPS; t++) { square += result[base + lane * TAPS + t] * result[base + lane * TAPS + t]; }
    let norm = sqrt(square);
    for (var t = 0u; t < TAPS; t++) { result[base + lane * TAPS + t] /= norm; }
  }
}`;
}

const VALUES_CODE = `
fn main() {
  let taps = u32(uniforms.matricesShape.y);
  let which = runIndex() * ${LANES}u + localIndex;
  if (which >= u32(uniforms.matricesShape.x) * taps) { return; }
  let matrix = (which / taps) * taps * taps;
  let vector = which * taps;
  var quotient = 0.0;
  var square = 0.0;
  for (var i = 0u; i < taps; i++) {
    var row = 0.0;
    for (var j = 0u; j < taps; j++) { row += matrices[matrix + i * taps + j] * vectors[vector + j]; }
    quotient += row * vectors[vector + i];
    square += vectors[vector + i] * vectors[vector + i];
  }
  result[which] = quotient / square;
}`;
