import { ESLint } from 'eslint';
import { expect, test } from 'vitest';

const eslint = new ESLint({ cwd: process.cwd() });

/** What the project's own configuration says about imports and workers in a file of that text. */
async function findings(filePath: string, text: string): Promise<string[]> {
  const [{ messages }] = await eslint.lintText(text, { filePath });
  return messages
    .filter(({ ruleId }) => ruleId === 'project/directions' || ruleId === 'no-restricted-syntax')
    .map(({ message }) => message);
}

const STARTS = 'Workers are started in src/client/bound-worker.ts and src/node only.';
const ONLY = 'src/charts may import only from charts, domain, analysis.';

test.each([
  ["import { a } from '../state/context';", ONLY],
  ["import type { A } from '../state/context';", ONLY],
  ["import '../main';", ONLY],
  ["export * from '../../src/views';", ONLY],
  ["export { a } from './../app/keys';", ONLY],
  ["import a from '/src/state/context';", ONLY],
  ["export const a = () => import('../state/context');", ONLY],
  ["import { tidy } from '@tensorflow/tfjs-core';", '@tensorflow/tfjs-core is imported only in src/compute.'],
  ["export const a = () => import('onnx-proto');", 'onnx-proto is imported only in src/formats.'],
  ["export const a = new Worker('a.js');", STARTS],
  ["export const a = new self.Worker('a.js');", STARTS],
  [
    'export const a = window.trustedTypes;',
    'The one policy for trusted types is made in src/client/bound-worker.ts.',
  ],
])('refuses %s in a chart', async (text, message) => {
  expect(await findings('src/charts/new.ts', `${text}\n`)).toEqual([message]);
  const script = text.replace(/^export (?=const)/, '');
  if (script.startsWith('export')) return;
  expect(await findings('src/charts/New.svelte', `<script lang="ts">\n  ${script}\n</script>\n`)).toEqual([
    message,
  ]);
});

test('lets through what the map allows', async () => {
  const text = `import { scaleLinear } from 'd3-scale';
import { binWidth } from '../analysis/histogram';
import { axis } from './axis';
export { axis, binWidth, scaleLinear };
`;
  expect(await findings('src/charts/new.ts', text)).toEqual([]);
  expect(await findings('src/client/bound-worker.ts', "export const a = new Worker('a.js');\n")).toEqual([]);
});

test('a new folder needs a direction', async () => {
  expect(await findings('src/store/new.ts', 'export const a = 1;\n')).toEqual([
    'src/store has no import direction in eslint.config.js.',
  ]);
});
