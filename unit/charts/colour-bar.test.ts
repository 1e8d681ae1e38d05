import { expect, it } from 'vitest';
import { palette, tableCss } from '../../src/charts/colour';
import { layoutColourBar } from '../../src/charts/colour-bar';

it('names the ends by what the scale means', () => {
  expect(layoutColourBar('diverging', 0.5, false)).toMatchObject({ low: '−0.500', high: '0.500' });
  expect(layoutColourBar('sequential', 2, false)).toMatchObject({ low: '0', high: '2.00' });
  expect(layoutColourBar('fire', 1, false, { low: '≤ 10⁻⁵' })).toMatchObject({ low: '≤ 10⁻⁵', high: '1.00' });
  expect(layoutColourBar('diverging', 0, false)).toMatchObject({ low: '0', high: '0' });
});

it.each([false, true])('runs from one end of the table to the other (dark: %s)', (dark) => {
  const { steps, left, right } = layoutColourBar('sequential', 1, dark);
  expect(steps[0]).toMatchObject({ x: left, fill: tableCss(palette(dark).sequential, 0) });
  expect(steps.at(-1)!.fill).toBe(tableCss(palette(dark).sequential, 255));
  expect(steps.at(-1)!.x + steps.at(-1)!.width).toBe(right);
});
