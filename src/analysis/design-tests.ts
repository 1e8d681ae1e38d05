import { knownKernels } from './design-kernels';

/**
 * Weights that are written down are exact: to rounding in 16 bits or in steps of an 8-bit grid, both within this part of the
 * filter's peak.
 */
const TOLERANCE = 1 / 200;

/** Whether one filter, divided by its peak, is of the kind; `kernel` has up to three extents. */
export type FilterTest = (filter: Float64Array, kernel: readonly number[]) => boolean;

function isZero(value: number): boolean {
  return Math.abs(value) <= TOLERANCE;
}

export const isConstant: FilterTest = (filter) => filter.every((value) => isZero(value - filter[0]));

export const isOneHot: FilterTest = (filter) =>
  filter.reduce((count, value) => count + (isZero(value) ? 0 : 1), 0) === 1;

/** A multiple of one of the known kernels of a design. */
export function isKnown(design: 'bilinear' | 'blur' | 'edge'): FilterTest {
  return (filter, kernel) =>
    knownKernels(kernel).some((known) => known.design === design && areMultiples(filter, known.values));
}

/** Equal to its mirror image about the middle of the kernel, or to its opposite. */
export const isSymmetric: FilterTest = (filter) =>
  [1, -1].some((sign) => filter.every((value, i) => isZero(value - sign * filter[filter.length - 1 - i])));

/**
 * A product of one vector an axis, each of them half of a perfect-reconstruction pair: orthogonal to its own shifts by two, with a sum
 * of 0 or of root two times its norm; Haar's is [1, 1] and [1, -1].
 */
export const isWavelet: FilterTest = (filter, kernel) => {
  const factors = separate(filter, kernel);
  return factors !== null && factors.every(isWaveletFactor);
};

function isWaveletFactor(factor: Float64Array): boolean {
  const { length } = factor;
  if (length % 2 === 1) return length === 1;
  const squares = factor.reduce((sum, value) => sum + value * value, 0);
  const sum = Math.abs(factor.reduce((total, value) => total + value, 0)) / Math.sqrt(squares);
  if (!isZero(sum) && !isZero(sum - Math.SQRT2)) return false;
  for (let shift = 2; shift < length; shift += 2) {
    let product = 0;
    for (let i = 0; i + shift < length; i++) product += factor[i] * factor[i + shift];
    if (!isZero(product / squares)) return false;
  }
  return true;
}

/** The vectors, one an axis, whose product the filter is; null where it is none. */
function separate(filter: Float64Array, kernel: readonly number[]): Float64Array[] | null {
  let top = 0;
  filter.forEach((value, i) => {
    if (Math.abs(value) > Math.abs(filter[top])) top = i;
  });
  const strides = kernel.map((_, axis) => kernel.slice(axis + 1).reduce((a, b) => a * b, 1));
  const at = kernel.map((extent, axis) => Math.floor(top / strides[axis]) % extent);
  const factors = kernel.map((extent, axis) =>
    Float64Array.from(
      { length: extent },
      (_, i) => filter[top + (i - at[axis]) * strides[axis]] / filter[top],
    ),
  );
  const isProduct = filter.every((value, i) =>
    isZero(
      value / filter[top] -
        factors.reduce(
          (product, factor, axis) => product * factor[Math.floor(i / strides[axis]) % kernel[axis]],
          1,
        ),
    ),
  );
  return isProduct ? factors : null;
}

/**
 * A sampled sinusoid of any frequency and phase along every axis: f(i + 1) + f(i - 1) = 2 cos(w) f(i), one w an axis. Axes need
 * three taps or more; a constant is none.
 */
export const isSinusoid: FilterTest = (filter, kernel) => {
  const axes = kernel.map((extent, axis) => ({
    extent,
    stride: kernel.slice(axis + 1).reduce((a, b) => a * b, 1),
  }));
  if (axes.some(({ extent }) => extent !== 1 && extent < 3)) return false;
  return axes.every(({ extent, stride }) => extent === 1 || obeysRecurrence(filter, extent, stride));
};

function obeysRecurrence(filter: Float64Array, extent: number, stride: number): boolean {
  let squares = 0;
  let product = 0;
  const each = (visit: (sides: number, middle: number) => void): void => {
    filter.forEach((value, i) => {
      const at = Math.floor(i / stride) % extent;
      if (at > 0 && at < extent - 1) visit(filter[i - stride] + filter[i + stride], value);
    });
  };
  each((sides, middle) => {
    squares += middle * middle;
    product += sides * middle;
  });
  const twice = squares > 0 ? product / squares : 0;
  if (Math.abs(twice) > 2 + TOLERANCE) return false;
  let isOne = true;
  each((sides, middle) => (isOne &&= Math.abs(sides - twice * middle) <= 4 * TOLERANCE));
  return isOne;
}

/** Taps that a window needs for its sinusoid to show. */
const LEAST_WINDOWED = 32;
/** Share of the energy within two bins of the strongest. */
const WINDOWED_SHARE = 0.99;

/** A sinusoid under a window, as short-time Fourier transforms have: nearly all energy within two bins of one frequency. */
export const isWindowedSinusoid: FilterTest = (filter, kernel) => {
  if (filter.length < LEAST_WINDOWED || kernel.filter((extent) => extent > 1).length !== 1) return false;
  const power = powerSpectrum(filter);
  const top = power.indexOf(Math.max(...power));
  const total = power.reduce((sum, value) => sum + value, 0);
  const near = power.slice(Math.max(0, top - 2), top + 3).reduce((sum, value) => sum + value, 0);
  return near >= WINDOWED_SHARE * total;
};

/** Energy at frequencies 0 to n / 2 of n taps; direct, since few filters are asked for. */
function powerSpectrum(filter: Float64Array): Float64Array {
  const n = filter.length;
  const cosines = Float64Array.from({ length: n }, (_, i) => Math.cos((2 * Math.PI * i) / n));
  const sines = Float64Array.from({ length: n }, (_, i) => Math.sin((2 * Math.PI * i) / n));
  return Float64Array.from({ length: Math.floor(n / 2) + 1 }, (_, frequency) => {
    let real = 0;
    let imaginary = 0;
    for (let i = 0, at = 0; i < n; i++, at = (at + frequency) % n) {
      real += filter[i] * cosines[at];
      imaginary += filter[i] * sines[at];
    }
    const isPaired = frequency > 0 && 2 * frequency < n;
    return (isPaired ? 2 : 1) * (real * real + imaginary * imaginary);
  });
}

/** Whether two filters divided by their peaks are the same up to sign. */
export function areMultiples(filter: Float64Array, other: ArrayLike<number>): boolean {
  let product = 0;
  let squares = 0;
  for (let i = 0; i < filter.length; i++) {
    product += filter[i] * other[i];
    squares += other[i] * other[i];
  }
  const factor = product / squares;
  return filter.every((value, i) => isZero(value - factor * other[i]));
}
