import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
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
});
