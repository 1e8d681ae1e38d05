import { createServer } from 'node:http';
import { expect, test } from '@playwright/test';
import { listen, staticHost, type Host } from './static-host';
import { analysed, chooseFiles } from './support';

const SAMPLE = 'public/samples/fractal-resnet.onnx';
const WAYS = ['fetch', 'import', 'socket'] as const;

/** A server of another origin, and what reached it. */
async function elsewhere(): Promise<Host & { reached: Set<string> }> {
  const reached = new Set<string>();
  const server = createServer((request, response) => {
    reached.add(request.url!.slice(1));
    response
      .writeHead(200, { 'Content-Type': 'text/javascript', 'Access-Control-Allow-Origin': '*' })
      .end('export {};');
  });
  server.on('upgrade', (request, socket) => {
    reached.add(request.url!.slice(1));
    socket.end();
  });
  return { ...(await listen(server)), reached };
}

/** Tries every way from the page or worker it runs in to `url`; the ways that the policy refused. */
async function refusals(url: string): Promise<string[]> {
  const refused = new Set<string>();
  self.addEventListener('securitypolicyviolation', (event) => {
    if (event.blockedURI.includes(new URL(url).host)) refused.add(event.blockedURI.split('/').pop()!);
  });
  const socket = () =>
    new Promise((resolve) => {
      const opened = new WebSocket(`${url.replace('http', 'ws')}socket`);
      opened.onclose = opened.onerror = resolve;
    });
  await Promise.allSettled([
    fetch(`${url}fetch`, { mode: 'no-cors' }),
    import(/* @vite-ignore */ `${url}import`),
    socket(),
  ]);
  await new Promise((resolve) => setTimeout(resolve, 100));
  return [...refused].sort();
}

test('the ways tried in these tests lead out of a worker that no policy binds', async ({ page }) => {
  const [plain, other] = await Promise.all([elsewhere(), elsewhere()]);
  try {
    await page.goto(plain.url);
    const started = page.waitForEvent('worker');
    await page.evaluate(() => void new Worker(URL.createObjectURL(new Blob(['self.onmessage = null']))));
    expect(await (await started).evaluate(refusals, other.url)).toEqual([]);
    expect([...other.reached].sort()).toEqual(WAYS);
  } finally {
    await Promise.all([plain.close(), other.close()]);
  }
});

for (const { name, folder, policy } of [
  { name: 'a host that sends no header', folder: '/', policy: false },
  { name: 'a folder of a host that sends no header', folder: '/tools/scope/', policy: false },
  { name: 'a folder of a host that sends the policy', folder: '/tools/scope/', policy: true },
]) {
  test(`on ${name} neither the page nor a worker can reach another origin`, async ({ page, baseURL }) => {
    const host = await staticHost(baseURL!, folder, { policy });
    const other = await elsewhere();
    try {
      await page.goto(`${host.url}#backend=cpu`);
      await chooseFiles(page, SAMPLE);
      await analysed(page);
      await expect(page.getByRole('region', { name: 'Facts' })).toContainText('WebAssembly SIMD');
      expect(page.workers().length).toBeGreaterThan(0);
      expect(await page.evaluate(refusals, other.url)).toEqual(WAYS);
      for (const worker of page.workers()) expect(await worker.evaluate(refusals, other.url)).toEqual(WAYS);
      expect([...other.reached]).toEqual([]);
    } finally {
      await Promise.all([host.close(), other.close()]);
    }
  });
}

test('where the analysis cannot be loaded, the page says so', async ({ page, baseURL }) => {
  const host = await staticHost(baseURL!, '/', { missing: /analysis\.worker/ });
  try {
    await page.goto(host.url);
    await chooseFiles(page, SAMPLE);
    await expect(page.getByRole('alert')).toContainText('The analysis could not be loaded');
  } finally {
    await host.close();
  }
});
