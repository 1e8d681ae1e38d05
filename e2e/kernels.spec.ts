import { rmSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { noise, temporaryFolder, writeModel } from './files';
import { analysed, chooseFiles, expect, openApp, test } from './support';

const STEM = '#model=sample:texture-resnet&view=layer&layer=0';

function mosaic(page: Page) {
  return page.getByRole('application', { name: /^Kernels of/ });
}

function pins(page: Page) {
  return page.getByRole('region', { name: 'Pinned kernels' });
}

function parameters(page: Page) {
  return page.getByRole('figure', { name: 'Kernels', exact: true });
}

test('pins last: through layout, order, scale and drawing, other views and layers, and a reload', async ({
  page,
}) => {
  await openApp(page, STEM);
  await analysed(page);
  await mosaic(page).press('ArrowRight');
  await mosaic(page).press('Enter');
  await mosaic(page).press('ArrowDown');
  await mosaic(page).press('Enter');
  await expect(pins(page).getByRole('listitem')).toHaveCount(2);
  await expect(pins(page).getByRole('listitem').nth(1)).toContainText('similarity to A');
  const kept = async () => {
    await expect(pins(page).getByRole('listitem')).toHaveCount(2);
    await expect(page).toHaveURL(/&pins=0\.\d+/);
  };
  await page.getByLabel('Layout').selectOption('sequence');
  await kept();
  await page.getByLabel('Sort by').selectOption('norm');
  await kept();
  await page.getByLabel('Scale', { exact: true }).selectOption('p99');
  await kept();
  await page.getByLabel('Draw as').selectOption('rgb');
  await kept();
  await page.getByLabel('Draw as').selectOption('image');
  await page.getByRole('navigation', { name: 'Views' }).getByText('Filters').click();
  await page.getByRole('navigation', { name: 'Views' }).getByText('Layer').click();
  await kept();
  await page.getByRole('link', { name: 'Next →' }).click();
  await expect(page).toHaveURL(/layer=1/);
  await expect(page).not.toHaveURL(/pins/);
  await expect(pins(page)).toBeHidden();
  await page.getByRole('link', { name: '← Previous' }).click();
  await kept();
  await expect(page).toHaveURL(/layout=sequence&order=norm&scale=p99&pins=/);
  await page.reload();
  await analysed(page);
  await kept();
  await expect(page.getByLabel('Sort by')).toHaveValue('norm');
  await expect(page.getByLabel('Scale', { exact: true })).toHaveValue('p99');

  await pins(page)
    .getByRole('button', { name: /^Unpin A/ })
    .press('Enter');
  await expect(pins(page).getByRole('listitem')).toHaveCount(1);
  await expect(pins(page).getByRole('button', { name: /^Unpin A/ })).toBeFocused();
  await pins(page).getByRole('button', { name: 'Remove all pins' }).press('Enter');
  await expect(mosaic(page)).toBeFocused();
  await expect(pins(page)).toBeHidden();
  await expect(page).not.toHaveURL(/pins/);
});

test('a pinned kernel is marked in the distributions; a cell of the scatter pins its filters', async ({
  page,
}) => {
  await openApp(page, `${STEM}&pins=4`);
  await analysed(page);
  const distribution = page.getByRole('img', { name: 'Coefficients of this layer, compared with the model' });
  await expect(distribution.getByText('A', { exact: true }).first()).toBeVisible();
  const scatter = page.getByRole('application', { name: /^Filters of this layer on two components/ });
  await scatter.press('ArrowRight');
  await scatter.press('Enter');
  await expect(page.getByRole('figure', { name: /^Filters of this layer on two/ })).toContainText(
    /\d+ filters? · \d+ pinned/,
  );
  await expect(page).toHaveURL(/pins=4\.\d+/);
  await scatter.press('Enter');
  await expect(page).toHaveURL(/pins=4$/);
});

test('a cell of all filters lists the layers they come from', async ({ page }) => {
  await openApp(page, '#model=sample:texture-resnet&view=filters&size=7x7');
  await analysed(page);
  const scatter = page.getByRole('application', { name: /^Filters on two components/ });
  await scatter.press('ArrowRight');
  await scatter.press('Enter');
  const figure = page.getByRole('figure', { name: /^Filters on two components/ });
  await expect(figure).toContainText(/filters? of this cell, by layer:/);
  await figure.getByRole('link').first().click();
  await expect(page).toHaveURL(/view=layer.*pins=/);
  await expect(pins(page)).toBeVisible();
});

test('the order and the scale are said as they are', async ({ page }) => {
  await openApp(page, `${STEM}&order=similarity`);
  await analysed(page);
  await expect(page.getByText('Pin a kernel (click it) to sort by similarity to it.')).toBeVisible();
  await expect(parameters(page)).toContainText('in stored order, not by similarity');
  await mosaic(page).press('ArrowRight');
  await mosaic(page).press('Enter');
  await expect(parameters(page)).toContainText('sorted by similarity');
  await page.getByLabel('Sort by').selectOption('norm');
  await page.getByLabel('Layout').selectOption('matrix');
  await expect(parameters(page)).toContainText('rows sorted by L2 norm of the row, greatest first');
  await mosaic(page).press('ArrowDown');
  await expect(page.getByRole('complementary', { name: 'Values of kernels' })).toContainText(
    /L2 norm of the row \d/,
  );
  await page.getByLabel('Scale', { exact: true }).selectOption('p95');
  await expect(parameters(page)).toContainText(/95th percentile of \|w\|, ±0\.\d+: 23\d of 4,704 weights/);
  await page.getByLabel('Scale', { exact: true }).selectOption('kernel');
  await expect(parameters(page)).toContainText('each kernel on a scale of its own');
});

test('1-D kernels are drawn as lines', async ({ page }) => {
  const folder = temporaryFolder();
  await openApp(page);
  await chooseFiles(
    page,
    writeModel(folder, 'sound.onnx', [{ name: 'w0', shape: [8, 4, 16], values: noise(512, 3) }]),
  );
  await analysed(page);
  await page.locator('body').press('2');
  await page.getByLabel('Draw as').selectOption('lines');
  await expect(page).toHaveURL(/draw=lines/);
  await expect(parameters(page)).toContainText('across: taps');
  await mosaic(page).press('ArrowRight');
  await expect(page.getByRole('img', { name: 'Filter 0 as a line' })).toBeVisible();
  rmSync(folder, { recursive: true });
});

test('a link pasted into the open page shows what it names', async ({ page }) => {
  await openApp(page);
  await chooseFiles(page, 'public/samples/fractal-resnet.onnx');
  await analysed(page);
  const paste = (hash: string) => page.evaluate((to) => void (location.hash = to), hash);
  await paste('#model=sample:glyph-net&view=layer&layer=1&sparseShare=0.03');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  const rows = page.getByRole('region', { name: 'Library' }).getByRole('row');
  await expect(rows).toHaveCount(2);
  await expect(page.locator('main header .path')).toHaveText('glyph-net.onnx');
  await expect(page.getByText(/^2 of \d+$/)).toBeVisible();
  await page.goBack();
  await expect(page.getByRole('heading', { level: 1, name: 'fractal-resnet.onnx' })).toBeVisible();

  await paste('#model=elsewhere.onnx&view=layer');
  const alert = page.getByRole('alert').filter({ hasText: 'elsewhere.onnx' });
  await expect(alert).toContainText('Files are never stored');
  await expect(page.locator('main header .path')).toHaveText('fractal-resnet.onnx');
  await paste('#model=fractal-resnet.onnx&content=ffffffffffffffff');
  await expect(page.getByRole('alert')).toContainText('their contents differ');
  await page.goBack();
  await expect(alert).toBeVisible();
  await page.getByRole('button', { name: 'Dismiss', exact: true }).click();
  await expect(page.getByRole('alert')).toHaveCount(0);
  await expect(page).toHaveURL(/model=fractal-resnet.onnx&content=/);
});

test('nonsense in the address is ignored', async ({ page }) => {
  await openApp(page, `${STEM}&pins=999999.x.-1&order=c99999&scale=p0&layout=<b>&draw=lines&sort=--x`);
  await analysed(page);
  await expect(mosaic(page)).toBeVisible();
  await expect(pins(page)).toBeHidden();
  await expect(page.getByLabel('Component', { exact: true })).toHaveValue('0');
});
