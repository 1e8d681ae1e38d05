import type { TensorInfo } from '@tensorflow/tfjs-core';
import { each, IS_ORDINARY, MAGNITUDE, treeSum, unitTapCode } from './wgsl';

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

/** Up to here filters stay in registers while they meet the components. */
const REGISTER_TAPS = 16;
/** Taps whose products are added as one tree where filters are read in stretches. */
const STRETCH = 8;
/** Components that share one reading of a stretch. */
const SHARED = 4;

/** Filters a lane projects at once: each component's loading is fetched once for all of them. */
export const QUAD = 4;

/**
 * WGSL of `projectQuad(start, step, first, end)`: hands the coefficients of filters start + {0, 1, 2, 3} * step on components
 * first ... end - 1 to the program's own `take(component, c)`, one component at a time. `items` and `usable` (private)
 * say which filters these are and which of them exist and are finite; the others have some finite c.
 *
 * All programs project with this code, so that a filter has one coefficient. Products are added in trees: for 3x3 the
 * error stays below 5e-7, and below 1e-6 of the largest coefficient for longer filters.
 */
export function projectionCode(taps: number): string {
  return `
${MAGNITUDE}
${IS_ORDINARY}
${unitTapCode(4)}
var<private> items : vec4<u32>;
var<private> usable : vec4<bool>;

// Bits of the filter's peak; those of a zero filter where it is to be left out.
fn peakOf(e : u32) -> u32 {
  if (items[e] >= u32(uniforms.xShape.x)) { return 0u; }
  let peak = bitcast<u32>(peaks[items[e]]);
  usable[e] = peak < INFINITE;
  return select(0u, peak, usable[e]);
}

fn projectQuad(start : u32, step : u32, first : u32, end : u32) {
  items = start + vec4<u32>(0u, 1u, 2u, 3u) * step;
  usable = vec4<bool>(false);
  let peak = vec4<u32>(peakOf(0u), peakOf(1u), peakOf(2u), peakOf(3u));
  let at = select(vec4<u32>(0u), items * ${taps}u, usable);
  let ordinary = isOrdinary(peak.x) && isOrdinary(peak.y) && isOrdinary(peak.z) && isOrdinary(peak.w);
  ${taps <= REGISTER_TAPS ? registerProjection(taps) : stretchedProjection(taps)}
}`;
}

function registerProjection(taps: number): string {
  return `
  ${loadUnits(taps, '0u')}
  for (var i = first; i < end; i++) {
    let v = i * ${taps}u;
    take(i, ${treeSum(each(taps, (t) => `f${t} * components[v + ${t}u]`))} - offsets[i]);
  }`;
}

function stretchedProjection(taps: number): string {
  const stretch = (length: number): string => `
    ${loadUnits(length, 'begin')}
    ${each(SHARED, (g) => `c${g} += ${treeSum(each(length, (t) => `f${t} * components[v${g} + begin + ${t}u]`))};`).join('\n    ')}`;
  const whole = taps - (taps % STRETCH);
  return `
  for (var i = first; i < end; i += ${SHARED}u) {
    ${each(SHARED, (g) => `let i${g} = min(i + ${g}u, end - 1u); let v${g} = i${g} * ${taps}u; var c${g} = vec4<f32>(0.0);`).join('\n    ')}
    for (var begin = 0u; begin < ${whole}u; begin += ${STRETCH}u) {
      ${stretch(STRETCH)}
    }
    ${whole === taps ? '' : `{ let begin = ${whole}u; ${stretch(taps - whole)} }`}
    ${each(SHARED, (g) => `if (i + ${g}u < end) { take(i${g}, c${g} - offsets[i${g}]); }`).join('\n    ')}
  }`;
}

/** `length` scaled taps of the four filters from tap `begin`, as f0, f1 ... */
function loadUnits(length: number, begin: string): string {
  const four = (text: (e: string) => string): string =>
    `vec4<f32>(${['x', 'y', 'z', 'w'].map(text).join(', ')})`;
  return `
    ${each(length, (t) => `var f${t} : vec4<f32>;`).join(' ')}
    if (ordinary) {
      let divisor = bitcast<vec4<f32>>(peak);
      ${each(length, (t) => `f${t} = ${four((e) => `x[at.${e} + ${begin} + ${t}u]`)} / divisor;`).join('\n      ')}
    } else {
      let divisor = divisorOf4(peak);
      ${each(length, (t) => `f${t} = unit4(${four((e) => `x[at.${e} + ${begin} + ${t}u]`)}, divisor);`).join('\n      ')}
    }`;
}
