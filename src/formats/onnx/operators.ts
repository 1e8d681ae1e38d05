import { dequantise, quantise } from './quantised';
import type { Rule } from './resolve';
import {
  binary,
  cast,
  castLike,
  clip,
  compare,
  fold,
  matMul,
  modulo,
  power,
  reduce,
  unary,
  where,
} from './rules/arithmetic';
import { constantOfShape, rangeOf, shapeOf, sizeOf } from './rules/constant';
import {
  batchNormalisation,
  instanceNormalisation,
  layerNormalisation,
  lpNormalisation,
} from './rules/normalise';
import { bipolarQuant, quant } from './rules/qonnx';
import { expand, pad, split, tile } from './rules/repeat';
import {
  concatInputs,
  flatten,
  gather,
  ifElse,
  reshape,
  scatterND,
  slice,
  squeeze,
  transpose,
  unsqueeze,
} from './rules/shape';

const UNARY = [
  'Sqrt',
  'Neg',
  'Abs',
  'Reciprocal',
  'Floor',
  'Ceil',
  'Round',
  'Sign',
  'Exp',
  'Log',
  'Tanh',
  'Sigmoid',
  'Relu',
  'Softplus',
  'Not',
] as const;
const COMPARISONS = [
  'Equal',
  'Greater',
  'GreaterOrEqual',
  'Less',
  'LessOrEqual',
  'And',
  'Or',
  'Xor',
] as const;
const REDUCTIONS = [
  'ReduceL1',
  'ReduceL2',
  'ReduceSum',
  'ReduceMean',
  'ReduceProd',
  'ReduceSumSquare',
  'ReduceMax',
  'ReduceMin',
] as const;

function each<K extends string>(operators: readonly K[], rule: (operator: K) => Rule): Record<string, Rule> {
  return Object.fromEntries(operators.map((operator) => [operator, rule(operator)]));
}

/**
 * Operators that are followed from a weight to the tensors behind it, with their shape rules (ONNX operator documentation;
 * older opsets give as attributes what newer ones give as inputs).
 */
const STANDARD: Readonly<Record<string, Rule>> = {
  ...each(UNARY, unary),
  ...each(COMPARISONS, compare),
  ...each(REDUCTIONS, reduce),
  ...each(['Add', 'Sub', 'Mul', 'Div'], binary),
  ...each(['Max', 'Min'], fold),
  Sum: fold('Add'),
  Pow: power,
  Mod: modulo,
  MatMul: matMul,
  Clip: clip,
  Where: where,
  Identity: (c) => c.input(0),
  // Nothing is dropped at inference.
  Dropout: (c) => c.input(0),
  Cast: cast,
  CastLike: castLike,
  Transpose: transpose,
  Reshape: reshape,
  Flatten: flatten,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Concat: concatInputs,
  Slice: slice,
  Split: split,
  Expand: expand,
  Tile: tile,
  Pad: pad,
  Gather: gather,
  ScatterND: scatterND,
  Shape: shapeOf,
  Size: sizeOf,
  ConstantOfShape: constantOfShape,
  Range: rangeOf,
  BatchNormalization: batchNormalisation,
  InstanceNormalization: instanceNormalisation,
  LayerNormalization: layerNormalisation,
  LpNormalization: lpNormalisation,
  DequantizeLinear: dequantise,
  QuantizeLinear: quantise,
  If: ifElse,
};

const QONNX: Readonly<Record<string, Rule>> = { Quant: quant, IntQuant: quant, BipolarQuant: bipolarQuant };

/** Domains whose operators are followed; ONNX Runtime's own mean what the standard ones do. */
const DOMAINS: Readonly<Record<string, Readonly<Record<string, Rule>>>> = {
  '': STANDARD,
  'com.microsoft': STANDARD,
  'qonnx.custom_op.general': QONNX,
  'finn.custom_op.general': QONNX,
  'onnx.brevitas': QONNX,
};

/** Operators of the default domain that are followed. */
export const FOLLOWED: readonly string[] = Object.keys(STANDARD);

export function ruleOf(domain: string, operator: string): Rule | null {
  const rules = Object.hasOwn(DOMAINS, domain) ? DOMAINS[domain] : {};
  return Object.hasOwn(rules, operator) ? rules[operator] : null;
}
