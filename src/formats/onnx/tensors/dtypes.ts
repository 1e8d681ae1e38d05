import { ELEMENT_TYPES, type ElementName, type ElementType } from '../../elements/element-types';
import { VALUES } from '../schema';

export interface DataType extends ElementType {
  /** Field of TensorProto that holds values where raw_data does not. */
  field: number;
}

const { float: FLOAT, int32: INT32, int64: INT64, double: DOUBLE, uint64: UINT64 } = VALUES;

const BY_NUMBER: Readonly<Record<number, [ElementName, field: number]>> = {
  1: ['float32', FLOAT],
  2: ['uint8', INT32],
  3: ['int8', INT32],
  4: ['uint16', INT32],
  5: ['int16', INT32],
  6: ['int32', INT32],
  7: ['int64', INT64],
  9: ['bool', INT32],
  10: ['float16', INT32],
  11: ['float64', DOUBLE],
  12: ['uint32', UINT64],
  13: ['uint64', UINT64],
  16: ['bfloat16', INT32],
  17: ['float8e4m3fn', INT32],
  18: ['float8e4m3fnuz', INT32],
  19: ['float8e5m2', INT32],
  20: ['float8e5m2fnuz', INT32],
  21: ['uint4', INT32],
  22: ['int4', INT32],
  23: ['float4e2m1', INT32],
  24: ['float8e8m0', INT32],
  25: ['uint2', INT32],
  26: ['int2', INT32],
};

/** Element types by number of TensorProto.DataType (onnx.proto). */
export const DATA_TYPES: Readonly<Record<number, DataType>> = Object.fromEntries(
  Object.entries(BY_NUMBER).map(([number, [name, field]]) => [number, { ...ELEMENT_TYPES[name], field }]),
);

/** Words for type numbers that are known but hold no weights. */
export const OTHER_TYPE_NAMES: Readonly<Record<number, string>> = {
  0: 'undefined',
  8: 'string',
  14: 'complex64',
  15: 'complex128',
};
