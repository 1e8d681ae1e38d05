import { readFileSync, rmSync } from 'node:fs';
import { noise, temporaryFolder, writeFile, writeModel } from './files';
import { analysed, chooseFiles, dropFiles, expect, exportedAnalysis, openApp, test } from './support';

const SAMPLE = `${process.cwd()}/public/samples/fractal-resnet.onnx`;

let folder: string;
test.beforeEach(() => {
  folder = temporaryFolder();
});
test.afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

test('bad files in a drop keep their rows and the others are analysed', async ({ page }) => {
  const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 44700000\n';
  const files = [
    writeFile(folder, 'pointer.onnx', pointer),
    writeFile(folder, 'empty.onnx', ''),
    SAMPLE,
    writeFile(folder, 'page.onnx', '<!doctype html><title>404</title>'),
  ];
  await openApp(page);
  await dropFiles(page, files);
  const rows = page.getByRole('region', { name: 'Library' }).getByRole('row');
  await expect(rows).toHaveCount(4);
  await expect(rows.filter({ hasText: 'done' })).toHaveCount(1, { timeout: 30_000 });
  await expect(rows.filter({ hasText: 'failed' })).toHaveCount(3);
  await expect(page.getByRole('alert').filter({ hasText: 'pointer.onnx' })).toContainText('Git LFS');
  await expect(page.getByRole('alert').filter({ hasText: 'page.onnx' })).toContainText('web page');
  await rows.filter({ hasText: 'done' }).getByRole('button').first().click();
  await analysed(page);
});

test('a bad file loses nothing that is open', async ({ page }) => {
  await openApp(page);
  await chooseFiles(page, SAMPLE);
  const { layers } = await analysed(page);
  await chooseFiles(page, writeFile(folder, 'broken.onnx', new Uint8Array(noise(500).buffer)));
  const rows = page.getByRole('region', { name: 'Library' }).getByRole('row');
  await expect(rows.filter({ hasText: 'failed' })).toHaveCount(1);
  await rows.filter({ hasText: 'done' }).getByRole('button').first().click();
  await expect(page.getByRole('table', { name: 'Layers' }).getByRole('row')).toHaveCount(layers + 1);
});

test('Cancel works within a second, and the next file is analysed', async ({ page }) => {
  const tensors = Array.from({ length: 30 }, (_, i) => ({
    name: `w${i}`,
    shape: [512, 512, 3, 3],
    values: noise(512 * 512 * 9, i + 1),
  }));
  const path = writeModel(folder, 'long.onnx', tensors);
  await openApp(page, '#backend=cpu');
  await chooseFiles(page, path);
  const row = page.getByRole('region', { name: 'Library' }).getByRole('row').filter({ hasText: 'long.onnx' });
  const cancel = page.getByRole('button', { name: 'Cancel', exact: true });
  await cancel.click();
  await expect(row).toContainText('cancelled', { timeout: 1000 });
  await expect(cancel).toBeHidden({ timeout: 2000 });
  await chooseFiles(page, SAMPLE);
  await analysed(page);
});

test('a lost WebGPU device is replaced and the job repeated', async ({ page }) => {
  await openApp(page, '#backend=webgpu');
  await chooseFiles(page, SAMPLE);
  await analysed(page);
  const before = await exportedAnalysis(page);

  let losses = 0;
  for (const worker of page.workers()) {
    losses += await worker.evaluate(() => {
      const prototype = globalThis.GPUDevice?.prototype;
      if (!prototype) return 0;
      const { createCommandEncoder } = prototype;
      let calls = 0;
      prototype.createCommandEncoder = function (this: GPUDevice, ...args) {
        if (++calls === 8) this.destroy();
        return createCommandEncoder.apply(this, args);
      };
      return 1;
    });
  }
  expect(losses).toBeGreaterThan(0);
  await page.getByRole('button', { name: /^Remove / }).click();
  await chooseFiles(page, writeFile(folder, 'again.onnx', readFileSync(SAMPLE)));
  await analysed(page);
  const after = await exportedAnalysis(page);
  expect(after.backend).toBe('webgpu');
  expect(after.layers).toEqual(before.layers);
  expect(after.bases).toEqual(before.bases);
});

test('names with markup are shown as text', async ({ page }) => {
  const name = '<img src=x onerror=alert(1)>.onnx';
  const path = writeModel(folder, 'model.onnx', [{ name: 'w0', shape: [8, 3, 3, 3], values: noise(216) }]);
  const bytes = readFileSync(path);
  await openApp(page);
  await page.getByLabel('Open models').setInputFiles({ name, mimeType: '', buffer: bytes });
  await analysed(page);
  await expect(page.getByRole('region', { name: 'Library' })).toContainText(name);
  await expect(page.locator('img[src=x]')).toHaveCount(0);
});

test('a sample there is none of is named', async ({ page }) => {
  await openApp(page, '#model=sample:fractal-vgg');
  await expect(page.getByText('has no sample model fractal-vgg.')).toBeVisible();
});

test('a model without convolutions says so, with the operators it has', async ({ page }) => {
  await openApp(page);
  await chooseFiles(page, writeModel(folder, 'dense.onnx', [{ name: 'w', shape: [4], values: noise(4) }]));
  const main = page.getByRole('main');
  await expect(main).toContainText('"dense.onnx" has no convolution: there are no filters to read.');
  await expect(main).toContainText('Its operators: none.');
  await expect(main).not.toContainText('could be read');
});
