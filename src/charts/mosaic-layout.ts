/** How kernels are laid out: output by input channels, or one after the other. */
export type MosaicMode = 'matrix' | 'sequence';

/** The kernel under the pointer or the cursor. */
export interface MosaicHit {
  /** Filter index (in `rgb`, the output channel). */
  filter: number;
  /** Position on the mosaic. */
  row: number;
  column: number;
  /** The kernel's weights, row-major: `taps` values, in `rgb` three times as many. */
  values: Float32Array;
  /** Tap under the pointer, null between taps or by keyboard. */
  tap: number | null;
}
