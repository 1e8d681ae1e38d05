import { chromium, expect, test } from '@playwright/test';
import { CHROMIUM_ARGS, chromiumPath } from '../tools/chromium.mjs';
import { analysed, chooseFiles, openApp } from './support';

const SAMPLE = 'public/samples/fractal-resnet.onnx';
const OTHER = 'public/samples/glyph-net.onnx';

test('a server that is busy at first costs nothing', async ({ page }) => {
  let refused = 0;
  await page.route(/analysis\.worker-/, (route) =>
    // The page asks ahead once, then fetches.
    refused++ < 2 ? route.fulfill({ status: 503 }) : route.continue(),
  );
  await openApp(page, '#backend=cpu');
  await chooseFiles(page, SAMPLE);
  await analysed(page);
  expect(refused).toBeGreaterThan(2);
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

test('without scripts the page says what it needs', async ({ baseURL }) => {
  // Playwright's own switch leaves noscript as a browser with scripts shows it.
  const browser = await chromium.launch({
    executablePath: chromiumPath(),
    args: [...CHROMIUM_ARGS, '--blink-settings=scriptEnabled=false'],
  });
  try {
    const page = await browser.newPage();
    await page.goto(baseURL!);
    const session = await page.context().newCDPSession(page);
    const { nodes } = await session.send('Accessibility.getFullAXTree');
    const texts = nodes.filter(({ role }) => role?.value === 'StaticText').map(({ name }) => name?.value);
    expect(texts).toEqual([expect.stringMatching(/allow scripts for this page\.$/)]);
  } finally {
    await browser.close();
  }
});

test('where its script does not arrive or cannot be read the page says so', async ({ page }) => {
  await page.route(/assets\/index-.*\.js/, (route) => route.fulfill({ status: 503 }));
  await page.goto('./');
  await expect(page.getByText('Filterscope is loading. If this stays')).toBeVisible();
});

test('where the code of the views does not arrive the page says so and asks again', async ({ page }) => {
  await page.route(/assets\/components-.*\.js/, (route) => route.fulfill({ status: 503 }), { times: 1 });
  await openApp(page);
  await chooseFiles(page, SAMPLE);
  await expect(page.getByRole('alert')).toContainText('The code of the views did not arrive.');
  await page.getByRole('button', { name: 'Try again' }).click();
  await analysed(page);
});

for (const [feature, name] of [
  ['Worker', 'background workers'],
  ['OffscreenCanvas', 'off-screen drawing'],
]) {
  test(`a browser without ${feature} is told`, async ({ page }) => {
    await page.addInitScript((global) => Reflect.deleteProperty(window, global), feature);
    await page.goto('./');
    await expect(page.getByText(`this one lacks ${name}.`)).toBeVisible();
  });
}

test('a browser that forbids workers is told when a file is opened', async ({ page }) => {
  await page.addInitScript(() => {
    window.Worker = class {
      constructor() {
        throw new DOMException('Forbidden', 'SecurityError');
      }
    } as unknown as typeof Worker;
  });
  await openApp(page);
  await chooseFiles(page, SAMPLE);
  await expect(page.getByRole('alert')).toContainText('This browser starts no worker');
});

test('a browser without WebAssembly analyses all the same', async ({ page, baseURL }) => {
  const policy = (await page.request.get(baseURL!)).headers()['content-security-policy'];
  expect(policy).toContain("'wasm-unsafe-eval'");
  await page.route(/\/$/, async (route) => {
    const response = await route.fetch();
    const strict = (text: string) => text.replaceAll(/ (&#39;|')wasm-unsafe-eval\1/g, '');
    const headers = { ...response.headers(), 'content-security-policy': strict(policy) };
    await route.fulfill({ response, headers, body: strict(await response.text()) });
  });
  await openApp(page, '#backend=cpu');
  await chooseFiles(page, SAMPLE);
  await analysed(page);
});
