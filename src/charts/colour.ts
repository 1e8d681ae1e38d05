import { lab, rgb } from 'd3-color';
import { interpolateInferno } from 'd3-scale-chromatic';

/** A colour scale as 256 RGB entries (768 bytes) from its low to its high end. */
export type ColourTable = Uint8ClampedArray;

export const TABLE_SIZE = 256;

/** Tables are made when they are first looked at. */
export interface Palette {
  /**
   * For weights, symmetric about 0: blue negative, neutral (paper) at 0, orange-red positive. Both ends have the same CIELAB
   * lightness at the same |value|, so that sign is told by hue alone; blue against orange-red is safe for red-green
   * colour blindness. Entry 0 is -1, entry 255 is +1; 0 lies between entries 127 and 128, which are alike.
   */
  diverging: ColourTable;
  /** For amounts from 0: paper to deep violet-blue (light) or to pale yellow (dark), lightness monotone. */
  sequential: ColourTable;
  /** For densities: d3's interpolateInferno (matplotlib's `inferno`, perceptually uniform), the same in both themes. */
  fire: ColourTable;
  /** The neutral colour and the one of missing values. */
  neutral: string;
  missing: string;
  /** Of cells whose value means nothing: fainter than any that means something, and of no hue. */
  muted: string;
}

interface Ramp {
  lightness: [number, number];
  /** CIELAB hue (degrees) at the low and the high end. */
  hue: [number, number];
  /** Chroma as a function of t in [0, 1]. */
  chroma: (t: number) => number;
}

/** Highest chroma at most `chroma` that sRGB can show at this lightness and hue: lightness stays exact. */
function labColour(lightness: number, chroma: number, hueDegrees: number): [number, number, number] {
  const hue = (hueDegrees * Math.PI) / 180;
  for (let c = chroma; ; c = Math.max(0, c - 0.5)) {
    const colour = rgb(lab(lightness, c * Math.cos(hue), c * Math.sin(hue)));
    if (c === 0 || colour.displayable()) return [colour.r, colour.g, colour.b];
  }
}

function rampColour(ramp: Ramp, t: number): [number, number, number] {
  const between = ([a, b]: [number, number]) => a + (b - a) * t;
  return labColour(between(ramp.lightness), ramp.chroma(t), between(ramp.hue));
}

function buildTable(colourAt: (t: number) => [number, number, number]): ColourTable {
  const table = new Uint8ClampedArray(TABLE_SIZE * 3);
  for (let i = 0; i < TABLE_SIZE; i++) table.set(colourAt(i / (TABLE_SIZE - 1)), i * 3);
  return table;
}

function buildDiverging(negative: Ramp, positive: Ramp): ColourTable {
  // Half an entry off 0 on either side would tint the middle: the two middle entries are exactly neutral.
  const middle = 0.5 / (TABLE_SIZE - 1);
  return buildTable((t) => {
    const amount = Math.max(0, Math.abs(t - 0.5) - middle) / (0.5 - middle);
    return rampColour(t < 0.5 ? negative : positive, amount);
  });
}

function inferno(t: number): [number, number, number] {
  const { r, g, b } = rgb(interpolateInferno(t));
  return [r, g, b];
}

/** Chroma rises fast, so that small weights show a sign, and falls a little toward the end. */
function hump(peak: number, end: number) {
  return (t: number) =>
    t < 0.6 ? peak * Math.sin((t / 0.6) * (Math.PI / 2)) : peak + ((end - peak) * (t - 0.6)) / 0.4;
}

function buildPalette(dark: boolean): Palette {
  const lightness: [number, number] = dark ? [13, 82] : [97, 30];
  const tables: Partial<Record<'diverging' | 'sequential' | 'fire', ColourTable>> = {};
  return {
    get diverging() {
      return (tables.diverging ??= buildDiverging(
        { lightness, hue: dark ? [282, 262] : [255, 285], chroma: hump(46, dark ? 30 : 50) },
        { lightness, hue: dark ? [45, 75] : [70, 40], chroma: hump(56, dark ? 50 : 54) },
      ));
    },
    get sequential() {
      const ramp: Ramp = dark
        ? { lightness: [15, 92], hue: [300, 100], chroma: hump(38, 40) }
        : { lightness: [97, 22], hue: [200, 300], chroma: hump(36, 44) };
      return (tables.sequential ??= buildTable((t) => rampColour(ramp, t)));
    },
    get fire() {
      return (tables.fire ??= buildTable(inferno));
    },
    neutral: toCss(labColour(lightness[0], 0, 0)),
    missing: dark ? '#4a4d52' : '#b9b8b4',
    muted: dark ? '#2c2c2b' : '#e6e5e2',
  };
}

const palettes = new Map<boolean, Palette>();

export function palette(dark: boolean): Palette {
  let built = palettes.get(dark);
  if (!built) palettes.set(dark, (built = buildPalette(dark)));
  return built;
}

/** Table entry of a value on a scale symmetric about 0; a peak of 0 gives the neutral. */
export function divergingIndex(value: number, peak: number): number {
  if (!(peak > 0)) return TABLE_SIZE / 2;
  const t = Math.min(1, Math.max(-1, value / peak));
  return Math.round((t + 1) * 0.5 * (TABLE_SIZE - 1));
}

/** Table entry of a value on [0, highest]; a highest of 0 gives the low end. */
export function sequentialIndex(value: number, highest: number): number {
  if (!(highest > 0)) return 0;
  return Math.round(Math.min(1, Math.max(0, value / highest)) * (TABLE_SIZE - 1));
}

/** Table entry on a log scale from `lowest` to 1; anything below `lowest` is entry 0. */
export function logIndex(share: number, lowest: number): number {
  if (!(share > lowest)) return 0;
  return Math.round(Math.min(1, 1 - Math.log(share) / Math.log(lowest)) * (TABLE_SIZE - 1));
}

export function tableCss(table: ColourTable, index: number): string {
  return toCss([table[index * 3], table[index * 3 + 1], table[index * 3 + 2]]);
}

export function divergingCss(dark: boolean, value: number, peak: number): string {
  const scales = palette(dark);
  if (!Number.isFinite(value)) return scales.missing;
  return tableCss(scales.diverging, divergingIndex(value, peak));
}

export function sequentialCss(dark: boolean, value: number, highest: number): string {
  const scales = palette(dark);
  if (!Number.isFinite(value)) return scales.missing;
  return tableCss(scales.sequential, sequentialIndex(value, highest));
}

/** WCAG contrast of two colours, 1 to 21. */
export function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

/** WCAG relative luminance. */
function luminance(colour: string): number {
  const { r, g, b } = rgb(colour);
  const [red, green, blue] = [r, g, b].map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Black or white, whichever has more contrast with the colour: never less than √21 = 4.58. */
export function readableOn(colour: string): string {
  return contrast(colour, '#000000') >= contrast(colour, '#ffffff') ? '#000000' : '#ffffff';
}

/** The table as little-endian ABGR words for writing into ImageData, opaque. */
export function packTable(table: ColourTable): Uint32Array {
  const packed = new Uint32Array(TABLE_SIZE);
  for (let i = 0; i < TABLE_SIZE; i++) {
    packed[i] = ((255 << 24) | (table[i * 3 + 2] << 16) | (table[i * 3 + 1] << 8) | table[i * 3]) >>> 0;
  }
  return packed;
}

function toCss([r, g, b]: readonly number[]): string {
  const hex = (v: number) =>
    Math.round(Math.min(255, Math.max(0, v)))
      .toString(16)
      .padStart(2, '0');
  return `#${hex(r)}${hex(g)}${hex(b)}`;
}
