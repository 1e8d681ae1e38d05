import { expect, test } from 'vitest';
import { lab } from 'd3-color';
import { palette, TABLE_SIZE, tableCss } from '../../src/charts/colour';
import { layoutColourBar } from '../../src/charts/colour-bar';

test('names the ends by what the scale means', () => {
  expect(layoutColourBar('diverging', 0.5, false)).toMatchObject({ low: '−0.500', high: '0.500' });
  expect(layoutColourBar('sequential', 2, false)).toMatchObject({ low: '0', high: '2.00' });
  expect(layoutColourBar('fire', 1, false, { low: '≤ 10⁻⁵' })).toMatchObject({ low: '≤ 10⁻⁵', high: '1.00' });
  expect(layoutColourBar('diverging', 0, false)).toMatchObject({ low: '0', high: '0' });
});

test.each([false, true])('runs from one end of the table to the other (dark: %s)', (dark) => {
  const { stops, left, right } = layoutColourBar('sequential', 1, dark);
  expect(stops[0]).toEqual({ at: 0, colour: tableCss(palette(dark).sequential, 0) });
  expect(stops.at(-1)).toEqual({ at: 1, colour: tableCss(palette(dark).sequential, 255) });
  expect(right).toBeGreaterThan(left);
});

test.each(['diverging', 'sequential', 'fire'] as const)(
  'keeps %s within what can be seen between stops',
  (scale) => {
    for (const dark of [false, true]) {
      const table = palette(dark)[scale];
      const { stops } = layoutColourBar(scale, 1, dark);
      for (let i = 0; i < TABLE_SIZE; i++) {
        const at = (i / (TABLE_SIZE - 1)) * (stops.length - 1);
        const [a, b] = [stops[Math.floor(at)]!, stops[Math.ceil(at)]!].map(({ colour }) => lab(colour));
        const own = lab(tableCss(table, i));
        const between = (p: number, q: number) => p + (q - p) * (at % 1);
        const difference = Math.hypot(
          own.l - between(a!.l, b!.l),
          own.a - between(a!.a, b!.a),
          own.b - between(a!.b, b!.b),
        );
        expect(difference).toBeLessThan(4);
      }
    }
  },
);
