import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { analysed, chooseFiles, expect, openApp, test } from './support';

const SAMPLE = 'public/samples/fractal-resnet.onnx';
const NAME = 'fractal-resnet.onnx';

/** A saved figure as a document, and the luminance of what is drawn in it. */
async function saved(page: Page, chart: string, ...settings: string[]) {
  await page.getByRole('button', { name: `Save ${chart}`, exact: true }).click();
  for (const name of settings)
    await page.getByRole(/mm/.test(name) ? 'menuitemradio' : 'menuitemcheckbox', { name }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: 'SVG' }).click();
  const text = readFileSync(await (await download).path(), 'utf8');
  // The page itself may not parse what could be a script.
  const reader = await page.context().newPage();
  const found = await reader.evaluate((source) => {
    const parsed = new DOMParser().parseFromString(source, 'image/svg+xml');
    const all = [...parsed.querySelectorAll('*')];
    const ground = parsed.querySelector('svg > rect');
    return {
      broken: parsed.querySelector('parsererror') !== null,
      texts: [...parsed.querySelectorAll('text')].map((line) =>
        line.textContent!.trim().replace(/\s+/g, ' '),
      ),
      images: all.filter((part) => part.tagName === 'image').length,
      width: parsed.documentElement.getAttribute('width')!,
      ground: ground?.getAttribute('fill') ?? null,
      ink: parsed.documentElement.getAttribute('fill'),
      family: parsed.documentElement.getAttribute('font-family'),
      classes: all.filter((part) => part.hasAttribute('class') || part.hasAttribute('style')).length,
    };
  }, text);
  await reader.close();
  return { text, ...found };
}

async function openDark(page: Page, view: string) {
  await page.emulateMedia({ colorScheme: 'dark' });
  await openApp(page, '#backend=cpu');
  await chooseFiles(page, SAMPLE);
  await analysed(page);
  await page.evaluate((part) => (location.hash += part), view);
}

/** What every figure must be, whatever is drawn. */
function expectStandalone(figure: Awaited<ReturnType<typeof saved>>, title: string) {
  expect(figure.broken).toBe(false);
  expect(figure.text).not.toMatch(/var\(|light-dark\(|color-mix\(/);
  expect(figure.classes).toBe(0);
  expect(figure.ground).toBe('#ffffff');
  expect(figure.ink).toBe('rgb(26, 25, 22)');
  expect(figure.family).toMatch(/, sans-serif$/);
  expect(figure.texts[0]).toBe(title);
  const caption = figure.texts.join(' ');
  expect(caption).toContain(`model ${NAME}`);
  expect(caption).toMatch(/n = [\d,]+|\d of [\d,]+ 3x3 filters/);
  expect(caption).toMatch(/Filterscope \d+\.\d+\.\d+$/);
}

test('charts of the filters are saved light from a dark page, all in vectors', async ({ page }) => {
  await openDark(page, '&view=filters');
  const eigen = await saved(page, 'Eigen-images of all 3x3 filters');
  expectStandalone(eigen, 'Eigen-images of all 3x3 filters');
  expect(eigen.images).toBe(0);
  expect(eigen.texts).toEqual(expect.arrayContaining(['v0', 'v8']));
  // Light: the accent of a selected component is nowhere.
  expect(eigen.text).not.toContain('rgb(29, 79, 145)');

  await expect(page.getByText('above chance')).toBeVisible();
  const drift = await saved(page, 'Drift between depth deciles', '85 mm wide');
  expectStandalone(drift, 'Drift between depth deciles');
  expect(drift).toMatchObject({ images: 0, width: '85mm' });
  expect(drift.texts.join(' ')).toContain('grey, crossed: within chance');

  const scatter = await saved(page, 'Filters on two components');
  expectStandalone(scatter, 'Filters on two components');
  expect(scatter.images).toBe(1);
  expect(scatter.texts).toEqual(expect.arrayContaining(['c0', 'c1', '0', 'filters per cell of 0.10, log']));

  const open = await saved(page, 'Mean filter', 'transparent ground');
  expect(open.ground).toBeNull();
  expect(open.texts[0]).toBe('Mean filter');
});

test('the kernels of a layer are saved whole, with axes as text', async ({ page }) => {
  await openDark(page, '&view=layer&layer=6');
  await page.getByRole('application', { name: /^Kernels of/ }).focus();
  for (let i = 0; i < 4; i++) await page.keyboard.press('+');
  await expect(page.getByText(/rows .* in view/)).toBeVisible();
  const kernels = await saved(page, 'Kernels');
  expectStandalone(kernels, 'Kernels');
  expect(kernels.images).toBe(1);
  expect(kernels.texts.join(' ')).toMatch(/all \d+ rows, all \d+ columns/);
  expect(kernels.texts).toContain('input channel →');
  expect(kernels.texts.join(' ')).toContain('layer ');
});

test('the null is there for every pair of deciles, and what is within it has no number', async ({ page }) => {
  await openDark(page, '&view=filters');
  const chart = page.getByRole('figure', { name: 'Drift between depth deciles' });
  await expect(chart).toContainText('above chance');
  await chart.getByRole('button', { name: 'Table of Drift between depth deciles' }).click();
  const rows = chart.getByRole('row');
  const cells = await rows.evaluateAll((all) =>
    all.slice(1).map((row) => [...row.children].map((cell) => cell.textContent!.trim())),
  );
  const number = (text: string) => Number(text.replaceAll(',', ''));
  expect(cells.every((row) => row.slice(4).every((cell) => Number.isFinite(number(cell))))).toBe(true);
  const within = cells.filter((row) => number(row[4]!) <= number(row[6]!)).length;
  expect(within).toBeGreaterThan(0);
  await expect(chart.locator('svg text.value')).toHaveCount(cells.length - within);

  await page.keyboard.press('Escape');
  await expect(chart.getByRole('table')).toBeHidden();
  await chart.getByRole('application').focus();
  await page.keyboard.press('ArrowDown');
  await expect(chart.locator('.chart-readout')).toContainText(
    /drift D .* null 95th percentile .*, within chance/,
  );
});
