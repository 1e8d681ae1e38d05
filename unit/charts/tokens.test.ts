import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const styled = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.(svelte|css)$/.test(path))
  .map((path) => ({ path, text: read(`src/${path}`) }));

/** Tokens, and what a component sets on its own elements. */
const defined = new Set(
  styled.flatMap(({ text }) => [...text.matchAll(/(?:style:|^\s*)(--[\w-]+)[=:]/gm)]).map(([, name]) => name),
);

test('every custom property that a stylesheet uses is a token, and stands without a fallback that could differ', () => {
  const uses = styled.flatMap(({ path, text }) =>
    [...text.matchAll(/var\(\s*(--[\w-]+)\s*([,)])/g)].map(([, name, end]) => ({ path, name, end })),
  );
  expect(uses.length).toBeGreaterThan(100);
  expect(uses.filter(({ name, end }) => !defined.has(name) || end === ',')).toEqual([]);
});

test('every token that canvas drawings read is one', () => {
  const names = [...read('src/charts/theme.svelte.ts').matchAll(/'(--[\w-]+)'/g)].map(([, name]) => name);
  expect(names).toContain('--ink');
  expect(names.filter((name) => !defined.has(name))).toEqual([]);
});

function read(path: string): string {
  return readFileSync(path, 'utf8');
}
