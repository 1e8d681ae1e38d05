/** How NumPy (and the operators that follow it) compute on values of a type; integers (and bool) are held as float64. */
export type Numeric = 'integer' | 'float16' | 'float32' | 'float64';

export interface ElementType {
  /** As shown: `float16`, `int4`. */
  name: ElementName;
  bits: number;
  numeric: Numeric;
  /** Whether every value is exact in float32. */
  fitsFloat32: boolean;
  integer: boolean;
  /** Least and greatest value of an integer type; null for floats. */
  range: readonly [number, number] | null;
}

const FLOATS = {
  float64: 64,
  float32: 32,
  float16: 16,
  bfloat16: 16,
  float8e4m3fn: 8,
  float8e4m3fnuz: 8,
  float8e5m2: 8,
  float8e5m2fnuz: 8,
  float8e8m0: 8,
  float4e2m1: 4,
} as const;

const INTEGERS = {
  int64: 64,
  int32: 32,
  int16: 16,
  int8: 8,
  int4: 4,
  int2: 2,
  uint64: 64,
  uint32: 32,
  uint16: 16,
  uint8: 8,
  uint4: 4,
  uint2: 2,
  bool: 8,
} as const;

export type ElementName = keyof typeof FLOATS | keyof typeof INTEGERS;

function float(name: keyof typeof FLOATS): ElementType {
  const bits = FLOATS[name];
  // Floats of fewer bits than float16, and bfloat16, compute as float32, as NumPy and python3-onnx unpack them.
  const isOwn = name === 'float64' || name === 'float16';
  return {
    name,
    bits,
    numeric: isOwn ? name : 'float32',
    fitsFloat32: bits <= 32,
    integer: false,
    range: null,
  };
}

function integer(name: keyof typeof INTEGERS): ElementType {
  const bits = INTEGERS[name];
  const range: [number, number] = name.startsWith('int')
    ? [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1]
    : [0, name === 'bool' ? 1 : 2 ** bits - 1];
  return { name, bits, numeric: 'integer', fitsFloat32: bits <= 16, integer: true, range };
}

function named<K extends ElementName>(bits: Record<K, number>, make: (name: K) => ElementType) {
  return Object.fromEntries((Object.keys(bits) as K[]).map((name) => [name, make(name)])) as Record<
    K,
    ElementType
  >;
}

/** Element types of stored tensors by name, whatever the format that names them; strings and complex numbers hold no weights. */
export const ELEMENT_TYPES: Readonly<Record<ElementName, ElementType>> = {
  ...named(FLOATS, float),
  ...named(INTEGERS, integer),
};

/** Bytes that `count` values take back to back; types below 8 bits are padded to whole bytes. */
export function packedByteLength(type: ElementType, count: number): number {
  return Math.ceil((count * type.bits) / 8);
}
