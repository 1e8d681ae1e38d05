import type { Weights } from '../domain/filters';
import { divergingIndex, packTable, palette, TABLE_SIZE } from './colour';
import type { KernelScale } from './kernel-scale';
import { TAP_UNITS, type MosaicLayout } from './mosaic-layout';

/** Pixels of a tile's side. */
export const TILE = 256;

/** What is drawn: weights on one scale, with the colours of the theme. */
export interface MosaicSource {
  layout: MosaicLayout;
  /** item x channels x taps */
  values: Weights;
  scale: KernelScale;
  /** Packed RGBA by entry, and the colour of weights that are not finite. */
  colours: Uint32Array;
  missing: number;
}

export function mosaicSource(
  layout: MosaicLayout,
  values: Weights,
  scale: KernelScale,
  dark: boolean,
): MosaicSource {
  const scales = palette(dark);
  const grey = Number.parseInt(scales.missing.slice(1), 16);
  const missing = ((255 << 24) | ((grey & 255) << 16) | (grey & 0xff00) | (grey >> 16)) >>> 0;
  return { layout, values, scale, colours: packTable(scales.diverging), missing };
}

/**
 * One tile of TILE x TILE pixels at a mip level, made row by row: each pixel is the mean weight of its block of 2^level x
 * 2^level units on the colour scale, as opaque as the block is covered by taps (gaps are transparent).
 */
export class TileRaster {
  readonly pixels = new Uint32Array(TILE * TILE);
  #nextRow = 0;
  readonly #columnAt: Int32Array;
  /** The kernel's tap column at each unit. */
  readonly #partAt: Int32Array;

  readonly #source: MosaicSource;
  readonly #level: number;
  readonly #tileY: number;

  constructor(source: MosaicSource, level: number, tileX: number, tileY: number) {
    this.#source = source;
    this.#level = level;
    this.#tileY = tileY;
    const span = TILE << level;
    this.#columnAt = new Int32Array(span).fill(-1);
    this.#partAt = new Int32Array(span);
    const { pitchX, columns } = source.layout;
    for (let i = 0; i < span; i++) {
      const x = tileX * span + i - 1;
      if (x < 0) continue;
      const column = Math.floor(x / pitchX);
      const part = x - column * pitchX;
      if (column >= columns || part === pitchX - 1) continue;
      this.#columnAt[i] = column;
      this.#partAt[i] = Math.floor(part / TAP_UNITS);
    }
  }

  get done(): boolean {
    return this.#nextRow >= TILE;
  }

  /** Makes rows until `expired` says stop (asked after each row) or the tile is done. */
  advance(expired: () => boolean): void {
    while (!this.done) {
      this.#drawRow(this.#nextRow++);
      if (expired()) return;
    }
  }

  #drawRow(row: number): void {
    const side = 1 << this.#level;
    const { layout } = this.#source;
    const sums = new Float64Array(TILE * layout.channels);
    const finite = new Uint32Array(TILE);
    const covered = new Uint32Array(TILE);
    for (let s = 0; s < side; s++) {
      const y = (this.#tileY * TILE + row) * side + s - 1;
      if (y < 0) continue;
      const cellRow = Math.floor(y / layout.pitchY);
      const part = y - cellRow * layout.pitchY;
      if (cellRow >= layout.rows) break;
      const tapRow = Math.floor(part / TAP_UNITS);
      if (tapRow < layout.planes.height) this.#addUnitRow(cellRow, tapRow, sums, finite, covered);
    }
    this.#paintRow(row, side * side, sums, finite, covered);
  }

  /** Adds one row of units to the sums of the pixels they fall in. */
  #addUnitRow(
    cellRow: number,
    tapRow: number,
    sums: Float64Array,
    finite: Uint32Array,
    covered: Uint32Array,
  ): void {
    const { layout, values, scale } = this.#source;
    const { peaks } = scale;
    const { taps, channels, columns, items, order, planes } = layout;
    const matrix = layout.mode === 'matrix';
    const rowStart = (matrix && order ? order[cellRow] : cellRow) * columns;
    const firstTap = tapRow * planes.width;
    const columnAt = this.#columnAt;
    const partAt = this.#partAt;
    const level = this.#level;
    for (let i = 0; i < columnAt.length; i++) {
      const column = columnAt[i];
      if (column < 0) continue;
      const slot = rowStart + column;
      if (slot >= items) break;
      const tap = planes.tapAt[firstTap + partAt[i]];
      if (tap < 0) continue;
      const item = !matrix && order ? order[slot] : slot;
      const pixel = i >> level;
      covered[pixel]++;
      const start = item * channels * taps + tap;
      // On a scale of its own a kernel is drawn over its peak; one of zeros stays as it is.
      const unit = (peaks && peaks[item]) || 1;
      let sum = values[start] / unit;
      if (channels === 1) {
        // x - x is 0 for finite numbers alone.
        if (sum - sum === 0) {
          sums[pixel] += sum;
          finite[pixel]++;
        }
        continue;
      }
      sum += (values[start + taps] + values[start + 2 * taps]) / unit;
      if (sum - sum !== 0) continue;
      finite[pixel]++;
      for (let c = 0; c < 3; c++) sums[c * TILE + pixel] += values[start + c * taps] / unit;
    }
  }

  #paintRow(row: number, units: number, sums: Float64Array, finite: Uint32Array, covered: Uint32Array): void {
    const { colours, missing, scale, layout } = this.#source;
    const peak = scale.peaks ? 1 : scale.peak;
    for (let x = 0; x < TILE; x++) {
      const n = finite[x];
      if (covered[x] === 0) continue;
      let colour = missing;
      if (n > 0 && layout.channels === 1) colour = colours[divergingIndex(sums[x] / n, peak)]!;
      else if (n > 0) colour = packRgb(sums, x, n, peak);
      const alpha = Math.round((255 * covered[x]) / units);
      this.pixels[row * TILE + x] = ((colour & 0xffffff) | (alpha << 24)) >>> 0;
    }
  }
}

/** Three weights as a colour: -peak is 0, 0 is mid-grey, peak is 255. */
function packRgb(sums: Float64Array, x: number, n: number, peak: number): number {
  let packed = 0;
  for (let c = 0; c < 3; c++) {
    const level = Math.round((divergingIndex(sums[c * TILE + x] / n, peak) * 255) / (TABLE_SIZE - 1));
    packed |= level << (8 * c);
  }
  return packed;
}
