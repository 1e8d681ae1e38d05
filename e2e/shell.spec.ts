import type { Page } from '@playwright/test';
import { analysed, chooseFiles, expect, openApp, test } from './support';

const SAMPLE = 'public/samples/texture-resnet.onnx';

async function topOf(page: Page, selector: string): Promise<number> {
  return page.locator(selector).evaluate((element) => element.getBoundingClientRect().top);
}

test('samples stand in groups, each with a picture and a sentence', async ({ page }) => {
  await openApp(page);
  const samples = page.getByRole('region', { name: 'Sample models' });
  for (const group of ['By task', 'Robustness', 'Training data', 'Degeneration', 'Depthwise']) {
    await expect(samples.getByRole('list', { name: group }).getByRole('button').first()).toBeVisible();
  }
  await expect(samples.getByRole('button', { name: /^Textured shapes, ResNet/ })).toContainText(
    'Colour and orientation filters',
  );
  // The gaps between kernels are transparent: what is drawn differs from them.
  const coloursAtLeast = () =>
    samples.locator('canvas').evaluateAll((all) => {
      const counts = (all as HTMLCanvasElement[]).map((canvas) => {
        const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
        return new Set(new Uint32Array(data.buffer)).size;
      });
      return Math.min(...counts);
    });
  await expect.poll(coloursAtLeast).toBeGreaterThan(1);
});

test.describe('on a narrow screen', () => {
  test.use({ viewport: { width: 360, height: 740 } });

  test('the model is in view with every sample open, and its row in the list', async ({ page }) => {
    await openApp(page);
    await page.getByRole('button', { name: /^Analyse all/ }).click();
    const rows = page.getByRole('region', { name: 'Library' }).getByRole('row');
    await expect(rows.filter({ hasText: 'done' })).toHaveCount(14, { timeout: 60_000 });
    expect(await topOf(page, '#view h1')).toBeLessThan(400);
    await rows.last().getByRole('button').first().press('Enter');
    await page.evaluate(() => scrollTo(0, 0));
    await expect(rows.last()).toBeInViewport();
  });
});

for (const width of [360, 1280]) {
  test(`tabs, layer and its neighbours stay in view at ${width} px`, async ({ page }) => {
    await page.setViewportSize({ width, height: 740 });
    await openApp(page);
    await chooseFiles(page, SAMPLE);
    await analysed(page);
    await page.locator('body').press('2');
    await page.locator('body').press(']');
    await page.getByRole('heading', { name: 'Quality' }).scrollIntoViewIfNeeded();
    await page.mouse.wheel(0, 1200);
    await expect(page.getByRole('heading', { level: 1 })).not.toBeInViewport();
    const line = page.locator('.layer-line');
    await expect(line).toContainText('2 of 9');
    const name = (await page.getByRole('heading', { level: 1 }).textContent())!;
    await expect(line).toContainText(name);
    await expect(page.getByRole('navigation', { name: 'Views' })).toBeInViewport({ ratio: 1 });
    const [bottom, top] = await line.evaluate((element) => {
      const probe = document.createElement('div');
      probe.style.setProperty('height', 'var(--sticky-top)');
      document.body.append(probe);
      const height = probe.getBoundingClientRect().height;
      probe.remove();
      return [element.getBoundingClientRect().bottom, height];
    });
    expect(Math.abs(bottom - top)).toBeLessThan(1.5);
    await page.getByRole('link', { name: 'Next →' }).click();
    await expect(line).toContainText('3 of 9');
  });
}

test('what is wrong with a file is said once: by the alert, then by its row', async ({ page }) => {
  await openApp(page);
  const file = { name: 'a.onnx', mimeType: '', buffer: Buffer.from('') };
  await page.getByLabel('Open models').setInputFiles(file);
  await expect(page.getByRole('alert')).toContainText('is empty');
  await expect(page.getByText(/is empty/)).toHaveCount(1);
  await expect(page.getByRole('main')).toContainText('could not be analysed');
  await page.getByRole('button', { name: /^Dismiss/ }).click();
  await expect(page.getByText(/is empty/)).toHaveCount(1);
  await expect(page.getByRole('region', { name: 'Library' })).toContainText('is empty');
});

test('Esc folds a list and keeps the focus at it', async ({ page }) => {
  await openApp(page);
  await chooseFiles(page, SAMPLE);
  await analysed(page);
  const library = page.getByRole('region', { name: 'Library' });
  await library.getByText('Sample models').click();
  const sample = library.getByRole('button', { name: /^Shapes, U-Net/ });
  await sample.focus();
  await page.keyboard.press('Escape');
  await expect(sample).toBeHidden();
  await expect(library.getByText('Sample models')).toBeFocused();
});

test('how to cite is two steps away, and Esc brings the focus back', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await openApp(page);
  await page.getByRole('button', { name: 'List of keys' }).click();
  await page.getByRole('button', { name: 'How to cite' }).click();
  const dialog = page.getByRole('dialog', { name: 'How to cite' });
  await expect(dialog).toContainText('CNN Filter DB');
  await dialog.getByRole('button', { name: 'Copy BibTeX' }).click();
  await expect(dialog).toContainText('Copied.');
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('@software{filterscope,');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('button', { name: 'List of keys' })).toBeFocused();
});
