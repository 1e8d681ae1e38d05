/**
 * Layers with spatial kernels of the bundled trained sample models, all but those made to show a fault (untrained, random labels,
 * degenerate), and how many of them are flagged at the default thresholds; a test counts them again.
 */
export const USUAL = { models: 11, layers: 74, flagged: 8 } as const;
