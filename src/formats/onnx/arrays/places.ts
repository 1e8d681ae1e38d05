import { type Reduction, type Step, valueCount } from '../plan';
import { allocate, type Values } from '../../elements/decode';
import { rowMajorStrides, walk } from './layout';

/** A dense tensor from values and their places: flat positions, or one coordinate an axis; null where one lies outside. */
export function densify(values: Values, indices: Values, plan: Step<'sparse'>): Values | null {
  const { shape } = plan;
  const out = allocate(valueCount(shape), plan.fitsFloat32);
  const perValue = plan.indices.shape.length === 1 ? 1 : shape.length;
  for (let i = 0; i < values.length; i++) {
    let at = perValue === 1 ? indices[i] : 0;
    if (plan.indices.shape.length === 2) {
      at = 0;
      for (let axis = 0; axis < perValue; axis++) {
        const coordinate = indices[i * perValue + axis];
        if (!(coordinate >= 0 && coordinate < shape[axis])) return null;
        at = at * shape[axis] + coordinate;
      }
    }
    if (!(at >= 0 && at < out.length)) return null;
    out[at] = values[i];
  }
  return out;
}

const JOINS: Record<Reduction, (old: number, update: number) => number> = {
  none: (_, update) => update,
  add: (old, update) => old + update,
  mul: (old, update) => old * update,
  max: (old, update) => Math.max(old, update),
  min: (old, update) => Math.min(old, update),
};

/** ScatterND: runs of `updates` put (or added, multiplied) at places of a copy; null where a place lies outside. */
export function scatterRuns(
  input: Values,
  indices: Values,
  updates: Values,
  plan: Step<'scatter'>,
): Values | null {
  const { shape } = plan;
  const join = JOINS[plan.reduction];
  const out = input.slice();
  const depth = plan.indices.shape.at(-1) ?? 0;
  const strides = rowMajorStrides(shape);
  const run = valueCount(shape.slice(depth));
  const runs = valueCount(plan.indices.shape.slice(0, -1));
  for (let i = 0; i < runs; i++) {
    let at = 0;
    for (let axis = 0; axis < depth; axis++) {
      const place = placeWithin(indices[i * depth + axis], shape[axis]);
      if (place < 0) return null;
      at += place * strides[axis];
    }
    for (let k = 0; k < run; k++) out[at + k] = join(out[at + k], updates[i * run + k]);
  }
  return out;
}

/** The place of each value in `shape` where its own axes say all but the one along `axis`; null where one lies outside. */
function placesAlong(
  indices: Values,
  within: readonly number[],
  shape: readonly number[],
  axis: number,
): Float64Array | null {
  const strides = rowMajorStrides(shape);
  const beside = walk(
    strides.map((stride, i) => (i === axis ? 0 : stride)),
    within,
  );
  const places = new Float64Array(indices.length);
  for (let i = 0; i < indices.length; i++) {
    const place = placeWithin(indices[i], shape[axis]);
    if (place < 0) return null;
    places[i] = beside() + place * strides[axis];
  }
  return places;
}

/** GatherND: runs of the input by their places; null where one lies outside. */
export function gatherRuns(input: Values, indices: Values, plan: Step<'gatherRuns'>): Values | null {
  const { batch } = plan;
  const { shape } = plan.input;
  const depth = plan.indices.shape.at(-1) ?? 0;
  const strides = rowMajorStrides(shape);
  const run = valueCount(shape.slice(batch + depth));
  const runs = valueCount(plan.indices.shape.slice(0, -1));
  const runsPerBatch = runs / Math.max(1, valueCount(shape.slice(0, batch)));
  const batchSize = valueCount(shape.slice(batch));
  const out = allocate(runs * run, plan.fitsFloat32);
  for (let i = 0; i < runs; i++) {
    let at = Math.floor(i / runsPerBatch) * batchSize;
    for (let axis = 0; axis < depth; axis++) {
      const place = placeWithin(indices[i * depth + axis], shape[batch + axis]);
      if (place < 0) return null;
      at += place * strides[batch + axis];
    }
    out.set(input.subarray(at, at + run), i * run);
  }
  return out;
}

/** A place counted from the end where negative; -1 where it lies outside. */
function placeWithin(given: number, size: number): number {
  const place = given < 0 ? given + size : given;
  return place >= 0 && place < size && Number.isInteger(place) ? place : -1;
}

/** GatherElements: null where a place lies outside. */
export function gatherValues(input: Values, indices: Values, plan: Step<'gatherElements'>): Values | null {
  const places = placesAlong(indices, plan.indices.shape, plan.input.shape, plan.axis);
  if (!places) return null;
  const out = allocate(places.length, plan.fitsFloat32);
  for (let i = 0; i < out.length; i++) out[i] = input[places[i]];
  return out;
}

/** ScatterElements: values put (or added, multiplied) at places of a copy; null where a place lies outside. */
export function scatterValues(
  input: Values,
  indices: Values,
  updates: Values,
  plan: Step<'scatterElements'>,
): Values | null {
  const places = placesAlong(indices, plan.indices.shape, plan.shape, plan.axis);
  if (!places) return null;
  const out = input.slice();
  const join = JOINS[plan.reduction];
  for (let i = 0; i < places.length; i++) out[places[i]] = join(out[places[i]], updates[i]);
  return out;
}
