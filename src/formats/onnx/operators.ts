import { dequantise, quantise } from './quantised';
import type { Rule } from './resolve';
import { binary, cast, matMul, reduce, unary } from './rules/arithmetic';
import { concatInputs, gather, reshape, shapeOf, slice, squeeze, transpose, unsqueeze } from './rules/shape';

/**
 * Operators that are followed from a weight to the tensors behind it, with their shape rules (ONNX operator documentation;
 * older opsets give as attributes what newer ones give as inputs).
 */
export const OPERATORS: Readonly<Record<string, Rule>> = {
  Identity: (c) => c.input(0),
  Cast: cast,
  Transpose: transpose,
  Reshape: reshape,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Concat: concatInputs,
  Slice: slice,
  Gather: gather,
  Shape: shapeOf,
  DequantizeLinear: dequantise,
  QuantizeLinear: quantise,
  MatMul: matMul,
  Add: binary('Add'),
  Sub: binary('Sub'),
  Mul: binary('Mul'),
  Div: binary('Div'),
  Pow: binary('Pow'),
  Sqrt: unary('Sqrt'),
  Neg: unary('Neg'),
  Abs: unary('Abs'),
  Reciprocal: unary('Reciprocal'),
  ReduceL2: reduce('ReduceL2'),
  ReduceSum: reduce('ReduceSum'),
  ReduceMean: reduce('ReduceMean'),
  ReduceProd: reduce('ReduceProd'),
  ReduceSumSquare: reduce('ReduceSumSquare'),
};
