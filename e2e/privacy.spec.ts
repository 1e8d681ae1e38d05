import { createServer } from 'node:http';
import { expect, test, type Browser, type Page } from '@playwright/test';
import { listen, staticHost, type Host } from './static-host';
import { analysed, chooseFiles } from './support';
import {
  elsewhere,
  PROBE_SCRIPT,
  sendByLeaving,
  sendFromPage,
  sendFromWorker,
  type Elsewhere,
} from './ways-out';

const SAMPLE = 'public/samples/fractal-resnet.onnx';
const SCRIPTS = { 'probe.js': PROBE_SCRIPT };
/** By then everything arrives where nothing stands in its way. */
const ARRIVAL_MS = 3000;

const NO_ALLOWLIST = 'This browser does not know Connection-Allowlist.';

function knowsAllowlist(browser: Browser): boolean {
  return Number(browser.version().split('.')[0]) >= 152;
}

let other: Elsewhere;
test.beforeEach(async () => {
  other = await elsewhere();
});
test.afterEach(() => other.close());

/** A page that no policy binds. */
function plainHost(): Promise<Host> {
  const server = createServer((request, response) => {
    const script = SCRIPTS[request.url!.slice(1).split('?')[0] as keyof typeof SCRIPTS];
    response
      .writeHead(200, { 'Content-Type': script ? 'text/javascript' : 'text/html' })
      .end(script ?? '<!doctype html><title>Plain</title>');
  });
  return listen(server);
}

function arrived(): string[] {
  return [...other.reached].sort();
}

test.describe('without a policy every way tried here leads out', () => {
  let plain: Host;
  test.beforeEach(async ({ page }) => {
    plain = await plainHost();
    await page.goto(plain.url);
  });
  test.afterEach(() => plain.close());

  test('of a page', async ({ page }) => {
    const ways = await page.evaluate(sendFromPage, other.addresses);
    await expect.poll(arrived, { timeout: ARRIVAL_MS }).toEqual(ways);
  });

  test('of a worker', async ({ page }) => {
    const started = page.waitForEvent('worker');
    await page.evaluate(() => void new Worker(URL.createObjectURL(new Blob(['self.onmessage = null']))));
    const ways = await (await started).evaluate(sendFromWorker, other.addresses);
    await expect.poll(arrived, { timeout: ARRIVAL_MS }).toEqual(ways);
  });

  test('by leaving', async ({ page }) => {
    const ways = await sendByLeaving(page, plain.url, other.addresses);
    await expect.poll(arrived, { timeout: ARRIVAL_MS }).toEqual(ways);
  });
});

for (const { name, folder, headers, open } of [
  {
    name: 'a host that sends no header',
    folder: '/tools/scope/',
    headers: false,
    // What no policy in a page governs.
    open: {
      page: ['webrtc'],
      leaving: ['download', 'link-in-new-tab', 'meta-refresh', 'navigation', 'pop-up'],
    },
  },
  {
    name: 'a host that sends the headers',
    folder: '/',
    headers: true,
    open: { page: [], leaving: [] },
  },
]) {
  test.describe(`on ${name}`, () => {
    let host: Host;
    test.beforeEach(async ({ baseURL }) => {
      host = await staticHost(baseURL!, folder, { headers, scripts: SCRIPTS });
    });
    test.afterEach(() => host.close());

    async function analyseSample(page: Page): Promise<void> {
      await page.goto(`${host.url}#backend=cpu`);
      await chooseFiles(page, SAMPLE);
      await analysed(page);
      await page.getByText('About the file').click();
      await expect(page.getByRole('region', { name: 'Facts' })).toContainText('WebAssembly SIMD');
    }

    test('the page', async ({ page, browser }) => {
      test.skip(headers && !knowsAllowlist(browser), NO_ALLOWLIST);
      await analyseSample(page);
      await page.evaluate(sendFromPage, other.addresses);
      await page.waitForTimeout(ARRIVAL_MS);
      expect(arrived()).toEqual(open.page);
    });

    test('its workers', async ({ page }) => {
      await analyseSample(page);
      expect(page.workers().length).toBeGreaterThan(0);
      for (const worker of page.workers()) await worker.evaluate(sendFromWorker, other.addresses);
      await page.waitForTimeout(ARRIVAL_MS);
      expect(arrived()).toEqual([]);
    });

    test('nothing can be injected', async ({ page }) => {
      await page.goto(host.url);
      const refusals = await page.evaluate(() => {
        const injections: (() => unknown)[] = [
          () => (document.createElement('div').innerHTML = '<p>markup</p>'),
          () => (document.createElement('script').src = './probe.js'),
          () => (document.createElement('script').textContent = 'code'),
          () => new Worker(URL.createObjectURL(new Blob(['code']))),
          () => globalThis.trustedTypes!.createPolicy('another', { createScriptURL: (url) => url }),
          () =>
            globalThis.trustedTypes!.createPolicy('filterscope-worker', { createScriptURL: (url) => url }),
        ];
        return injections.map((inject) => {
          try {
            inject();
            return 'done';
          } catch (error) {
            return (error as Error).name;
          }
        });
      });
      expect(refusals).toEqual(Array(6).fill('TypeError'));
    });

    test('leaving', async ({ page, browser }) => {
      test.skip(headers && !knowsAllowlist(browser), NO_ALLOWLIST);
      await sendByLeaving(page, host.url, other.addresses);
      await page.waitForTimeout(ARRIVAL_MS);
      expect(arrived()).toEqual(open.leaving);
    });
  });
}
