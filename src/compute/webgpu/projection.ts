import type { TensorInfo } from '@tensorflow/tfjs-core';
import { each, MAGNITUDE, treeSum, UNIT_TAP } from './wgsl';

/** Inputs of the kernels that project scaled filters on a basis. */
export interface ProjectionInputs {
  x: TensorInfo;
  peaks: TensorInfo;
  components: TensorInfo;
  offsets: TensorInfo;
}

export const PROJECTION_NAMES = ['x', 'peaks', 'components', 'offsets'];

export function projectionTensors({ x, peaks, components, offsets }: ProjectionInputs): TensorInfo[] {
  return [x, peaks, components, offsets];
}

/** Up to here a filter stays in registers while it meets the components. */
const REGISTER_TAPS = 32;
/** Taps whose products are added as one tree where the filter is read in stretches. */
const STRETCH = 16;
/** Components that share one reading of a long filter. */
const SHARED = 4;

/** How many components `projectionCode(taps, wanted)` takes at once. */
export function groupOf(taps: number, wanted: number): number {
  return Math.min(taps, wanted, taps <= REGISTER_TAPS ? taps : SHARED);
}

/**
 * WGSL of `skipped(index) -> bool` and `project(index, first) -> array<f32, group>`: coefficients of components
 * first ... first + group - 1 (to be ignored from `taps` on). All programs project with this code, so that one filter
 * has one coefficient. Products are added in trees: for 3x3 the error stays below 5e-7, and 1e-6 for longer filters.
 */
export function projectionCode(taps: number, group: number): string {
  const body = taps <= REGISTER_TAPS ? registerProjection(taps, group) : stretchedProjection(taps, group);
  return `
${MAGNITUDE}
${UNIT_TAP}
fn skipped(index : u32) -> bool {
  if (index >= u32(uniforms.xShape.x)) { return true; }
  return bitcast<u32>(peaks[index]) >= INFINITE;
}

fn project(index : u32, first : u32) -> array<f32, ${group}> {
  let peak = bitcast<u32>(peaks[index]);
  let at = index * ${taps}u;
  var c : array<f32, ${group}>;
  ${body}
  return c;
}`;
}

function registerProjection(taps: number, group: number): string {
  return `
  ${each(taps, (t) => `let f${t} = unitTap(x[at + ${t}u], peak);`).join(' ')}
  for (var g = 0u; g < ${group}u; g++) {
    let i = min(first + g, ${taps - 1}u);
    let v = i * ${taps}u;
    c[g] = ${treeSum(each(taps, (t) => `f${t} * components[v + ${t}u]`))} - offsets[i];
  }`;
}

function stretchedProjection(taps: number, group: number): string {
  const stretch = (length: number): string => `
    ${each(length, (t) => `let f${t} = unitTap(x[at + begin + ${t}u], peak);`).join(' ')}
    ${each(group, (g) => `c[${g}] += ${treeSum(each(length, (t) => `f${t} * components[v${g} + begin + ${t}u]`))};`).join('\n    ')}`;
  const whole = taps - (taps % STRETCH);
  const rest = taps % STRETCH === 0 ? '' : `{ let begin = ${whole}u; ${stretch(taps % STRETCH)} }`;
  return `
  ${each(group, (g) => `let i${g} = min(first + ${g}u, ${taps - 1}u); let v${g} = i${g} * ${taps}u;`).join(' ')}
  for (var begin = 0u; begin < ${whole}u; begin += ${STRETCH}u) {
    ${stretch(STRETCH)}
  }
  ${rest}
  ${each(group, (g) => `c[${g}] -= offsets[i${g}];`).join(' ')}`;
}
