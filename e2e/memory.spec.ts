import type { Page } from '@playwright/test';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { noise, temporaryFolder, writeModel, type Tensor } from './files';
import { analysed, chooseFiles, expect, exportedAnalysis, openApp, test } from './support';

const LIMIT = 600 * 2 ** 20;

/** Highest resident memory of any renderer process, in bytes. */
async function rendererPeak(page: Page): Promise<number> {
  const session = await page.context().browser()!.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  const peaks = processInfo
    .filter(({ type }) => type === 'renderer')
    .map(
      ({ id }) => Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1]) * 1024,
    );
  return Math.max(...peaks);
}

test('a model of 3 GB is analysed within 600 MB', async ({ page }) => {
  test.skip(!existsSync('/proc/self/status'), 'Memory is read from /proc, which is not here.');
  test.setTimeout(300_000);
  const folder = temporaryFolder();
  const known: Tensor = { name: 'w0', shape: [8, 3, 3, 3], values: noise(8 * 27) };
  const layers = Array.from({ length: 60 }, (_, i): Tensor => {
    return { name: `w${i + 1}`, shape: [512, 512, 3, 3], values: noise(9000, i + 2) };
  });
  const deadWeight: Tensor = { name: 'embedding', shape: [150_000, 4096], values: noise(10) };
  const path = writeModel(folder, 'large.onnx', [known, deadWeight, ...layers]);
  try {
    await openApp(page, '#backend=cpu');
    await chooseFiles(page, path);
    const { layers: count, filters } = await analysed(page, 240_000);
    expect(count).toBe(61);
    expect(filters).toBe(24 + 60 * 512 * 512);
    expect(await rendererPeak(page)).toBeLessThan(LIMIT);
    const document = await exportedAnalysis(page);
    // 1,000 filters of each layer hold noise, the others are zero.
    const quality = document.layers[7].quality as Record<string, number>;
    expect(quality.sparsity).toBeCloseTo(1 - 1000 / 512 ** 2, 5);
    expect(quality.peak).toBeGreaterThan(0.99);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
