import type { FilterBank } from '../../../src/domain/filters';

/** L1, L2 and peak over the finite filters, in float64. */
export function measure({ values, count, taps }: FilterBank) {
  let normL1 = 0;
  let squares = 0;
  let peak = 0;
  let finite = 0;
  for (let i = 0; i < count; i++) {
    const filter = values.subarray(i * taps, (i + 1) * taps);
    if (!filter.every(Number.isFinite)) continue;
    finite++;
    for (const w of filter) {
      normL1 += Math.abs(w);
      squares += w * w;
      peak = Math.max(peak, Math.abs(w));
    }
  }
  return { finite, normL1, normL2: Math.sqrt(squares), peak };
}
