/** Seeded source of random numbers; the same seed gives the same sequence everywhere. */
export interface Random {
  /** In [0, 1), 32 bits. */
  uniform(): number;
  /** Standard normal. */
  normal(): number;
  /** Gamma of the given shape > 0 and scale 1. */
  gamma(shape: number): number;
  /** Chi-square of `freedom` > 0 degrees of freedom. */
  chiSquare(freedom: number): number;
}

/** Streams of one seed: `createRandom(seed, 3, 7)` is independent of `createRandom(seed, 7, 3)`. */
export function createRandom(seed: number, ...stream: number[]): Random {
  const uniform = sfc32([seed, ...stream]);
  let spare: number | null = null;

  /** Marsaglia's polar method: two at a time. */
  function normal(): number {
    if (spare !== null) {
      const value = spare;
      spare = null;
      return value;
    }
    for (;;) {
      const x = 2 * uniform() - 1;
      const y = 2 * uniform() - 1;
      const square = x * x + y * y;
      if (square >= 1 || square === 0) continue;
      const factor = Math.sqrt((-2 * Math.log(square)) / square);
      spare = y * factor;
      return x * factor;
    }
  }

  /** Marsaglia & Tsang 2000; shapes below 1 through shape + 1. */
  function gamma(shape: number): number {
    if (!(shape > 0)) throw new RangeError(`A gamma variable needs a positive shape, not ${shape}.`);
    if (shape < 1) return gamma(shape + 1) * positiveUniform(uniform) ** (1 / shape);
    const d = shape - 1 / 3;
    const c = 1 / Math.sqrt(9 * d);
    for (;;) {
      const x = normal();
      const v = (1 + c * x) ** 3;
      if (v <= 0) continue;
      if (Math.log(positiveUniform(uniform)) < (x * x) / 2 + d * (1 - v + Math.log(v))) return d * v;
    }
  }

  return { uniform, normal, gamma, chiSquare: (freedom) => 2 * gamma(freedom / 2) };
}

/** In (0, 1): a logarithm of it is finite. */
function positiveUniform(uniform: () => number): number {
  return uniform() + 2 ** -33;
}

/** Doty-Humphrey's small fast counter generator (PractRand); the state is mixed from the key by splitmix32. */
function sfc32(key: readonly number[]): () => number {
  let mix = 0x9e3779b9;
  const next = (): number => {
    mix = (mix + 0x9e3779b9) | 0;
    let z = mix ^ (mix >>> 16);
    z = Math.imul(z, 0x21f0aaad);
    z ^= z >>> 15;
    z = Math.imul(z, 0x735a2d97);
    return z ^ (z >>> 15);
  };
  for (const part of key) {
    mix ^= part | 0;
    mix = next();
    mix ^= Math.floor(part / 2 ** 32) | 0;
    mix = next();
  }
  let a = next();
  let b = next();
  let c = next();
  let counter = 1;
  const uniform = (): number => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return (t >>> 0) / 2 ** 32;
  };
  for (let i = 0; i < 12; i++) uniform();
  return uniform;
}
