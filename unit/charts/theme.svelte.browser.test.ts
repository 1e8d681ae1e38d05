import { flushSync } from 'svelte';
import { afterEach, expect, test } from 'vitest';
import '../../src/app/tokens.css';
import { theme } from '../../src/charts/theme.svelte';

const root = document.documentElement;

afterEach(() => {
  delete root.dataset.theme;
  root.style.removeProperty('--series-a');
});

test('canvas drawings get the colours of the tokens, as the theme resolves them', () => {
  root.dataset.theme = 'light';
  expect(theme.canvas).toMatchObject({ ink: 'rgb(26, 25, 22)', series: 'rgb(173, 74, 25)' });
  expect(theme.canvas.font).toMatch(/^11\.5px system-ui,/);
  root.dataset.theme = 'dark';
  expect(theme.canvas).toMatchObject({ ink: 'rgb(236, 233, 225)', series: 'rgb(240, 160, 112)' });
  expect(document.querySelector('span[hidden]')).toBeNull();
});

test('an effect that reads them runs again when the theme changes', async () => {
  root.dataset.theme = 'light';
  const seen: string[] = [];
  const stop = $effect.root(() => {
    $effect(() => void seen.push(theme.canvas.rule));
  });
  flushSync();
  root.dataset.theme = 'dark';
  await Promise.resolve();
  flushSync();
  stop();
  expect(seen).toEqual(['rgb(223, 219, 209)', 'rgb(50, 49, 45)']);
});
