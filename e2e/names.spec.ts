import type { Page } from '@playwright/test';
import { noise, temporaryFolder, writeModel } from './files';
import { analysed, chooseFiles, expect, openApp, test } from './support';

const HIDDEN = '\u202E\u200B\u0007\u2066\u{E0041}';
const LONG = 'x'.repeat(10_000);
/** Hidden characters, piles of marks, and names that were not cut. */
const UNFIT = /[^\P{Cc}\n\t]|[\u200B\u202E\u2066]|\u{E0041}|\u0301{5}|x{1100}/u;
const VIEWS = ['overview', 'layer', 'filters'];

function modelOf(file: string, names: [node: string, weight: string][]): string {
  return writeModel(
    temporaryFolder(),
    file,
    names.map(([node, name], i) => ({ node, name, shape: [8, 8, 3, 3], values: noise(576, i + 1) })),
  );
}

/** Texts that the page shows, speaks or hints at. */
function texts(page: Page): Promise<string[]> {
  return page.evaluate(() => [
    document.title,
    document.body.innerText,
    ...[...document.querySelectorAll('*')].flatMap((element) =>
      ['title', 'aria-label', 'aria-valuetext', 'placeholder'].map(
        (name) => element.getAttribute(name) ?? '',
      ),
    ),
  ]);
}

function heightOf(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollHeight);
}

for (const width of [1280, 360]) {
  test(`names that hide, turn or fill the page do none of it, ${width} pixels wide`, async ({ page }) => {
    await page.setViewportSize({ width, height: 900 });
    const heights: number[][] = [];
    for (const path of [
      modelOf(
        'plain.onnx',
        [0, 1, 2].map((i) => [`/conv${i}/Conv`, `conv${i}.weight`]),
      ),
      modelOf(`a${HIDDEN}b.onnx`, [
        [`first${HIDDEN}${LONG}0`, `weight${HIDDEN}${LONG}0`],
        [`שכבה${HIDDEN}`, `${LONG}1`],
        [`${LONG}2`, `w${'\u0301'.repeat(3000)}`],
      ]),
    ]) {
      await openApp(page, '#backend=cpu');
      await chooseFiles(page, path);
      await analysed(page);
      const seen: number[] = [];
      for (const view of VIEWS) {
        await page.evaluate((view) => {
          const parts = new URLSearchParams(location.hash.slice(1));
          parts.set('view', view);
          parts.set('layer', '0');
          location.hash = `#${parts}`;
        }, view);
        await expect(page.getByRole('figure').last()).toBeVisible();
        await page.waitForTimeout(1500);
        seen.push(await heightOf(page));
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
        expect((await texts(page)).filter((text) => UNFIT.test(text))).toEqual([]);
      }
      heights.push(seen);
    }
    VIEWS.forEach((view, i) =>
      expect(heights[1]![i]! - heights[0]![i]!, view).toBeLessThan(width < 400 ? 700 : 350),
    );
  });
}
