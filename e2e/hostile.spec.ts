import { existsSync, readdirSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { noise, temporaryFolder, writeModel } from './files';
import { analysed, dropFiles, expect, exportedAnalysis, hasShared, openApp, SHARED, test } from './support';

const FOLDER = resolve(SHARED, 'models/hostile');
const SAMPLE = resolve('public/samples/glyph-net.onnx');
const FULL = 52;

/** The layers a file gives, or what the one sentence about it says. */
const EXPECTED: Record<string, number | RegExp> = {
  'derived_Conv-inside-If-subgraphs.onnx': 2,
  'derived_Conv-inside-local-function.onnx': 1,
  'derived_QLinearConv_one-real-layer.onnx': 1,
  'derived_empty.onnx': /0 bytes/,
  'derived_garbage.onnx': /no model that Filterscope knows/,
  'derived_html-404-page.onnx': /web page/,
  'derived_kernel-asym1x7.onnx': 1,
  'derived_kernel-conv1d.onnx': 1,
  'derived_kernel-conv3d.onnx': 1,
  'derived_kernel-dilated.onnx': 1,
  'derived_kernel-dw-multiplier2.onnx': 1,
  'derived_kernel-dw7x7.onnx': 1,
  'derived_kernel-even4x4.onnx': 1,
  'derived_kernel-grouped4.onnx': 1,
  'derived_ultraface_200-bytes-flipped.onnx': /is damaged: at byte [\d,]+/,
  'derived_ultraface_QDQ-perchannel-int8.onnx': FULL,
  'derived_ultraface_external-missing-file.onnx': /keeps its weights in "does_not_exist\.bin"/,
  'derived_ultraface_external-path-traversal.onnx': /outside its own folder/,
  'derived_ultraface_external.onnx': /keeps its weights in "derived_ultraface_external\.onnx\.data"/,
  'derived_ultraface_truncated-half.onnx': /promises 1,114,075 bytes but holds 557,040/,
  'derived_ultraface_unicode-html-node-names.onnx': FULL,
  'derived_ultraface_weights-as-Constant-nodes.onnx': FULL,
  'derived_ultraface_weights-bf16.onnx': FULL,
  'derived_ultraface_weights-fp16-in-int32_data.onnx': FULL,
  'derived_ultraface_weights-fp16.onnx': FULL,
  'derived_ultraface_weights-in-float_data.onnx': FULL,
  'derived_weight-NaN.onnx': 1,
  'derived_weight-all-equal.onnx': 1,
  'derived_weight-all-zero.onnx': 1,
  'derived_weight-dims-huge.onnx': 0,
  'derived_weight-dtype-unknown.onnx': 0,
  'derived_weight-is-a-graph-input.onnx': 0,
  'derived_weight-name-missing.onnx': 0,
  'derived_weight-one-NaN.onnx': 1,
  'derived_weight-rank2.onnx': 0,
  'derived_weight-rawdata-too-short.onnx': 0,
  'derived_weight-shared-by-two-Convs.onnx': 2,
  'derived_weight-sparse-initializer.onnx': 1,
  'derived_weight-via-Identity-chain.onnx': 1,
  'derived_weight-via-Transpose-HWIO.onnx': 1,
  'git-lfs-pointer_resnet18.onnx': /git lfs pull/,
  'onnx_light_resnet50.onnx': 0,
  'ort_upsample.ort': /drop the \.onnx file/,
};

function path(name: string) {
  return resolve(FOLDER, name);
}

function rows(page: Page): Locator {
  return page.getByRole('region', { name: 'Library' }).getByRole('row');
}

function rowOf(page: Page, name: string): Locator {
  return rows(page).filter({ has: page.getByTitle(name, { exact: true }) });
}

function layersText(count: number) {
  return `${count} ${count === 1 ? 'layer' : 'layers'} ·`;
}

async function open(page: Page, name: string): Promise<void> {
  await rowOf(page, name).getByRole('button').first().click();
}

test.describe('hostile files', () => {
  test.skip(!hasShared, '../shared is absent: its hostile files are not dropped.');

  test('all in one drop: each is analysed or told in one sentence, and the page lives', async ({ page }) => {
    const files = readdirSync(FOLDER).filter((file) => /\.(onnx|ort)$/.test(file));
    expect(files.sort()).toEqual(Object.keys(EXPECTED).sort());
    await openApp(page, '#backend=cpu');
    await dropFiles(page, files.map(path));
    await expect(rows(page)).toHaveCount(files.length);
    await expect(rows(page).filter({ hasText: /waiting|analysing/ })).toHaveCount(0, { timeout: 90_000 });
    await page.getByRole('button', { name: 'Dismiss all' }).click();
    for (const [name, expected] of Object.entries(EXPECTED)) {
      const row = rowOf(page, name);
      if (typeof expected === 'number') {
        await expect.soft(row, name).toContainText('done');
        await expect.soft(row, name).toContainText(layersText(expected));
        continue;
      }
      await expect.soft(row, name).toContainText('failed');
      const sentence = (await row.locator('.error').textContent())!;
      expect.soft(sentence, name).toMatch(expected);
      expect.soft(sentence.startsWith(`"${name}" `) && sentence.endsWith('.'), sentence).toBe(true);
      expect.soft(sentence, name).not.toMatch(/undefined|NaN|\[object|Error|Exception/);
    }
    await dropFiles(page, [SAMPLE]);
    await expect(rowOf(page, 'glyph-net.onnx')).toContainText('done');
  });

  test('every readable one can be looked at: overview, layer and filters', async ({ page }) => {
    const names = Object.keys(EXPECTED).filter(
      (name) => typeof EXPECTED[name] === 'number' && EXPECTED[name] < FULL,
    );
    await openApp(page, '#backend=cpu');
    await dropFiles(page, names.map(path));
    await expect(rows(page).filter({ hasText: 'done' })).toHaveCount(names.length);
    for (const name of names) {
      await open(page, name);
      await page.getByRole('navigation', { name: 'Views' }).getByText('Overview').click();
      await expect(page.getByRole('main')).toContainText(name);
      if (EXPECTED[name] === 0) {
        await expect(page.getByRole('main'), name).toContainText(
          /has (no )?weights that (can|could) be read/,
        );
        continue;
      }
      const table = page.getByRole('table', { name: 'Layers' });
      await table
        .getByRole('row')
        .nth(1)
        .getByRole('link')
        .or(table.getByRole('row').nth(1).getByRole('button'))
        .first()
        .click();
      await expect(page.getByRole('application').first(), name).toBeVisible();
      await page.getByRole('navigation', { name: 'Views' }).getByText('Filters').click();
      await expect(page.getByRole('heading', { name: 'Filters of the whole model' })).toBeVisible();
    }
  });

  test('external data dropped later completes the model', async ({ page }) => {
    const name = 'derived_ultraface_external.onnx';
    await openApp(page, '#backend=cpu');
    await dropFiles(page, [path(name)]);
    await expect(page.getByRole('alert')).toContainText(`"${name}.data": drop that file`);
    await dropFiles(page, [path(`${name}.data`)]);
    const { layers } = await analysed(page);
    expect(layers).toBe(FULL);
    await expect(rows(page)).toHaveCount(1);
    await expect(page.getByRole('alert')).toHaveCount(0);
    const { layers: found } = await exportedAnalysis(page);
    await dropFiles(page, [path('derived_ultraface_weights-in-float_data.onnx')]);
    await expect(rows(page).filter({ hasText: 'done' })).toHaveCount(2);
    await open(page, 'derived_ultraface_weights-in-float_data.onnx');
    await analysed(page);
    const { layers: whole } = await exportedAnalysis(page);
    expect(found.map(({ quality }) => quality)).toEqual(whole.map(({ quality }) => quality));
  });

  test('external data in the same drop is found', async ({ page }) => {
    const name = 'derived_ultraface_external.onnx';
    expect(existsSync(path(`${name}.data`))).toBe(true);
    await openApp(page, '#backend=cpu');
    await dropFiles(page, [path(`${name}.data`), path(name)]);
    expect((await analysed(page)).layers).toBe(FULL);
    await expect(rows(page)).toHaveCount(1);
  });
});

for (const backend of ['cpu', 'webgpu']) {
  test(`kernels of image size are listed with a note on ${backend}, and can be looked at`, async ({
    page,
  }) => {
    const folder = temporaryFolder();
    const size = (extent: number) => ({
      shape: [2, 2, extent, extent],
      values: noise(4 * extent ** 2, extent),
    });
    const file = writeModel(folder, 'large-kernels.onnx', [
      { name: 'w0', ...size(200) },
      { name: 'w1', ...size(3) },
      { name: 'w2', ...size(13) },
    ]);
    await openApp(page, `#backend=${backend}`);
    await dropFiles(page, [file]);
    expect(await analysed(page)).toEqual({ layers: 3, filters: 12 });
    await expect(page.getByRole('main')).toContainText('Kernels of 40,000 taps are listed and counted');
    const table = page.getByRole('table', { name: 'Layers' });
    await table.getByText('conv0', { exact: true }).first().click();
    await expect(page.getByRole('application').first()).toBeVisible();
    await expect(page.getByText('up to 1,024 taps').first()).toBeVisible();
    const { bases } = await exportedAnalysis(page);
    expect(Object.keys(bases).sort()).toEqual(['13x13', '3x3']);
    rmSync(folder, { recursive: true, force: true });
  });
}
