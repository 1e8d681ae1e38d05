import type { FilterBank } from '../domain/filters';
import type { LayerKind } from '../domain/model';
import type { Design } from '../domain/traits';
import {
  areMultiples,
  isConstant,
  isKnown,
  isOneHot,
  isSinusoid,
  isSymmetric,
  isWavelet,
  isWindowedSinusoid,
  type FilterTest,
} from './design-tests';

interface Candidate {
  design: Design;
  test: FilterTest;
  /** Equations that a free filter would have to meet by chance. */
  equations: number;
  /** Equations the whole bank must meet before it is named. */
  least: number;
  /** Looks at this many filters at most, evenly taken. */
  most?: number;
}

const LEAST = 8;
/** Smooth learned filters come near a sinusoid: more of them must be one. */
const LEAST_SINUSOID = 16;
const WINDOWED_LOOKED_AT = 64;
/** A filter that is this small a part of those before it is what rounding left of zeros, such as sin(πt). */
const ROUNDING = 1e-6;

/**
 * Tells filter banks that are written down from learned ones by their weights alone [ours]: every finite filter that is not zero must
 * be of one kind, to the rounding of 16 bits, and meet so many equations that no learned bank would. Filters are taken run by run;
 * an ordinary layer is out after its first one or two.
 */
export class DesignProbe {
  readonly #kernel: readonly number[];
  readonly #step: (most: number) => number;
  #candidates: Candidate[];
  readonly #looked = new Map<Candidate, number>();
  #at = 0;
  #first: Float64Array | null = null;
  #firstPeak = 0;
  #largest = 0;

  constructor({ kernel, kind, storedFilterCount }: ProbedLayer) {
    this.#kernel = kernel;
    this.#step = (most) => Math.max(1, Math.ceil(storedFilterCount / most));
    this.#candidates = kernel.every((extent) => extent === 1) ? [] : candidatesFor(kernel, kind);
  }

  take({ values, count, taps }: FilterBank): void {
    const filter = new Float64Array(taps);
    for (let i = 0; i < count && this.#candidates.length > 0; i++, this.#at++) {
      let peak = 0;
      let isFinite = true;
      for (let t = 0; t < taps; t++) {
        const magnitude = Math.abs(values[i * taps + t]);
        if (!(magnitude <= Number.MAX_VALUE)) isFinite = false;
        if (magnitude > peak) peak = magnitude;
      }
      if (!isFinite || peak <= ROUNDING * this.#largest) continue;
      if (peak > this.#largest) this.#largest = peak;
      for (let t = 0; t < taps; t++) filter[t] = values[i * taps + t] / peak;
      this.#look(filter, peak);
    }
  }

  #look(filter: Float64Array, peak: number): void {
    this.#first ??= filter.slice();
    this.#firstPeak ||= peak;
    const first = this.#first;
    this.#candidates = this.#candidates.filter((candidate) => {
      const { design, test, most } = candidate;
      if (most !== undefined && this.#at % this.#step(most) !== 0) return true;
      this.#looked.set(candidate, (this.#looked.get(candidate) ?? 0) + 1);
      if (design === 'repeated') return areMultiples(filter, first);
      // What is left of pruned filters differs in size.
      if (design === 'one-hot' && Math.abs(peak / this.#firstPeak - 1) > 0.01) return false;
      return test(filter, this.#kernel);
    });
  }

  /** The first design in which all filters agree, or null. */
  design(): Design | null {
    const found = this.#candidates.find((candidate) => {
      const looked = this.#looked.get(candidate) ?? 0;
      const counted = candidate.design === 'repeated' ? looked - 1 : looked;
      return counted * candidate.equations >= candidate.least;
    });
    return found?.design ?? null;
  }
}

export interface ProbedLayer {
  kernel: readonly number[];
  kind: LayerKind;
  storedFilterCount: number;
}

function candidatesFor(kernel: readonly number[], kind: LayerKind): Candidate[] {
  const taps = kernel.reduce((product, extent) => product * extent, 1);
  const axes = kernel.filter((extent) => extent > 1);
  const all = taps - 1;
  const factors = axes.reduce((sum, extent) => sum + extent, 0);
  const known = (design: 'bilinear' | 'blur' | 'edge'): Candidate => ({
    design,
    test: isKnown(design),
    equations: all,
    least: LEAST,
  });
  // A triangle of 3 or 4 taps is a binomial too: its use tells which is meant.
  const soft =
    kind === 'transposed' ? [known('bilinear'), known('blur')] : [known('blur'), known('bilinear')];
  return [
    { design: 'one-hot', test: isOneHot, equations: all, least: LEAST },
    { design: 'constant', test: isConstant, equations: all, least: LEAST },
    ...soft,
    known('edge'),
    {
      design: 'wavelet',
      test: isWavelet,
      equations: taps - factors + axes.length - 1 + factors / 2,
      least: LEAST,
    },
    {
      design: 'sinusoid',
      test: isSinusoid,
      equations: axes.reduce((sum, extent) => sum + ((extent - 2) * taps) / extent - 1, 0),
      least: LEAST_SINUSOID,
    },
    {
      design: 'sinusoid',
      test: isWindowedSinusoid,
      equations: 1,
      least: LEAST,
      most: WINDOWED_LOOKED_AT,
    },
    { design: 'symmetric', test: isSymmetric, equations: Math.floor(taps / 2), least: LEAST },
    { design: 'repeated', test: () => true, equations: all, least: LEAST },
  ];
}
