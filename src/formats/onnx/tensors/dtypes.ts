import { VALUES } from '../schema';

/** How NumPy (and the operators that follow it) compute on values of a type; integers (and bool) are held as float64. */
export type Numeric = 'integer' | 'float16' | 'float32' | 'float64';

export interface DataType {
  /** As shown: `float16`, `int4`. */
  name: string;
  bits: number;
  /** Field of TensorProto that holds values where raw_data does not. */
  field: number;
  numeric: Numeric;
  /** Whether every value is exact in float32. */
  fitsFloat32: boolean;
  integer: boolean;
  /** Least and greatest value of an integer type, for QuantizeLinear. */
  range: readonly [number, number] | null;
}

function float(name: string, bits: number, field: number, numeric: Numeric): DataType {
  return {
    name,
    bits,
    field,
    numeric,
    fitsFloat32: bits <= 32,
    integer: false,
    range: null,
  };
}

function integer(name: string, bits: number, field: number, signed: boolean): DataType {
  return {
    name,
    bits,
    field,
    numeric: 'integer',
    fitsFloat32: bits <= 16,
    integer: true,
    range: signed ? [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1] : [0, 2 ** bits - 1],
  };
}

/**
 * Element types by number of TensorProto.DataType (onnx.proto). Strings (8) and complex numbers (14, 15) hold no weights.
 * The float types below 16 bits compute as float32, as python3-onnx unpacks them.
 */
export const DATA_TYPES: Readonly<Record<number, DataType>> = {
  1: float('float32', 32, VALUES.float, 'float32'),
  2: integer('uint8', 8, VALUES.int32, false),
  3: integer('int8', 8, VALUES.int32, true),
  4: integer('uint16', 16, VALUES.int32, false),
  5: integer('int16', 16, VALUES.int32, true),
  6: integer('int32', 32, VALUES.int32, true),
  7: integer('int64', 64, VALUES.int64, true),
  9: { ...integer('bool', 8, VALUES.int32, false), range: [0, 1] },
  10: float('float16', 16, VALUES.int32, 'float16'),
  11: float('float64', 64, VALUES.double, 'float64'),
  12: integer('uint32', 32, VALUES.uint64, false),
  13: integer('uint64', 64, VALUES.uint64, false),
  16: float('bfloat16', 16, VALUES.int32, 'float32'),
  17: float('float8e4m3fn', 8, VALUES.int32, 'float32'),
  18: float('float8e4m3fnuz', 8, VALUES.int32, 'float32'),
  19: float('float8e5m2', 8, VALUES.int32, 'float32'),
  20: float('float8e5m2fnuz', 8, VALUES.int32, 'float32'),
  21: integer('uint4', 4, VALUES.int32, false),
  22: integer('int4', 4, VALUES.int32, true),
  23: float('float4e2m1', 4, VALUES.int32, 'float32'),
};

/** Words for type numbers that are known but hold no weights. */
export const OTHER_TYPE_NAMES: Readonly<Record<number, string>> = {
  0: 'undefined',
  8: 'string',
  14: 'complex64',
  15: 'complex128',
};

/** Bytes that `count` values take in raw_data; sub-byte types are padded to whole bytes. */
export function rawByteLength(type: DataType, count: number): number {
  return Math.ceil((count * type.bits) / 8);
}
