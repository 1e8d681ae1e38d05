import { existsSync, readFileSync } from 'node:fs';
import { expect, test as base, type Page } from '@playwright/test';
import type { Exported, Golden } from '../unit/support/golden';

export const SHARED = '../shared';
export const hasShared = existsSync(`${SHARED}/models`);

/** Every test fails on a console error, a page error or a request that leaves the page's origin. */
export const test = base.extend<{ quiet: void }>({
  quiet: [
    async ({ page, baseURL }, use) => {
      const complaints: string[] = [];
      const origin = new URL(baseURL!).origin;
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(`console error: ${message.text()}`);
      });
      page.on('pageerror', (error) => complaints.push(`page error: ${error.message}`));
      page.context().on('request', (request) => {
        const url = new URL(request.url());
        if (url.protocol.startsWith('http') && url.origin !== origin)
          complaints.push(`request to ${url.origin}`);
      });
      await use();
      expect(complaints).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

export async function openApp(page: Page, fragment = ''): Promise<void> {
  await page.goto(`./${fragment}`);
  await expect(page.getByRole('button', { name: 'Open', exact: true }).first()).toBeVisible();
}

export async function chooseFiles(page: Page, paths: string | string[]): Promise<void> {
  await page.getByLabel('Open models').setInputFiles(paths);
}

/**
 * Drops files on the window as the user's file manager would: dragged over it until the page answers, then let go. The
 * protocol now and then loses the drop on its way to the page; one that did not arrive is made again.
 */
export async function dropFiles(page: Page, files: string[]): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files, dragOperationsMask: 1 };
  const send = (type: 'dragEnter' | 'dragOver' | 'drop') =>
    session.send('Input.dispatchDragEvent', { type, x: 300, y: 300, data });
  const hint = page.getByText('Drop models, their external data, or a folder');
  await page.evaluate(() => {
    const arrived = () => (document.documentElement.dataset.dropped = 'true');
    delete document.documentElement.dataset.dropped;
    addEventListener('drop', arrived, { capture: true, once: true });
  });
  await expect(async () => {
    await send('dragEnter');
    await send('dragOver');
    await expect(hint).toBeVisible({ timeout: 1000 });
    await send('drop');
    await expect(page.locator('html')).toHaveAttribute('data-dropped', 'true', { timeout: 3000 });
  }).toPass({ timeout: 30_000 });
  await expect(hint).toBeHidden();
}

const ENDED = /\d+ layers, \d+ filters analysed\s*$|could not be analysed/;

export async function analysed(page: Page, timeout = 90_000): Promise<{ layers: number; filters: number }> {
  const status = page.getByRole('status').filter({ hasText: 'analysed' }).first();
  await expect(status).toHaveText(ENDED, { timeout });
  if (/could not be analysed/.test((await status.textContent())!)) {
    throw new Error((await page.getByRole('alert').allTextContents()).join('\n') || 'no alert says why');
  }
  const [, layers, filters] = /(\d+) layers, (\d+) filters analysed\s*$/.exec((await status.textContent())!)!;
  return { layers: Number(layers), filters: Number(filters) };
}

export async function exported(page: Page, item: 'Analysis (JSON)' | 'Layers (CSV)'): Promise<string> {
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: item }).click();
  return readFileSync(await (await download).path(), 'utf8');
}

export async function exportedAnalysis(page: Page): Promise<Exported & { backend: string }> {
  return JSON.parse(await exported(page, 'Analysis (JSON)'));
}

export function readGolden(path: string): Golden {
  return JSON.parse(readFileSync(path, 'utf8'));
}
