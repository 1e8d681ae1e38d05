import { existsSync, readFileSync } from 'node:fs';
import { CPU, differences } from '../unit/support/golden';
import { analysed, chooseFiles, expect, exportedAnalysis, openApp, readGolden, test } from './support';

interface Manifest {
  models: { id: string; file: string; title: string }[];
}

const manifest: Manifest = JSON.parse(readFileSync('public/samples/manifest.json', 'utf8'));

test.describe('bundled samples', () => {
  for (const { id, file } of manifest.models) {
    test(`${id} equals its golden results`, async ({ page }) => {
      const golden = `unit/golden/samples/${id}.json`;
      expect(existsSync(golden)).toBe(true);
      await openApp(page, '#backend=cpu');
      await chooseFiles(page, `public/samples/${file}`);
      await analysed(page);
      expect(differences(await exportedAnalysis(page), readGolden(golden), CPU)).toEqual([]);
    });
  }
});
