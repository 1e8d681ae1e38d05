/** A float format of at most 16 bits: sign, exponent, mantissa from the top bit down. */
interface SmallFloat {
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
  float16: { exponentBits: 5, mantissaBits: 10, bias: 15, special: 'ieee' },
  bfloat16: { exponentBits: 8, mantissaBits: 7, bias: 127, special: 'ieee' },
  float8e4m3fn: { exponentBits: 4, mantissaBits: 3, bias: 7, special: 'fn' },
  float8e4m3fnuz: { exponentBits: 4, mantissaBits: 3, bias: 8, special: 'fnuz' },
  float8e5m2: { exponentBits: 5, mantissaBits: 2, bias: 15, special: 'ieee' },
  float8e5m2fnuz: { exponentBits: 5, mantissaBits: 2, bias: 16, special: 'fnuz' },
  float4e2m1: { exponentBits: 2, mantissaBits: 1, bias: 1, special: 'none' },
} as const satisfies Record<string, SmallFloat>;

export type SmallFloatName = keyof typeof FORMATS;

export function isSmallFloat(name: string): name is SmallFloatName {
  return Object.hasOwn(FORMATS, name);
}

const tables = new Map<SmallFloatName, Float32Array>();

/** The value of every bit pattern of a format; all of them are exact in float32. */
export function smallFloatTable(name: SmallFloatName): Float32Array {
  let table = tables.get(name);
  if (!table) {
    const format = FORMATS[name];
    table = new Float32Array(2 ** (1 + format.exponentBits + format.mantissaBits));
    for (let bits = 0; bits < table.length; bits++) table[bits] = decode(bits, format);
    tables.set(name, table);
  }
  return table;
}

function decode(bits: number, { exponentBits, mantissaBits, bias, special }: SmallFloat): number {
  const mantissa = bits & (2 ** mantissaBits - 1);
  const exponent = (bits >> mantissaBits) & (2 ** exponentBits - 1);
  const negative = bits >> (mantissaBits + exponentBits) === 1;
  const top = exponent === 2 ** exponentBits - 1;
  if (special === 'ieee' && top) return mantissa ? NaN : negative ? -Infinity : Infinity;
  if (special === 'fn' && top && mantissa === 2 ** mantissaBits - 1) return NaN;
  if (special === 'fnuz' && negative && exponent === 0 && mantissa === 0) return NaN;
  const fraction = mantissa / 2 ** mantissaBits;
  const magnitude = exponent === 0 ? fraction * 2 ** (1 - bias) : (1 + fraction) * 2 ** (exponent - bias);
  return negative ? -magnitude : magnitude;
}

/** Rounds to the nearest float16 (ties to even; beyond 65,504 to Infinity), as float16 arithmetic does. */
export function roundToFloat16(value: number): number {
  const magnitude = Math.abs(value);
  if (!(magnitude > 0) || magnitude === Infinity) return value;
  if (magnitude >= 65_520) return Math.sign(value) * Infinity;
  const exponent = Math.max(Math.floor(Math.log2(magnitude)), -14);
  let step = 2 ** (exponent - 10);
  if (magnitude < 2 ** exponent && exponent > -14) step /= 2;
  return Math.sign(value) * roundHalfToEven(magnitude / step) * step;
}

export function roundHalfToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
