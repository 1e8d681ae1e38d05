import type { EntropyNull, LayerResult } from './results';
import type { Doubles } from './traits';

/** Figures that cost more than the others and can wait. */
export interface LateFigures {
  orthogonality: number | null;
  doubles: Doubles | null;
  entropyNull: EntropyNull | null;
  /** What is not measured, and why. */
  notes: string[];
}

export function withLateFigures(result: LayerResult, figures: LateFigures): LayerResult {
  const { orthogonality, doubles, entropyNull, notes } = figures;
  return {
    ...result,
    quality: { ...result.quality, orthogonality },
    traits: result.traits && { ...result.traits, doubles, entropyNull },
    notes: [...result.notes, ...notes],
  };
}
