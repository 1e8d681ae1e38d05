import { type Step, valueCount } from '../plan';
import { allocate, type Values } from '../../elements/decode';
import { rowMajorStrides } from './layout';

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

/** ScatterND: runs of `updates` put (or added, multiplied) at places of a copy; null where a place lies outside. */
export function scatterRuns(
  input: Values,
  indices: Values,
  updates: Values,
  plan: Step<'scatter'>,
): Values | null {
  const { shape, reduction } = plan;
  const out = input.slice();
  const depth = plan.indices.shape.at(-1) ?? 0;
  const strides = rowMajorStrides(shape);
  const run = valueCount(shape.slice(depth));
  const runs = valueCount(plan.indices.shape.slice(0, -1));
  for (let i = 0; i < runs; i++) {
    let at = 0;
    for (let axis = 0; axis < depth; axis++) {
      const given = indices[i * depth + axis];
      const place = given < 0 ? given + shape[axis] : given;
      if (!(place >= 0 && place < shape[axis] && Number.isInteger(place))) return null;
      at += place * strides[axis];
    }
    for (let k = 0; k < run; k++) {
      const update = updates[i * run + k];
      if (reduction === 'add') out[at + k] += update;
      else if (reduction === 'mul') out[at + k] *= update;
      else out[at + k] = update;
    }
  }
  return out;
}
