import { countOf, formatCount } from '../domain/format';
import { kernelAdjective, kernelKey } from '../domain/model';
import type { Design, InitialSigns } from '../domain/traits';
import { heavySigns, namedStart, startDistribution } from './start';

/** A measured figure of the order of 1 as sentences print it. */
export function digits(value: number): string {
  return value.toFixed(3);
}

/** A threshold that was set, without the zeros it does not need. */
export function limit(value: number): string {
  return value === 0 ? '0' : value.toFixed(3).replace(/0{1,2}$/, '');
}

export function percent(share: number): string {
  return `${Number((share * 100).toFixed(1))} %`;
}

export function filtersOf(count: number, kernel: readonly number[], what = ''): string {
  return countOf(count, `${what}${kernelAdjective(kernelKey(kernel))} filter`);
}

const DESIGN_WORDS: Record<Design, string> = {
  constant: 'the same weight throughout, as for averaging',
  'one-hot': 'a single weight of one size and zeros, as for shifting or passing on',
  bilinear: 'a linear interpolation kernel, as for up-sampling',
  blur: 'a binomial blur',
  edge: 'a derivative kernel (Sobel, Scharr, Prewitt or Laplacian)',
  wavelet: 'half of an orthogonal wavelet pair',
  sinusoid: 'a sampled sinusoid, as in Fourier and cosine transforms',
  symmetric: 'exactly symmetric or antisymmetric about its middle, as learned filters never are',
  repeated: 'a multiple of one kernel',
};

export function designText(design: Design): string {
  return `Every filter is ${DESIGN_WORDS[design]}: written down, not learned, so that nothing is judged.`;
}

/** Of signs that are those of a start: what they are like, and whose start has this standard deviation. */
export function startText(
  signs: InitialSigns,
  [rows = 1, columns = 1]: readonly number[],
  taps: number,
): string {
  const start = namedStart(signs, columns * taps, rows * taps);
  const named = start
    ? `, with the standard deviation ${signs.deviation.toPrecision(3)} of ${start}`
    : `, with a standard deviation of ${signs.deviation.toPrecision(3)}`;
  return `the weights are spread like those of a ${startDistribution(signs)} start (excess kurtosis ${signed(signs.kurtosis.value)}, norms no further apart)${named}`;
}

export function trainedText(signs: InitialSigns): string {
  const [{ name, sign }] = heavySigns(signs);
  const z = formatCount(Math.round(sign.z));
  return `the ${name} lies ${z} standard deviations above that of initial weights`;
}

export function signed(value: number): string {
  return value.toFixed(2).replace('-', '−');
}

/** What sparsity means on a grid so coarse that a step is near the limit; '' for others. */
export function gridText(storedType: string): string {
  const bits = Number(/^u?int(\d+)\b/.exec(storedType)?.[1] ?? NaN);
  if (!(bits <= 8)) return '';
  const step = 1 / (2 ** (bits - 1) - 1 || 1);
  return ` The weights are stored as ${storedType.replace(/ .*/, '')}: one step of their grid is about ${percent(step)} of the largest weight it spans, so that such filters are zero or within a step of it.`;
}
