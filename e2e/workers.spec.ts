import { expect, test } from '@playwright/test';
import { analysed, chooseFiles, openApp } from './support';

const SAMPLE = 'public/samples/fractal-resnet.onnx';
const OTHER = 'public/samples/glyph-net.onnx';

test('a server that is busy once costs nothing', async ({ page }) => {
  let busy = true;
  await page.route(/analysis\.worker-/, async (route) => {
    await (busy ? route.fulfill({ status: 503 }) : route.continue());
    busy = false;
  });
  await openApp(page, '#backend=cpu');
  await chooseFiles(page, SAMPLE);
  await analysed(page);
});

test('where the analysis cannot be loaded the page says so, and the next file tries again', async ({
  page,
}) => {
  let available = false;
  await page.route(/\.worker-/, (route) => (available ? route.continue() : route.fulfill({ status: 503 })));
  await openApp(page, '#backend=cpu');
  await chooseFiles(page, SAMPLE);
  await expect(page.getByRole('alert')).toContainText('The analysis could not be loaded');
  available = true;
  await chooseFiles(page, OTHER);
  await analysed(page);
});

test('a worker that ended is replaced without a network', async ({ page, context }) => {
  await openApp(page, '#backend=cpu');
  await chooseFiles(page, SAMPLE);
  await analysed(page);
  await context.setOffline(true);
  const ended = page.workers()[0].waitForEvent('close');
  await page.workers()[0].evaluate(
    () =>
      void setTimeout(() => {
        throw new Error('ended');
      }),
  );
  await ended;
  await chooseFiles(page, OTHER);
  await analysed(page);
});
