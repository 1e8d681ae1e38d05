import { readdirSync } from 'node:fs';
import { CPU, differences, WEBGPU } from '../unit/support/golden';
import {
  analysed,
  chooseFiles,
  expect,
  exportedAnalysis,
  hasShared,
  openApp,
  readGolden,
  SHARED,
  test,
} from './support';

const GOLDEN = `${SHARED}/reference/golden`;
const goldens = hasShared ? readdirSync(GOLDEN).filter((file) => file.endsWith('.onnx.json')) : [];

for (const backend of ['cpu', 'webgpu'] as const) {
  test.describe(`golden results on ${backend}`, () => {
    test.skip(!hasShared, '../shared is absent: its golden results are not compared.');

    for (const file of goldens) {
      test(file, async ({ page }) => {
        await openApp(page, `#backend=${backend}`);
        await chooseFiles(page, `${SHARED}/models/onnx/${file.replace(/\.json$/, '')}`);
        await analysed(page);
        const document = await exportedAnalysis(page);
        expect(document.backend).toBe(backend);
        const tolerances = backend === 'cpu' ? CPU : WEBGPU;
        expect(differences(document, readGolden(`${GOLDEN}/${file}`), tolerances)).toEqual([]);
      });
    }
  });
}
