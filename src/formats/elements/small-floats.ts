/** A float format of at most 16 bits: sign, exponent, mantissa from the top bit down. */
interface SmallFloat {
  signed: boolean;
  exponentBits: number;
  mantissaBits: number;
  bias: number;
  /**
   * Which patterns are no numbers. `ieee`: all-ones exponent is Inf (mantissa 0) or NaN; `fn`: only all-ones exponent and
   * mantissa is NaN; `fnuz`: only the pattern of minus zero is NaN; `none`: every pattern is a number.
   */
  special: 'ieee' | 'fn' | 'fnuz' | 'none';
}

const FORMATS = {
  float16: { signed: true, exponentBits: 5, mantissaBits: 10, bias: 15, special: 'ieee' },
  bfloat16: { signed: true, exponentBits: 8, mantissaBits: 7, bias: 127, special: 'ieee' },
  float8e4m3fn: { signed: true, exponentBits: 4, mantissaBits: 3, bias: 7, special: 'fn' },
  float8e4m3fnuz: { signed: true, exponentBits: 4, mantissaBits: 3, bias: 8, special: 'fnuz' },
  float8e5m2: { signed: true, exponentBits: 5, mantissaBits: 2, bias: 15, special: 'ieee' },
  float8e5m2fnuz: { signed: true, exponentBits: 5, mantissaBits: 2, bias: 16, special: 'fnuz' },
  /** Powers of two alone, neither zero nor subnormals: the scales of OCP microscaling formats. */
  float8e8m0: { signed: false, exponentBits: 8, mantissaBits: 0, bias: 127, special: 'fn' },
  float4e2m1: { signed: true, exponentBits: 2, mantissaBits: 1, bias: 1, special: 'none' },
} as const satisfies Record<string, SmallFloat>;

export type SmallFloatName = keyof typeof FORMATS;

export function isSmallFloat(name: string): name is SmallFloatName {
  return Object.hasOwn(FORMATS, name);
}

export type RoundableName = Exclude<SmallFloatName, 'float8e8m0'>;

/** Whether values can be rounded to a format: it has a sign. */
export function isRoundable(name: string): name is RoundableName {
  return isSmallFloat(name) && name !== 'float8e8m0';
}

const tables = new Map<SmallFloatName, Float32Array>();

/** The value of every bit pattern of a format; all of them are exact in float32. */
export function smallFloatTable(name: SmallFloatName): Float32Array {
  let table = tables.get(name);
  if (!table) {
    const format: SmallFloat = FORMATS[name];
    table = new Float32Array(2 ** (Number(format.signed) + format.exponentBits + format.mantissaBits));
    for (let bits = 0; bits < table.length; bits++) table[bits] = decode(bits, format);
    tables.set(name, table);
  }
  return table;
}

function decode(bits: number, format: SmallFloat): number {
  const { exponentBits, mantissaBits, bias, special } = format;
  const mantissa = bits & (2 ** mantissaBits - 1);
  const exponent = (bits >> mantissaBits) & (2 ** exponentBits - 1);
  const negative = bits >> (mantissaBits + exponentBits) === 1;
  const top = exponent === 2 ** exponentBits - 1;
  if (special === 'ieee' && top) return mantissa ? NaN : negative ? -Infinity : Infinity;
  if (special === 'fn' && top && mantissa === 2 ** mantissaBits - 1) return NaN;
  if (special === 'fnuz' && negative && exponent === 0 && mantissa === 0) return NaN;
  const fraction = mantissa / 2 ** mantissaBits;
  const isSubnormal = exponent === 0 && mantissaBits > 0;
  const magnitude = isSubnormal ? fraction * 2 ** (1 - bias) : (1 + fraction) * 2 ** (exponent - bias);
  return negative ? -magnitude : magnitude;
}

/**
 * Rounding to a float format: to the nearest, ties to even. Beyond its greatest number a value becomes that number where
 * `saturate`, else Infinity, or NaN in formats without it (table of Cast in the ONNX operator documentation).
 */
export function roundingTo(name: RoundableName, saturate = false): (value: number) => number {
  const { mantissaBits, bias, special } = FORMATS[name];
  const greatest = smallFloatTable(name).reduce((a, b) => (b > a && b < Infinity ? b : a), 0);
  const beyond = saturate || special === 'none' ? greatest : special === 'ieee' ? Infinity : NaN;
  return (value) => {
    const magnitude = Math.abs(value);
    if (!(magnitude > 0)) return special === 'fnuz' ? value + 0 : value;
    const exponent = Math.max(exponentOf(Math.min(magnitude, 2 * greatest)), 1 - bias);
    const step = 2 ** (exponent - mantissaBits);
    const rounded = roundHalfToEven(magnitude / step) * step;
    const kept = rounded > greatest ? beyond : rounded;
    return value < 0 && !(special === 'fnuz' && kept === 0) ? -kept : kept;
  };
}

/** The power of two that a positive number begins with. */
function exponentOf(magnitude: number): number {
  const exponent = Math.floor(Math.log2(magnitude));
  return magnitude < 2 ** exponent ? exponent - 1 : exponent;
}

/** Rounds as float16 arithmetic does: beyond 65,504 to Infinity. */
export const roundToFloat16 = roundingTo('float16');

export function roundHalfToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
