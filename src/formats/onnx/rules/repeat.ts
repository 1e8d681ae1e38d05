import type { PadMode, WeightPlan } from '../plan';
import type { Rule, StepContext } from '../resolve';
import { axisOf, broadcastShape, shown } from '../shapes';
import { Unresolved } from '../unresolved';
import { broadcastStrides, rowMajorStrides } from '../arrays/layout';
import { list } from '../words';

function misfit(c: StepContext, input: WeightPlan, given: readonly number[]): Unresolved {
  return new Unresolved(
    'unresolved-weight',
    `${c.node.node.operator} by ${list(given)} does not fit ${shown(input)}`,
  );
}

function isSize(size: number) {
  return Number.isSafeInteger(size) && size >= 0;
}

export const expand: Rule = async (c) => {
  const input = await c.input(0);
  const target = await c.integers(1, 'shape');
  if (!target?.every(isSize)) throw misfit(c, input, target ?? []);
  const shape = broadcastShape('Expand', input, { ...input, shape: target });
  const strides = broadcastStrides(input.shape, shape);
  return c.make({ step: 'repeat', input, strides, sizes: shape }, shape, input.numeric, input.fitsFloat32);
};

export const tile: Rule = async (c) => {
  const input = await c.input(0);
  const repeats = await c.integers(1, 'repeats');
  if (!repeats?.every(isSize) || repeats.length !== input.shape.length) throw misfit(c, input, repeats ?? []);
  const rowMajor = rowMajorStrides(input.shape);
  const sizes = input.shape.flatMap((size, axis) => [repeats[axis], size]);
  const strides = rowMajor.flatMap((stride) => [0, stride]);
  const shape = input.shape.map((size, axis) => size * repeats[axis]);
  return c.make({ step: 'repeat', input, strides, sizes }, shape, input.numeric, input.fitsFloat32);
};

const PAD_MODES: ReadonlySet<string> = new Set<PadMode>(['constant', 'reflect', 'edge', 'wrap']);

/** Pads and value are inputs from opset 11 on, attributes before (`paddings` in the first). */
export const pad: Rule = async (c) => {
  const input = await c.input(0);
  const rank = input.shape.length;
  const given = (await c.integers(1, 'pads')) ?? c.attribute('paddings')?.integers ?? [];
  const givenAxes = await c.integers(3, 'axes');
  const axes = givenAxes?.map((a) => axisOf(a, rank, 'Pad')) ?? input.shape.map((_, i) => i);
  if (given.length !== 2 * axes.length || !given.every(Number.isSafeInteger)) throw misfit(c, input, given);
  const begins = input.shape.map(() => 0);
  const shape = [...input.shape];
  axes.forEach((axis, i) => {
    begins[axis] = given[i];
    shape[axis] += given[i] + given[axes.length + i];
  });
  const mode = (c.attribute('mode')?.word || 'constant') as PadMode;
  if (!shape.every(isSize) || !PAD_MODES.has(mode)) throw misfit(c, input, given);
  const padsFit = input.shape.every((size, axis) => {
    const longest = Math.max(begins[axis], shape[axis] - size - begins[axis]);
    return (
      mode === 'constant' ||
      longest <= 0 ||
      (size > 0 && longest <= (mode === 'reflect' ? size - 1 : Infinity))
    );
  });
  if (!padsFit) throw misfit(c, input, given);
  const filling = await c.optional(2);
  const value = filling ? ((await c.numbers(filling))[0] ?? 0) : (c.attribute('value')?.float ?? 0);
  const exact = input.fitsFloat32 && Object.is(Math.fround(value), value);
  return c.make({ step: 'pad', input, begins, value, mode }, shape, input.numeric, exact);
};

/** Equal parts where no sizes are given; the last is smaller where they do not come out even. */
export const split: Rule = async (c) => {
  const input = await c.input(0);
  const axis = axisOf(c.attribute('axis')?.integer ?? 0, input.shape.length, 'Split');
  const size = input.shape[axis];
  const given = (await c.integers(1, 'split')) ?? [];
  const count = c.attribute('num_outputs')?.integer ?? c.node.outputs.length;
  const part = given.length > 0 ? givenPart(given, c.output, size) : equalPart(c, size, count);
  if (!part) throw misfit(c, input, given.length > 0 ? given : [count]);
  const starts = input.shape.map(() => 0);
  starts[axis] = part.start;
  const shape = input.shape.map((d, i) => (i === axis ? part.size : d));
  const steps = shape.map(() => 1);
  return c.make({ step: 'slice', input, starts, steps }, shape, input.numeric, input.fitsFloat32);
};

/** Part `k` of those that make up `size`; null where they do not. */
function givenPart(sizes: number[], k: number, size: number): { start: number; size: number } | null {
  const sum = (parts: number[]) => parts.reduce((total, part) => total + part, 0);
  if (!sizes.every(isSize) || sum(sizes) !== size || sizes.length <= k) return null;
  return { start: sum(sizes.slice(0, k)), size: sizes[k] };
}

/** Not by a list of all parts: a node can have thousands, and each is asked for by itself. */
function equalPart(c: StepContext, size: number, count: number): { start: number; size: number } | null {
  const equal = Math.ceil(size / count);
  if (!isSize(equal) || c.node.outputs.length * equal < size) return null;
  const start = Math.min(size, c.output * equal);
  return { start, size: Math.min(equal, size - start) };
}
