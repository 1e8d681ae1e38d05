import { lab } from 'd3-color';
import { describe, expect, test } from 'vitest';
import {
  contrast,
  divergingCss,
  divergingIndex,
  logIndex,
  packTable,
  palette,
  readableOn,
  sequentialCss,
  sequentialIndex,
  tableCss,
  TABLE_SIZE,
  type ColourTable,
} from '../../src/charts/colour';

function lightnessOf(table: ColourTable) {
  return Array.from({ length: TABLE_SIZE }, (_, i) => lab(tableCss(table, i)).l);
}

/** Machado, Oliveira and Fernandes (2009), full deuteranopia, on linear RGB. */
function deuteranopic(css: string): { l: number; a: number; b: number } {
  const linear = [1, 3, 5].map((at) => (parseInt(css.slice(at, at + 2), 16) / 255) ** 2.2) as [
    number,
    number,
    number,
  ];
  const rows = [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ];
  const [r, g, b] = rows.map((row) => {
    const value = row.reduce((sum, weight, i) => sum + weight * linear[i]!, 0);
    return Math.round(255 * Math.max(0, Math.min(1, value)) ** (1 / 2.2));
  });
  return lab(`rgb(${r}, ${g}, ${b})`);
}

for (const dark of [false, true]) {
  describe(`palette (${dark ? 'dark' : 'light'})`, () => {
    const { diverging, sequential, fire, neutral } = palette(dark);

    test('has the same lightness at the same distance from 0', () => {
      const lightness = lightnessOf(diverging);
      for (let i = 0; i < TABLE_SIZE / 2; i++) {
        expect(Math.abs(lightness[i]! - lightness[TABLE_SIZE - 1 - i]!)).toBeLessThan(0.8);
      }
    });

    test('moves from the neutral middle to either end without turning back', () => {
      const lightness = lightnessOf(diverging);
      const away = dark ? 1 : -1;
      for (let i = TABLE_SIZE / 2; i < TABLE_SIZE - 1; i++) {
        expect((lightness[i + 1]! - lightness[i]!) * away).toBeGreaterThan(-0.5);
      }
      expect((lightness[TABLE_SIZE - 1]! - lightness[TABLE_SIZE / 2]!) * away).toBeGreaterThan(50);
    });

    test('is neutral at 0, like the paper', () => {
      expect(divergingCss(dark, 0, 1)).toBe(neutral);
      expect(tableCss(diverging, 127)).toBe(tableCss(diverging, 128));
      const { l, a, b } = lab(neutral);
      expect(Math.hypot(a, b)).toBeLessThan(1);
      expect(Math.abs(l - lab(dark ? '#141413' : '#fdfcfa').l)).toBeLessThan(10);
    });

    test('tells the sign to a deuteranope', () => {
      for (const value of [0.1, 0.3, 0.6, 1]) {
        const minus = deuteranopic(divergingCss(dark, -value, 1));
        const plus = deuteranopic(divergingCss(dark, value, 1));
        const distance = Math.hypot(minus.l - plus.l, minus.a - plus.a, minus.b - plus.b);
        expect(distance).toBeGreaterThan(value < 0.2 ? 12 : 30);
      }
    });

    test('has monotone lightness for amounts and densities', () => {
      for (const [table, sign] of [
        [sequential, dark ? 1 : -1],
        [fire, 1],
      ] as const) {
        const lightness = lightnessOf(table);
        for (let i = 1; i < TABLE_SIZE; i++) {
          expect((lightness[i]! - lightness[i - 1]!) * sign).toBeGreaterThan(-0.6);
        }
        expect(Math.abs(lightness.at(-1)! - lightness[0]!)).toBeGreaterThan(70);
      }
    });

    test('shows what is not finite in a colour of its own', () => {
      const missing = divergingCss(dark, NaN, 1);
      expect(sequentialCss(dark, Infinity, 1)).toBe(missing);
      for (let i = 0; i < TABLE_SIZE; i++) expect(tableCss(diverging, i)).not.toBe(missing);
    });
  });
}

describe('table entries', () => {
  test('puts ±peak on the ends and clamps beyond', () => {
    expect([-2, -1, 1, 2].map((value) => divergingIndex(value, 1))).toEqual([0, 0, 255, 255]);
  });

  test('is symmetric about 0', () => {
    for (let i = 1; i < 100; i++) {
      const value = i / 100;
      const sum = divergingIndex(value, 1) + divergingIndex(-value, 1);
      // Math.round takes halves up: at most one entry of difference.
      expect(Math.abs(sum - 255)).toBeLessThanOrEqual(1);
    }
  });

  test('is neutral for a layer of zeros', () => {
    expect(divergingIndex(0, 0)).toBe(128);
    expect(sequentialIndex(0, 0)).toBe(0);
  });

  test('runs from the lowest share to 1 on a log scale', () => {
    expect(logIndex(1, 1e-5)).toBe(255);
    expect(logIndex(0, 1e-5)).toBe(0);
    expect(logIndex(1e-5, 1e-5)).toBe(0);
    expect(logIndex(10 ** -2.5, 1e-5)).toBe(128);
  });

  test('packs opaque little-endian RGBA', () => {
    const table = palette(false).fire;
    const bytes = new Uint8Array(packTable(table).buffer);
    expect([...bytes.subarray(4 * 200, 4 * 200 + 4)]).toEqual([...table.subarray(600, 603), 255]);
  });

  test('chooses text that reads on the ground', () => {
    expect(readableOn('#ffffff')).toBe('#000000');
    expect(readableOn('#1a2a5e')).toBe('#ffffff');
    for (let grey = 0; grey < 256; grey++) {
      const ground = `rgb(${grey}, ${grey}, ${grey})`;
      expect(contrast(ground, readableOn(ground))).toBeGreaterThanOrEqual(4.5);
    }
  });

  test('measures contrast as WCAG does', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 10);
    expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
    expect(contrast('#ffffff', '#777777')).toBe(contrast('#777777', '#ffffff'));
  });
});
