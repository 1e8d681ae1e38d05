import { formatCount } from './format';
import { isPointwise, tapCount } from './model';

/**
 * Kernels up to this many taps (32x32; 1,024 samples of sound) are analysed spatially. Moments take memory with the square
 * of the taps and components time with the cube, so that a kernel of image size would exhaust both.
 */
export const MAX_SPATIAL_TAPS = 1024;

export function isOversized(kernel: readonly number[]): boolean {
  return tapCount(kernel) > MAX_SPATIAL_TAPS;
}

/** Whether variance, components and distributions of such kernels are measured. */
export function isSpatial(kernel: readonly number[]): boolean {
  return !isPointwise(kernel) && !isOversized(kernel);
}

/** What the page and the export say of a layer of oversized kernels. */
export function oversizedNote(kernel: readonly number[]): string {
  const taps = formatCount(tapCount(kernel));
  return `Kernels of ${taps} taps are listed and counted, without entropy, components and distributions: those are measured up to ${formatCount(MAX_SPATIAL_TAPS)} taps.`;
}
