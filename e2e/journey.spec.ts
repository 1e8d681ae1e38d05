import { readFileSync, rmSync } from 'node:fs';
import { Ajv } from 'ajv';
import { noise, temporaryFolder, writeModel } from './files';
import {
  analysed,
  chooseFiles,
  dropFiles,
  expect,
  exported,
  exportedAnalysis,
  openApp,
  test,
} from './support';

const SAMPLE = 'public/samples/fractal-resnet.onnx';

test('from the first screen to the export', async ({ page }) => {
  await openApp(page);
  await expect(page.getByText('Nothing leaves this device')).toBeVisible();
  await page.getByRole('region', { name: 'Sample models' }).getByRole('button').nth(1).click();
  const { layers, filters } = await analysed(page);
  expect(layers).toBeGreaterThan(3);

  const library = page.getByRole('region', { name: 'Library' });
  await expect(library.getByRole('row')).toHaveCount(1);
  const table = page.getByRole('table', { name: 'Layers' });
  await expect(table.getByRole('row')).toHaveCount(layers + 1);

  const document = await exportedAnalysis(page);
  const validate = new Ajv({ strict: false }).compile(
    JSON.parse(readFileSync('public/schema/filterscope.analysis.v2.json', 'utf8')),
  );
  expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
  expect(document.layers).toHaveLength(layers);
  expect(document.layers.reduce((sum, layer) => sum + (layer.filterCount as number), 0)).toBe(filters);

  const csv = await exported(page, 'Layers (CSV)');
  expect(csv.trim().split(/\r\n/)).toHaveLength(layers + 1);
});

test('every sample model opens with one click', async ({ page }) => {
  await openApp(page);
  const { models } = JSON.parse(readFileSync('public/samples/manifest.json', 'utf8'));
  await page.getByRole('button', { name: /^Analyse all/ }).click();
  const rows = page.getByRole('region', { name: 'Library' }).getByRole('row');
  await expect(rows).toHaveCount(models.length);
  await expect(rows.filter({ hasText: 'done' })).toHaveCount(models.length, { timeout: 60_000 });
});

test('a dropped file is analysed and its layers can be looked at', async ({ page }) => {
  await openApp(page);
  await dropFiles(page, [`${process.cwd()}/${SAMPLE}`]);
  await analysed(page);
  const table = page.getByRole('table', { name: 'Layers' });
  await table
    .getByRole('row')
    .nth(2)
    .getByRole('link')
    .or(table.getByRole('row').nth(2).getByRole('button'))
    .first()
    .click();
  await expect(page.getByRole('figure', { name: /coefficients/i }).first()).toBeVisible();
  await expect(page.getByRole('application', { name: /^Kernels of/ })).toBeVisible();
});

test('nothing moves under a click on the layers', async ({ page }) => {
  await openApp(page);
  await chooseFiles(page, SAMPLE);
  await analysed(page);
  const table = page.getByRole('table', { name: 'Layers' });
  await expect(page.getByRole('application', { name: /stem/ })).toBeVisible();
  const place = async () => Math.round((await table.boundingBox())!.y + (await page.evaluate(() => scrollY)));
  const before = await place();
  // The first layer has few filters, the second many: the kernels shown above the table differ in size.
  await table.getByRole('row').nth(2).getByText('healthy').click();
  await expect(page.getByRole('application', { name: /blocks.0/ })).toBeVisible();
  expect(await place()).toBe(before);

  const link = table.getByRole('row').nth(4).getByRole('link');
  await link.hover();
  const address = page.url();
  await page.mouse.down();
  await page.waitForTimeout(200);
  expect(page.url()).toBe(address);
  await page.mouse.up();
  await expect(page).toHaveURL(/view=layer&layer=3/);
});

test('back from a layer, its model’s page is as it was left', async ({ page }) => {
  const folder = temporaryFolder();
  const tensors = Array.from({ length: 60 }, (_, i) => ({
    name: `w${i}`,
    shape: [8, 3, 3, 3],
    values: noise(216, i + 1),
  }));
  const path = writeModel(folder, 'long.onnx', tensors);
  await openApp(page);
  await chooseFiles(page, path);
  await analysed(page);
  const table = page.getByRole('table', { name: 'Layers' });
  const find = page.getByRole('searchbox', { name: 'Find' });
  await find.fill('full');
  await table.getByRole('button', { name: 'Layer' }).click();
  await table.getByRole('button', { name: 'Layer' }).click();
  await expect(table.getByRole('row')).toHaveCount(61);
  const link = table.getByRole('row').nth(50).getByRole('link');
  await expect(link).toHaveText('conv10');
  await link.scrollIntoViewIfNeeded();
  const top = await page.evaluate(() => scrollY);
  expect(top).toBeGreaterThan(500);
  await link.click();
  await expect(page.getByRole('heading', { name: 'conv10' })).toBeVisible();
  await page.goBack();
  await expect(link).toHaveText('conv10');
  await expect(find).toHaveValue('full');
  await expect(table.getByRole('columnheader', { name: 'Layer' })).toHaveAttribute('aria-sort', 'descending');
  // A click may scroll by the fraction of a pixel that the row lacks.
  await expect.poll(async () => Math.abs((await page.evaluate(() => scrollY)) - top)).toBeLessThan(2);
  rmSync(folder, { recursive: true });
});

test('changed thresholds are in the address, and a link shows the same verdicts', async ({ page }) => {
  await openApp(page, '#model=sample:fractal-resnet&sparseShare=0&lowEntropy=9');
  await analysed(page);
  const verdicts = page.getByRole('table', { name: 'Layers' }).locator('[data-verdict=sparse]');
  await expect(verdicts.first()).toBeVisible();
  await page.getByText('Thresholds of the verdicts (changed)').click();
  const slider = page.getByRole('slider', { name: 'Low in diversity: H below' });
  await expect(slider).toHaveAttribute('aria-valuetext', '1.000');
  await slider.fill('300');
  await expect(page).toHaveURL(/&sparseShare=0&lowEntropy=0.75$/);
  await page.getByRole('button', { name: 'Back to the published thresholds' }).click();
  await expect(page).toHaveURL(/#model=sample%3Afractal-resnet$/);
  await expect(verdicts).toHaveCount(0);
});

test('layers are chosen by verdict and by conditions; what is not understood is told', async ({ page }) => {
  await openApp(page, '#model=sample:fractal-resnet-untrained');
  const { layers } = await analysed(page);
  const table = page.getByRole('table', { name: 'Layers' });
  await expect(table.getByRole('row')).toHaveCount(layers + 1);
  await page.getByRole('button', { name: /^\d+ more$/ }).click();
  await expect(page.getByRole('heading', { name: 'Layers' })).toBeFocused();
  const chip = page.getByRole('group', { name: 'Verdict' }).getByRole('button', { name: /^looks untrained/ });
  await expect(chip).toHaveAttribute('aria-pressed', 'true');
  const flagged = await table.locator('[data-verdict=looks-untrained]').count();
  await expect(table.getByRole('row')).toHaveCount(flagged + 1);
  await chip.click();
  await expect(table.getByRole('row')).toHaveCount(layers + 1);
  const find = page.getByRole('searchbox', { name: 'Find' });
  await find.fill('filters < 20');
  await expect(table.getByRole('row')).toHaveCount(2);
  await find.fill('colour > 3');
  await expect(page.getByText('“colour > 3” is not understood')).toBeVisible();
});

test('a file dropped again is one row; the samples stay one click away', async ({ page }) => {
  await openApp(page);
  await chooseFiles(page, SAMPLE);
  await analysed(page);
  const library = page.getByRole('region', { name: 'Library' });
  await library.getByText('Sample models').click();
  await library.getByRole('button', { name: /^Shapes, U-Net/ }).click();
  await expect(page.getByRole('heading', { name: 'shapes-unet.onnx' })).toBeVisible();
  await expect(library.getByRole('row')).toHaveCount(2);
  await chooseFiles(page, SAMPLE);
  await expect(page.getByRole('heading', { name: 'fractal-resnet.onnx' })).toBeVisible();
  await expect(library.getByText('fractal-resnet.onnx is open already')).toBeVisible();
  await expect(library.getByRole('row')).toHaveCount(2);
  await expect(library.getByRole('row').filter({ hasText: 'done' })).toHaveCount(2);
});

test('the view is in the address: reload and back keep it', async ({ page }) => {
  await openApp(page);
  await page.getByRole('region', { name: 'Sample models' }).getByRole('button').nth(1).click();
  await analysed(page);
  await page.getByRole('navigation', { name: 'Views' }).getByText('Filters').click();
  await expect(page).toHaveURL(/view=filters/);
  const heading = page.getByRole('heading', { name: /filters of the whole model/i });
  await expect(heading).toBeVisible();
  await page.goBack();
  await expect(heading).toBeHidden();
  await page.goForward();
  await expect(heading).toBeVisible();
  await page.reload();
  await analysed(page);
  await expect(heading).toBeVisible();
});

for (const backend of ['cpu', 'webgpu'] as const) {
  test(`#backend=${backend} forces it and says so`, async ({ page }) => {
    await openApp(page, `#backend=${backend}`);
    await chooseFiles(page, SAMPLE);
    await analysed(page);
    expect((await exportedAnalysis(page)).backend).toBe(backend);
  });
}

test('a software adapter is passed over, with the reason on the page', async ({ page }) => {
  await openApp(page);
  await chooseFiles(page, SAMPLE);
  await analysed(page);
  expect((await exportedAnalysis(page)).backend).toBe('cpu');
  await page.getByRole('button', { name: 'Settings' }).click();
  await expect(page.getByRole('region', { name: 'Backend in use' })).toContainText('SwiftShader');
});

test('the kernels of one model never stand under the name of another', async ({ page }) => {
  await openApp(page);
  await chooseFiles(page, [SAMPLE, 'public/samples/texture-resnet.onnx']);
  const rows = page.getByRole('region', { name: 'Library' }).getByRole('row');
  await expect(rows.filter({ hasText: 'done' })).toHaveCount(2);
  await page.getByRole('navigation', { name: 'Views' }).getByText('Layer').click();
  const shown = {
    'fractal-resnet.onnx': '16 of 16 3x3 filters',
    'texture-resnet.onnx': '96 of 96 7x7 filters',
  };
  await page.evaluate(() => {
    const seen = new Set<string>();
    Object.assign(window, { seen });
    const look = () => {
      const name = document.querySelector('main header .path')?.textContent?.trim();
      const drawn = document.querySelector('figure[aria-label="Kernels"] canvas');
      const text = document.querySelector('figure[aria-label="Kernels"]')?.textContent ?? '';
      const size = /\d+ of \d+ \d+x\d+ filters/.exec(text)?.[0];
      if (name && drawn && size) seen.add(`${name} ${size}`);
      requestAnimationFrame(look);
    };
    look();
  });
  for (const name of ['texture-resnet.onnx', 'fractal-resnet.onnx', 'texture-resnet.onnx'] as const) {
    await rows.getByRole('button', { name, exact: true }).click();
    await expect(page.getByRole('figure', { name: 'Kernels', exact: true })).toContainText(shown[name]);
  }
  const seen = await page.evaluate(() => [...(window as unknown as { seen: Set<string> }).seen].sort());
  expect(seen).toEqual(Object.entries(shown).map(([name, kernels]) => `${name} ${kernels}`));
});
