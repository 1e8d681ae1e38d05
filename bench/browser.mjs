import { readFileSync } from 'node:fs';
import { chromium } from 'playwright';
import { CHROMIUM_ARGS, chromiumPath } from '../tools/chromium.mjs';

/** Watches the page from its first script on: long tasks, and when the first kernels and the full overview appear. */
function watch() {
  const seen = { drop: 0, firstMosaic: 0, overview: 0, longestTask: 0 };
  window.__bench = seen;
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) {
      if (seen.drop > 0 && startTime >= seen.drop) seen.longestTask = Math.max(seen.longestTask, duration);
    }
  }).observe({ type: 'longtask', buffered: true });
  window.addEventListener(
    'drop',
    () => {
      seen.drop = performance.now();
      const look = () => {
        if (!seen.firstMosaic && [...document.querySelectorAll('main canvas')].some(painted)) {
          seen.firstMosaic = performance.now();
        }
        const status = document.querySelector('[role=status]')?.textContent ?? '';
        if (/\d+ layers, \d+ filters analysed\s*$/.test(status)) seen.overview = performance.now();
        if (!seen.overview || !seen.firstMosaic) requestAnimationFrame(look);
      };
      look();
    },
    { capture: true },
  );
  const probe = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const painted = (canvas) => {
    if (canvas.width === 0 || canvas.height === 0) return false;
    probe.canvas.width = probe.canvas.height = 8;
    probe.clearRect(0, 0, 8, 8);
    probe.drawImage(canvas, 0, 0, 8, 8);
    return probe.getImageData(0, 0, 8, 8).data.some((value) => value !== 0);
  };
}

/** Resident memory of the page's process in bytes: now and at its highest. */
function memoryOf(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const kilobytes = (name) => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1] ?? 0);
  return { now: kilobytes('VmRSS') * 1024, peak: kilobytes('VmHWM') * 1024 };
}

/** Renderer processes, the busiest (the page's own, not a spare one) first. */
async function renderers(browser) {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  return processInfo.filter(({ type }) => type === 'renderer').sort((a, b) => b.cpuTime - a.cpuTime);
}

/** Drops the file at `path` on the built page and waits for the full overview. */
export async function measureDrop(url, path, timeout = 600_000) {
  const browser = await chromium.launch({ executablePath: chromiumPath(), args: CHROMIUM_ARGS });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    await page.addInitScript(watch);
    await page.goto(url);
    await page.getByRole('button', { name: 'Open', exact: true }).first().waitFor();
    // A visitor reads the first screen before dropping a file; the workers load meanwhile.
    await page.waitForTimeout(2000);
    const before = new Map((await renderers(browser)).map(({ id }) => [id, memoryOf(id).now]));
    const session = await page.context().newCDPSession(page);
    const data = { items: [], files: [path], dragOperationsMask: 1 };
    const dropped = () => page.evaluate(() => window.__bench.drop > 0);
    // Now and then the protocol loses a drop on its way to the page.
    for (let tries = 0; tries < 5 && !(await dropped()); tries++) {
      for (const type of ['dragEnter', 'dragOver', 'drop']) {
        await session.send('Input.dispatchDragEvent', { type, x: 400, y: 400, data });
      }
      await page
        .waitForFunction(() => window.__bench.drop > 0, undefined, { timeout: 3000 })
        .catch(() => null);
    }
    await page.waitForFunction(() => window.__bench.overview > 0, undefined, { timeout });
    const { drop, firstMosaic, overview, longestTask } = await page.evaluate(() => window.__bench);
    const stages = await page.evaluate(() =>
      Object.fromEntries(
        performance
          .getEntriesByType('measure')
          .filter(({ name }) => name.startsWith('filterscope:'))
          .map(({ name, duration }) => [name.slice('filterscope:'.length), duration / 1000]),
      ),
    );
    const [{ id: pid }] = await renderers(browser);
    return {
      firstMosaic: (firstMosaic - drop) / 1000,
      overview: (overview - drop) / 1000,
      stages,
      longestTaskMs: longestTask,
      memoryBefore: before.get(pid),
      memoryPeak: memoryOf(pid).peak,
    };
  } finally {
    await browser.close();
  }
}
