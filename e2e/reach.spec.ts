import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { rmSync } from 'node:fs';
import { temporaryFolder, writeModel } from './files';
import { analysed, chooseFiles, expect, openApp, test } from './support';

const SAMPLE = 'public/samples/fractal-resnet.onnx';

async function findings(page: Page): Promise<string[]> {
  // Nothing may be half faded in while contrast is measured.
  await page.waitForTimeout(300);
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(' | ')}`,
  );
}

for (const scheme of ['light', 'dark'] as const) {
  test.describe(`axe, ${scheme}`, () => {
    test.use({ colorScheme: scheme });

    test('first screen', async ({ page }) => {
      await openApp(page);
      expect(await findings(page)).toEqual([]);
    });

    test('every view of a model', async ({ page }) => {
      await openApp(page);
      await chooseFiles(page, SAMPLE);
      await analysed(page);
      expect(await findings(page)).toEqual([]);
      for (const key of ['2', '3']) {
        await page.locator('body').press(key);
        await page.waitForLoadState('networkidle');
        await page.waitForTimeout(500);
        expect(await findings(page)).toEqual([]);
      }
    });

    test('pinned kernels, on scales of their own', async ({ page }) => {
      await openApp(page, '#model=sample:texture-resnet&view=layer&pins=1.40&scale=kernel&order=similarity');
      await analysed(page);
      await expect(page.getByRole('region', { name: 'Pinned kernels' })).toBeVisible();
      await page.getByRole('application', { name: /^Kernels of/ }).press('ArrowRight');
      await expect(page.getByRole('application', { name: /on two components/ })).toBeVisible();
      expect(await findings(page)).toEqual([]);
    });

    test('a failed file', async ({ page }) => {
      await openApp(page);
      await page
        .getByLabel('Open models')
        .setInputFiles({ name: 'a.onnx', mimeType: '', buffer: Buffer.from('') });
      await expect(page.getByRole('alert')).toBeVisible();
      expect(await findings(page)).toEqual([]);
    });
  });
}

test('the whole job by keyboard alone', async ({ page }) => {
  await openApp(page);
  const sample = page.getByRole('button', { name: /Fractals, ResNet/ }).first();
  await expect(sample).toBeVisible();
  const isFocused = () => sample.evaluate((button) => button === document.activeElement);
  for (let i = 0; i < 30 && !(await isFocused()); i++) await page.keyboard.press('Tab');
  await expect(sample).toBeFocused();
  await page.keyboard.press('Enter');
  await analysed(page);

  await page.keyboard.press('2');
  await expect(page).toHaveURL(/view=layer/);
  await page.keyboard.press('3');
  await expect(page).toHaveURL(/view=filters/);
  await page.keyboard.press('1');
  await expect(page.getByRole('table', { name: 'Layers' })).toBeVisible();

  await page.keyboard.press('/');
  await page.keyboard.type('3x3');
  const rows = page.getByRole('table', { name: 'Layers' }).getByRole('row');
  await expect(rows.nth(1)).toContainText('3x3');
  await page.keyboard.press('Escape');

  await page.keyboard.press('Control+k');
  await expect(page.getByRole('combobox')).toBeFocused();
  await page.keyboard.type('analysis (json)');
  const download = page.waitForEvent('download');
  await page.keyboard.press('Enter');
  expect((await download).suggestedFilename()).toMatch(/\.json$/);

  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
});

test('the focus is never lost', async ({ page }) => {
  await openApp(page);
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Filterscope' })).toBeFocused();
  await page
    .getByRole('button', { name: /Fractals, ResNet/ })
    .first()
    .press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
  await analysed(page);
  await page.getByRole('table', { name: 'Layers' }).getByRole('link').first().press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: /stem/ })).toBeFocused();

  await chooseFiles(page, 'public/samples/glyph-net.onnx');
  const rows = page.getByRole('region', { name: 'Library' }).getByRole('row');
  await expect(rows.filter({ hasText: 'done' })).toHaveCount(2);
  await rows
    .first()
    .getByRole('button', { name: /^Remove/ })
    .press('Enter');
  await expect(rows.getByRole('button', { name: 'glyph-net.onnx', exact: true })).toBeFocused();
  await rows
    .first()
    .getByRole('button', { name: /^Remove/ })
    .press('Enter');
  const undo = page.getByRole('button', { name: 'Undo' });
  await expect(undo).toBeFocused();
  await undo.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'glyph-net.onnx' })).toBeFocused();
  await undo.press('Enter');
  await expect(rows).toHaveCount(2);
  await expect(rows.getByRole('button', { name: /^Fractals/ })).toBeFocused();
});

test('prints every layer, in the colours of paper', async ({ page }) => {
  const folder = temporaryFolder();
  const count = 400;
  const tensors = Array.from({ length: count }, (_, i) => ({
    name: `w${i}`,
    shape: [8, 3, 3, 3],
    values: Float32Array.of(1, -1),
  }));
  await page.emulateMedia({ colorScheme: 'dark' });
  await openApp(page);
  await chooseFiles(page, writeModel(folder, 'long.onnx', tensors));
  await analysed(page);
  const rows = page.getByRole('table', { name: 'Layers' }).getByRole('row');
  await expect(rows.nth(20)).toBeVisible();
  expect(await rows.count()).toBeLessThan(100);
  await page.evaluate(() => {
    const brightness = () =>
      [...document.querySelectorAll<HTMLCanvasElement>('table[aria-label="Layers"] canvas')].map((canvas) => {
        const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
        const drawn = Array.from(data).filter((_, i) => i % 4 < 3 && data[i - (i % 4) + 3]! === 255);
        return drawn.reduce((sum, value) => sum + value, 0) / drawn.length;
      });
    Object.assign(window, { onScreen: brightness() });
    // After the page's own listeners.
    const print = matchMedia('print');
    print.addEventListener('change', () => print.matches && Object.assign(window, { printed: brightness() }));
  });
  await page.pdf();
  const { onScreen, printed } = await page.evaluate(() => {
    const { onScreen, printed } = window as unknown as Record<'onScreen' | 'printed', number[]>;
    return { onScreen, printed };
  });
  expect(Math.max(...onScreen)).toBeLessThan(128);
  expect(printed).toHaveLength(count);
  expect(Math.min(...printed)).toBeGreaterThan(128);
  await expect.poll(() => rows.count()).toBeLessThan(100);
  rmSync(folder, { recursive: true });
});

test('nothing is wider than a narrow screen', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await openApp(page);
  const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(await overflow()).toBeLessThanOrEqual(0);
  await chooseFiles(page, SAMPLE);
  await analysed(page);
  for (const key of ['1', '2', '3']) {
    await page.locator('body').press(key);
    await page.waitForTimeout(500);
    expect(await overflow()).toBeLessThanOrEqual(0);
  }
  await page.locator('body').press('2');
  await page.getByRole('application', { name: /^Kernels of/ }).press('ArrowRight');
  await page.getByRole('application', { name: /^Kernels of/ }).press('Enter');
  await expect(page.getByRole('region', { name: 'Pinned kernels' })).toBeVisible();
  expect(await overflow()).toBeLessThanOrEqual(0);
});
